import type { Digest, Estimate } from '#kernel';

/** The metrics of a binary model, by their names on the wire, and which way is better. */
export const EVALUATION_METRICS = {
  roc_auc: 'maximize',
  average_precision: 'maximize',
  log_loss: 'minimize',
  brier: 'minimize',
  accuracy: 'maximize',
  f1: 'maximize',
  ece: 'minimize',
} as const;

/** One metric of an evaluation. */
export type EvaluationMetric = keyof typeof EVALUATION_METRICS;

/** Estimates of all metrics on one set of rows. */
export type MetricReport = Readonly<Record<EvaluationMetric, Estimate>>;

/** Who a model is compared with: the model that is served now, or the simplest one. */
export type ReferenceRole = 'champion' | 'baseline';

/** The rows a model was judged on: those of the frame whose moment lies in [`fromMs`, `toMs`) and whose label is known. */
export interface EvaluatedRows {
  /** Such as `test`. */
  readonly split: string;
  /** Inclusive, milliseconds since 1970 UTC. */
  readonly fromMs: number;
  /** Exclusive, milliseconds since 1970 UTC. */
  readonly toMs: number;
}

/** Two models on the same rows. */
export interface Comparison {
  readonly against: ReferenceRole;
  /** Digest of the model compared with. */
  readonly modelDigest: Digest;
  /** Metrics of the model compared with, on the same rows. */
  readonly reference: MetricReport;
  /** Judged model minus the one compared with, metric by metric, paired on the same rows by day. */
  readonly differences: MetricReport;
}

/** One level of a slice column. */
export interface SliceLevel {
  /** The level, or the range of a number column, such as `[500, 900)`. */
  readonly level: string;
  readonly nRows: number;
  readonly nPositives: number;
  readonly metric: Estimate;
}

/** The primary metric, level by level of one column. */
export interface SliceReport {
  readonly column: string;
  readonly metric: EvaluationMetric;
  /** Levels with enough rows, worst first. */
  readonly levels: readonly SliceLevel[];
  /** Levels left out because they have fewer rows than the minimum. */
  readonly skippedLevels: number;
}

/** What was judged, and with which settings: its digest is the identity of an evaluation. */
export interface EvaluationSpec {
  readonly modelDigest: Digest;
  readonly frameDigest: Digest;
  readonly rows: EvaluatedRows;
  /** The metric that decides; slices show it. */
  readonly primaryMetric: EvaluationMetric;
  /** Confidence level of every interval, in (0, 1). */
  readonly level: number;
  readonly references: readonly { readonly role: ReferenceRole; readonly modelDigest: Digest }[];
  /** Columns of the frame to slice by; `categories` for every column of text but `id`. */
  readonly sliceColumns: readonly string[] | 'categories';
  /** Levels with fewer rows are not reported. */
  readonly minimumSliceRows: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** Version of the code that computes: a change of the numbers' meaning changes it. */
  readonly codeVersion: number;
}

/** What {@link evaluateModel} finds: all of an evaluation but its name and time. */
export interface EvaluationReport {
  readonly nRows: number;
  readonly nPositives: number;
  /** UTC days with at least one judged row: the unit of the bootstrap. */
  readonly nDays: number;
  readonly metrics: MetricReport;
  readonly comparisons: readonly Comparison[];
  readonly slices: readonly SliceReport[];
  /** The level that does worst over all slice columns; absent without slices. */
  readonly worstSlice?: { readonly column: string } & SliceLevel;
}

/** A stored judgement of one model on one frame: immutable, and the same whenever it is computed again. */
export interface Evaluation {
  readonly id: string;
  readonly projectId: string;
  /** The run it was made for. */
  readonly runId: string | undefined;
  readonly spec: EvaluationSpec;
  /** Digest of the spec: what was asked. */
  readonly specDigest: Digest;
  readonly report: EvaluationReport;
  /** Digest of the report: what was found. */
  readonly reportDigest: Digest;
  readonly createdAtMs: number;
}
