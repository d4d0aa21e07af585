import type { Frame } from '#kernel';

/** Rows as columns of JSON values, each of one length; see the rules of values in the slice's README. */
export type JsonColumns = Readonly<Record<string, readonly unknown[]>>;

/** File formats that can be appended. */
export type FileFormat = 'csv' | 'parquet' | 'ndjson';

/** Who appends to what. */
export interface AppendTarget {
  readonly projectId: string;
  readonly dataset: string;
  /** Name of the batch: appending the same rows under one name twice counts once; other rows under it are refused. */
  readonly batch?: string;
  /** Principal for the audit log; default `service:data`. */
  readonly actor?: string;
}

/** A durable append. */
export interface AppendReceipt {
  readonly batchId: string;
  /** Counts the batches of the dataset, from 1. */
  readonly number: number;
  /** Rows accepted. */
  readonly rows: number;
  readonly quarantined: number;
  /** Whether this batch had been appended before and nothing was done now. */
  readonly replayed: boolean;
}

/** Accepted rows of one batch (or one piece of a large one), as a table: text as levels, the rest as doubles, times in milliseconds. */
export interface AppendedBatch {
  readonly projectId: string;
  readonly dataset: string;
  readonly frame: Frame;
}

/** Called with appended rows. */
export type BatchListener = (batch: AppendedBatch) => void | Promise<void>;

/** Whom to call, and how much of large batches. */
export interface BatchSubscription {
  readonly listener: BatchListener;
  /** Whether rows of a dataset are wanted at all, and from which known time on; undefined wants none. Small batches come whole. */
  readonly since: (batch: { readonly projectId: string; readonly dataset: string }) => number | undefined;
}
