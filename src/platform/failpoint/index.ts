/**
 * Named joints at which a crash test kills the process; silent in every other run.
 *
 * @module
 */
export { createFailpoints, type Failpoints, NO_FAILPOINTS, PLATFORM_FAILPOINTS } from './failpoint.ts';
