import type { Digest, Frame } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Dataset, DatasetColumn, DatasetVersion } from './dataset.ts';
import type { DuckEngine } from './duck-engine.ts';

/** What the data slice needs of `projects`. */
export interface ProjectReader {
  /** Finds a project by name or id. */
  find(tx: SqlTx, nameOrId: string): Promise<ProjectRef>;
  /** Gives a validated top-level section of the project file. */
  section<T>(project: ProjectRef, key: string): T | undefined;
}

/** What identifies a project. */
export interface ProjectRef {
  readonly id: string;
  readonly name: string;
  readonly documentDigest: string;
}

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

/** The version's files on this machine, for SQL. */
export interface StagedVersion {
  /** Absolute paths that the engine may read. */
  readonly files: readonly string[];
  readonly columns: readonly DatasetColumn[];
  /** SQL table expression in brackets: the declared columns of all rows; times as TIMESTAMP WITH TIME ZONE, missing as NULL. */
  readonly relation: string;
}

/** Datasets of projects: appends, checks, versions, and the table engine. */
export interface DataSlice extends SliceModule {
  /** The table engine; starts at its first use. */
  readonly engine: DuckEngine;
  /** Gives a declared dataset. Throws `data/no-dataset`. */
  dataset(project: ProjectRef, name: string): Dataset;
  /** Types, checks and durably appends rows given as JSON columns. Nothing of it stays when it throws. */
  appendRows(target: AppendTarget, columns: JsonColumns): Promise<AppendReceipt>;
  /** Streams a file to scratch, then types, checks and durably appends its rows. Nothing of it stays when it throws. */
  appendFile(target: AppendTarget, format: FileFormat, bytes: AsyncIterable<Uint8Array>): Promise<AppendReceipt>;
  /** Makes the version of all facts known before `cutMs`; the same cut again gives the same version. `guard` runs first in its transaction. */
  cutVersion(cut: {
    readonly projectId: string;
    readonly dataset: string;
    readonly cutMs: number;
    readonly guard?: (tx: SqlTx) => Promise<void>;
    readonly actor?: string;
  }): Promise<DatasetVersion>;
  /** Gives a version by digest. Throws `data/no-version`. */
  version(tx: SqlTx, digest: string): Promise<DatasetVersion>;
  /** Gives the version with the latest cut, or undefined. */
  latestVersion(tx: SqlTx, projectId: string, dataset: string): Promise<DatasetVersion | undefined>;
  /** Makes a version readable for the engine. */
  stageVersion(digest: Digest): Promise<StagedVersion>;
  /** Calls back with every batch after its commit, in the order of batch numbers of a dataset; returns the way to stop it. */
  onBatch(listener: BatchListener): () => void;
  /** Calls back, in order, with the rows of all batches that may hold facts known at or after a time; for rebuilding after a restart. */
  replayBatches(
    query: { readonly projectId: string; readonly dataset: string; readonly sinceKnownMs: number },
    listener: BatchListener,
  ): Promise<void>;
}
