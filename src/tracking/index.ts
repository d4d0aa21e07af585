/**
 * What was tried: experiments, runs, their params, metrics with history, estimates, tags, artifacts and inputs. A run
 * names the digests of everything it read, so that it can be repeated. Foreign tracking protocols are translations to
 * this model at the rim, never a second one.
 *
 * @module
 */
export { trackingErrors } from './errors.ts';
export type {
  Experiment,
  MetricHistoryQuery,
  MetricPoint,
  Run,
  RunArtifact,
  RunEnd,
  RunFailure,
  RunInput,
  RunQuery,
  RunStart,
} from './run.ts';
export { createTrackingSlice } from './slice.ts';
export type { TrackingSlice } from './tracking.ts';
