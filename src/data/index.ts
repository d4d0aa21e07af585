/**
 * Datasets: rows are appended in durable batches, typed and checked against what the project file declares; a cut
 * makes an immutable, content-addressed version of all facts known before a moment. DuckDB, in a worker thread, does
 * what needs a table engine.
 *
 * @module
 */
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
export type { DuckEngine, DuckJob } from './duck-engine.ts';
export { dataErrors } from './errors.ts';
export type {
  AppendedBatch,
  AppendReceipt,
  AppendTarget,
  BatchListener,
  DataSlice,
  FileFormat,
  JsonColumns,
  ProjectReader,
  ProjectRef,
  StagedVersion,
} from './slice.ts';
