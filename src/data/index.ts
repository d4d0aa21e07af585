/**
 * Datasets: rows are appended in durable batches, typed and checked against what the project file declares; a cut
 * makes an immutable, content-addressed version of all facts known before a moment. DuckDB, in a worker thread, does
 * what needs a table engine.
 *
 * @module
 */
export type {
  AppendedBatch,
  AppendReceipt,
  AppendTarget,
  BatchListener,
  BatchSubscription,
  FileFormat,
  JsonColumns,
} from './append.ts';
export type { Check, CheckRule } from './check.ts';
export { OnBreach } from './check.ts';
export type {
  Dataset,
  DatasetColumn,
  DatasetManifest,
  DatasetPart,
  DatasetVersion,
  QuarantineCount,
  QuarantinePart,
} from './dataset.ts';
export { ColumnType } from './dataset.ts';
export { type DatasetsSection, datasetOf } from './dataset-section.ts';
export type { DuckEngine, DuckFile, DuckSession, LoadColumn, LoadSource } from './duck-engine.ts';
export { createDuckEngine, type DuckEngineOptions } from './duck-engine-duckdb.ts';
export { dataErrors } from './errors.ts';
export { finiteFloat32 } from './finite-float.ts';
export type { CheckResult, ColumnProfile, VersionProfile } from './profile.ts';
export type { ProjectReader } from './project-reader.ts';
export { createDataSlice, type DataSlice, type StagedVersion } from './slice.ts';
export { quoteName, quoteNumber, quoteText } from './sql-text.ts';
