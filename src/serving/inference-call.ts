import type { Column } from '#kernel';
import type { LiveDeployment, LiveEndpoint } from './live-endpoint.ts';

/** One inference call, whatever protocol it came by. */
export interface InferenceCall {
  readonly endpoint: LiveEndpoint;
  /** Version the caller insists on; undefined: the traffic split decides. */
  readonly version: number | undefined;
  /** One column per input of the endpoint's signature; missing values are NaN or code -1. */
  readonly columns: readonly Column[];
  readonly nRows: number;
  /** The caller's id, or one made for it. */
  readonly id: string;
  /** Monotonic time of arrival, milliseconds. */
  readonly arrivedMonotonicMs: number;
  /** Monotonic time after which nobody waits for the answer, milliseconds. */
  readonly deadlineMs: number;
}

/** What a call is answered with. */
export interface InferenceAnswer {
  readonly deployment: LiveDeployment;
  readonly nRows: number;
  /** `scores[row * outputNames.length + output]`; valid until the next call when the call had at most `ROWS_AT_ONCE` rows. */
  readonly scores: Float64Array;
}
