import type { Estimate, Page } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type {
  Experiment,
  MetricHistoryQuery,
  MetricPoint,
  Run,
  RunArtifact,
  RunEnd,
  RunInput,
  RunQuery,
  RunStart,
} from './run.ts';

/**
 * Tracking as other slices use it.
 *
 * Laws: every write happens in the caller's transaction and is durable with it; run numbers have no gaps; repeating a
 * write changes nothing (same key, same point, same artifact, same input, same estimate).
 */
export interface TrackingSlice extends SliceModule {
  /**
   * Starts a run in state `running` and appends `tracking.run-started`; with a `key` the project knows already, gives that run as it is.
   *
   * @throws {@link GyreError} `tracking/bad-name` for names out of form, `tracking/run-not-found` for an unknown parent.
   */
  startRun(tx: SqlTx, start: RunStart): Promise<Run>;
  /**
   * Adds parameters; a parameter never changes.
   *
   * @throws {@link GyreError} `tracking/param-changed` when the run has another value for one of them.
   */
  logParams(tx: SqlTx, runId: string, params: Readonly<Record<string, string | number | boolean>>): Promise<void>;
  /** Adds points of metrics as one message to the store; a point that is there already counts once. Announced at most once a second a run. */
  logMetrics(tx: SqlTx, runId: string, points: readonly MetricPoint[]): Promise<void>;
  /** Sets estimates by name; the last one of a name stays. */
  logEstimates(tx: SqlTx, runId: string, estimates: Readonly<Record<string, Estimate>>): Promise<void>;
  /** Sets tags; `undefined` takes one away. */
  setTags(tx: SqlTx, runId: string, tags: Readonly<Record<string, string | undefined>>): Promise<void>;
  /**
   * Adds an artifact whose bytes are stored already; the same path again replaces it.
   *
   * @throws {@link GyreError} `tracking/bad-path` for a path that is absolute, climbs, or has empty parts.
   */
  addArtifact(tx: SqlTx, runId: string, artifact: RunArtifact): Promise<void>;
  /** Adds things the run read; one that is there already counts once. */
  addInputs(tx: SqlTx, runId: string, inputs: readonly RunInput[]): Promise<void>;
  /**
   * Ends a run and appends `tracking.run-finished`; ending it again in the same state changes nothing.
   *
   * @throws {@link GyreError} `tracking/run-ended` when it ended in another state.
   */
  finishRun(tx: SqlTx, runId: string, end: RunEnd): Promise<Run>;
  /** Ends, as {@link TrackingSlice.finishRun} does, every run that is still running and whose key begins with a prefix: nobody goes on with them. */
  endOpenRuns(
    tx: SqlTx,
    request: { readonly projectId: string; readonly keyPrefix: string; readonly end: RunEnd },
  ): Promise<void>;
  /**
   * Reads a run with everything it has but metric histories.
   *
   * @throws {@link GyreError} `tracking/run-not-found`.
   */
  findRun(tx: SqlTx, runId: string): Promise<Run>;
  /** Lists runs page by page; a page never shows a run twice, whatever is started meanwhile. */
  listRuns(tx: SqlTx, query: RunQuery): Promise<Page<Run>>;
  /** Reads points of one metric, oldest step first. */
  metricHistory(tx: SqlTx, query: MetricHistoryQuery): Promise<Page<MetricPoint>>;
  /** Lists the experiments of a project by name. */
  listExperiments(tx: SqlTx, projectId: string): Promise<readonly Experiment[]>;
}
