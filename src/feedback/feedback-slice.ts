import type { Frame } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { PredictionQuery, ServingProjects, ServingSlice } from '#serving';
import type { Coverage } from './coverage.ts';
import type { Label } from './label.ts';
import type { LabelReader } from './label-reader.ts';

/** What feedback asks of data. */
export interface OutcomeDatasets {
  /** Appends rows durably. */
  appendRows(request: {
    readonly projectId: string;
    readonly dataset: string;
    readonly columns: Readonly<Record<string, readonly unknown[]>>;
    readonly actor: string;
  }): Promise<{ readonly batchId: string; readonly rows: number; readonly quarantined: number }>;
  /** Calls back, in order, after each batch of any dataset is durable. */
  onBatch(listener: (batch: OutcomeBatch) => void): void;
  /** Calls back with the batches of a dataset whose rows became known since a moment: after a restart. */
  replayBatches(request: {
    readonly projectId: string;
    readonly dataset: string;
    readonly sinceKnownMs: number;
    readonly listener: (batch: OutcomeBatch) => Promise<void>;
  }): Promise<void>;
}

/** Rows of one append. */
export interface OutcomeBatch {
  readonly projectId: string;
  readonly dataset: string;
  readonly frame: Frame;
}

/** What the slice is given from the rooms above it. */
export interface FeedbackUpstream {
  readonly projects: ServingProjects & { list(tx: SqlTx): Promise<readonly { readonly id: string; readonly name: string }[]> };
  readonly datasets: OutcomeDatasets;
  readonly labels: LabelReader;
  readonly serving: Pick<ServingSlice, 'readPredictions'>;
}

/** A range of labels by event time, or of some entities. */
export interface LabelQuery {
  readonly projectId: string;
  /** Name of the outcome feed. */
  readonly outcome: string;
  readonly ids?: readonly string[];
  /** First event time, included. */
  readonly fromMs?: number;
  /** Last event time, excluded. */
  readonly toMs?: number;
  /** Only what was known before this moment. */
  readonly knownBeforeMs?: number;
}

/** Predictions with what came true. */
export interface LabelledPredictions {
  /** The predictions with two more columns: `label` (float32, NaN while unknown) and `labelKnown` (float64 ms, NaN while unknown). */
  readonly frame: Frame;
  readonly coverage: Coverage;
}

/** What downstream slices ask of feedback. */
export interface FeedbackSlice extends SliceModule {
  /** Writes labels; a label that is known already is left out. Returns how many were new. */
  recordOutcomes(
    tx: SqlTx,
    request: { readonly projectId: string; readonly outcome: string; readonly labels: readonly Label[] },
  ): Promise<number>;
  /** Reads labels, the newest known one of each entity, by entity id. */
  labelsFor(tx: SqlTx, query: LabelQuery): Promise<readonly Label[]>;
  /** Joins the predictions of a range with the labels known before a moment, by entity id. */
  labelledPredictions(
    query: PredictionQuery & { readonly outcome: string; readonly knownBeforeMs: number; readonly maturityMs: number },
  ): Promise<LabelledPredictions>;
  /** Tells the share of labels that are known so many days after their event. */
  latenessOf(
    tx: SqlTx,
    query: { readonly projectId: string; readonly outcome: string },
  ): Promise<readonly { readonly days: number; readonly share: number }[]>;
  /** Resolves when the labels of every batch so far are written. */
  settled(): Promise<void>;
}
