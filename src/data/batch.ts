import type { Digest } from '#kernel';
import type { DatasetColumn } from './dataset.ts';

/** An acknowledged append: durable, immutable, and in a version once a cut has passed its known times. */
export interface Batch {
  readonly id: string;
  readonly projectId: string;
  readonly dataset: string;
  /** Counts the batches of the dataset, from 1. */
  readonly number: number;
  /** Name that makes a repeated append count once. */
  readonly name: string | undefined;
  /** Digest of what was sent, before checks. */
  readonly sourceDigest: Digest;
  /** Form of the blob: `encodeFrame`, or Parquet. Both may have the column `gyre_reason`. */
  readonly format: 'frame' | 'parquet';
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Rows accepted. */
  readonly rows: number;
  readonly quarantined: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Known times of all rows, both ends included. */
  readonly minKnownMs: number;
  readonly maxKnownMs: number;
  /** Rows known before this are in a version. */
  readonly takenBelowMs: number;
  readonly columns: readonly DatasetColumn[];
  readonly appendedAtMs: number;
  readonly appendedBy: string;
}
