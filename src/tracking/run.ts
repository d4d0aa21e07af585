import type { Digest, Estimate, WorkState } from '#kernel';

/** A named group of runs that answer one question; its name is unique in its project. */
export interface Experiment {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly createdAtMs: number;
}

/** One value of a metric at one step of a run. */
export interface MetricPoint {
  /** Such as `valid_logloss`; see {@link parseMetricName}. */
  readonly name: string;
  /** Any double; NaN and the infinities are kept. */
  readonly value: number;
  /** Whole number, ≥ 0 for steps of training; 0 where there are none. */
  readonly step: number;
  /** Wall time of the value, milliseconds since 1970 UTC. */
  readonly atMs: number;
}

/** Bytes a run left behind: a path people know and the digest that is their identity. */
export interface RunArtifact {
  /** Relative, `/` between parts, such as `model/model.json`. */
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** Something a run read: what makes it possible to repeat it. */
export interface RunInput {
  /** What it is: `dataset-version`, `feature-frame`, `code`, `model`. */
  readonly kind: string;
  /** Name for people, such as the dataset's. */
  readonly name: string;
  readonly digest: Digest;
}

/** How a run ended badly. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
}

/** One execution that was tracked: what went in, what was measured, what came out. */
export interface Run {
  /** 32 hex digits, time-ordered. */
  readonly id: string;
  /** Counts up per project, from 1, without gaps: for people. */
  readonly number: number;
  readonly projectId: string;
  readonly experimentId: string;
  /** Name of the experiment. */
  readonly experiment: string;
  readonly name: string;
  /** What kind of work it was: `training`, `trial`, `evaluation`, `step`. */
  readonly kind: string;
  readonly state: WorkState;
  readonly parentRunId: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** Last point of each metric, by name: the one of the highest step, and of those the latest. */
  readonly metrics: Readonly<Record<string, MetricPoint>>;
  readonly estimates: Readonly<Record<string, Estimate>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly artifacts: readonly RunArtifact[];
  readonly inputs: readonly RunInput[];
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly failure: RunFailure | undefined;
  /** Counts changes of the run's own row, from 1. */
  readonly version: number;
}

/** What starting a run takes. */
export interface RunStart {
  readonly projectId: string;
  /** Name; the experiment is made when the project has none of that name. */
  readonly experiment: string;
  readonly kind: string;
  /** Default `<kind>-<number>`. */
  readonly name?: string;
  /** Starting twice with one key in one project gives the same run. */
  readonly key?: string;
  readonly parentRunId?: string;
  /** Numbers and booleans are kept as their text. */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly inputs?: readonly RunInput[];
}

/** How a run ends. */
export type RunEnd =
  | { readonly state: 'done' | 'cancelled' | 'skipped' }
  | { readonly state: 'failed'; readonly failure: RunFailure };

/** Which runs to list, in which order. */
export interface RunQuery {
  readonly projectId: string;
  /** Name of the experiment. */
  readonly experiment?: string;
  readonly state?: WorkState;
  readonly kind?: string;
  readonly parentRunId?: string;
  /** `number` (default, newest first as `-number`), `startedAt`, `name`, `metrics.<name>` or `estimates.<name>`; a leading `-` turns it round. Runs without the value come last. */
  readonly sort?: string;
  /** 1 to 1000; default 50. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which points of a metric to read, in the order of step, then time. */
export interface MetricHistoryQuery {
  readonly runId: string;
  readonly name: string;
  /** 1 to 25,000; default 1000. */
  readonly limit?: number;
  readonly cursor?: string;
}
