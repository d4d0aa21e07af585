import type { DataSlice } from '#data';
import type { Frame } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import type { PredictionQuery, ServingSlice } from '#serving';
import type { Coverage } from './coverage.ts';
import type { Label } from './label.ts';
import type { LabelValues } from './label-values.ts';

/** What the slice is given from the rooms above it. */
export interface FeedbackUpstream {
  readonly projects: Pick<ProjectsSlice, 'find'>;
  readonly data: Pick<DataSlice, 'appendRows' | 'readBatch' | 'dataset'>;
  readonly labels: LabelValues;
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

/** One point of the curve of late labels. */
export interface LatenessPoint {
  /** Whole days after the event. */
  readonly days: number;
  /** Share of all labels that arrived so far which were known by then, in [0, 1]. */
  readonly share: number;
}

/** Which predictions to join with which labels. */
export interface LabelledQuery extends PredictionQuery {
  readonly outcome: string;
  /** Only labels known before this moment. */
  readonly knownBeforeMs: number;
  /** How old a prediction must be for its label to be expected. */
  readonly maturityMs: number;
}

/** Predictions with what came true. */
export interface LabelledPredictions {
  /** The predictions with two more columns: `label` (float32) and `labelKnown` (float64 ms), NaN while unknown. */
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
  /** Joins the predictions of a range with the labels known before a moment, by entity id; waits for the labels of every batch so far. */
  labelledPredictions(query: LabelledQuery): Promise<LabelledPredictions>;
  /** Tells how late labels come. */
  latenessOf(tx: SqlTx, feed: { readonly projectId: string; readonly outcome: string }): Promise<readonly LatenessPoint[]>;
  /** Resolves when the labels of every batch so far are written. */
  settled(): Promise<void>;
}
