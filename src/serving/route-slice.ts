import type { Frame } from '#kernel';
import type { Platform } from '#platform/slice';
import type { ServingSlice, ServingUpstream } from './serving-slice.ts';

/** What the routes call. */
export interface RouteSlice {
  readonly platform: Platform;
  readonly upstream: ServingUpstream;
  readonly slice: Pick<ServingSlice, 'setDesired' | 'startRollout' | 'signalRollout' | 'desired' | 'observed'>;
  /** Reads the newest logged predictions, about so many rows. */
  readonly newestPredictions: (query: {
    readonly projectId: string;
    readonly endpoint: string;
    readonly nRows: number;
  }) => Promise<Frame>;
}
