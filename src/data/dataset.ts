import type { Digest } from '#kernel';
import type { Check } from './check.ts';

/** What a column holds. `category` is text with few levels; `time` is an instant in UTC with milliseconds. */
export const ColumnType = ['text', 'category', 'number', 'integer', 'boolean', 'time'] as const;
/** One column type; see {@link ColumnType} for the whole set. */
export type ColumnType = (typeof ColumnType)[number];

/** One declared column. */
export interface DatasetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A dataset as the project file declares it, with defaults filled in. */
export interface Dataset {
  readonly name: string;
  /** Column that tells rows apart. */
  readonly id: string;
  /** Time column: when it happened. */
  readonly eventTime: string;
  /** Time column: when it became known. Equals `eventTime` when none was declared. */
  readonly knownTime: string;
  /** Whether the project file names the known time; history features need it. */
  readonly declaresKnownTime: boolean;
  readonly columns: readonly DatasetColumn[];
  readonly checks: readonly Check[];
}

/** Rows set aside, by the reasons for it; a row that broke two checks counts under both. */
export interface QuarantineCount {
  readonly rows: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** One immutable Parquet file of a version. */
export interface DatasetPart {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly rows: number;
  /** Known times of its rows, milliseconds since 1970 UTC, both ends included. */
  readonly minKnownMs: number;
  readonly maxKnownMs: number;
  /** Columns that the file has, in order. */
  readonly columns: readonly DatasetColumn[];
}

/** Rows that a check set aside at one cut, as a Parquet file of their own. */
export interface QuarantinePart extends QuarantineCount {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** What identifies a dataset version: its digest is taken over this document. */
export interface DatasetManifest {
  readonly format: 'gyre-dataset';
  readonly version: 1;
  readonly dataset: string;
  readonly id: string;
  readonly eventTime: string;
  readonly knownTime: string;
  readonly columns: readonly DatasetColumn[];
  /** Facts with a known time before this are in it; milliseconds since 1970 UTC. */
  readonly cutMs: number;
  readonly parts: readonly DatasetPart[];
  readonly quarantine: readonly QuarantinePart[];
}

/** An immutable state of a dataset: all facts known before its cut. */
export interface DatasetVersion {
  readonly digest: Digest;
  readonly projectId: string;
  readonly dataset: string;
  /** Counts the versions of the dataset, from 1. */
  readonly number: number;
  readonly cutMs: number;
  readonly rows: number;
  readonly quarantined: QuarantineCount;
  readonly manifest: DatasetManifest;
  /** Blob of its profile and check results. */
  readonly profileDigest: Digest;
  /** Numbers of the batches whose rows this version was the first to take in. */
  readonly batches: readonly number[];
  readonly createdAtMs: number;
}
