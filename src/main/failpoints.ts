import { PLATFORM_FAILPOINTS } from '#platform/failpoint';

/** Every joint at which a crash test may end the process: the platform's, then the slices'. */
export const ALL_FAILPOINTS: readonly string[] = [...PLATFORM_FAILPOINTS];
