import type { DatasetColumn } from './dataset.ts';
import { WORKING_TYPES } from './read-values.ts';
import { quoteName, quoteText } from './sql-text.ts';

/** Writes one working column as it is stored in Parquet: times become instants in UTC. */
export function storedColumn(column: DatasetColumn): string {
  const name = quoteName(column.name);
  return column.type === 'time' ? `make_timestamp_ms(${name})::TIMESTAMPTZ AS ${name}` : name;
}

/** Writes one stored column as a working column: times become milliseconds. */
export function workingColumn(column: DatasetColumn): string {
  const name = quoteName(column.name);
  return column.type === 'time' ? `epoch_ms(${name}) AS ${name}` : name;
}

/** Writes one working column so that a frame can hold it: everything but text as DOUBLE. */
export function framedColumn(column: DatasetColumn): string {
  const name = quoteName(column.name);
  return column.type === 'text' || column.type === 'category' ? name : `${name}::DOUBLE AS ${name}`;
}

/** A Parquet file and the columns it has. */
export interface StoredFile {
  readonly path: string;
  readonly columns: readonly DatasetColumn[];
}

/**
 * Writes the table expression of several Parquet files; a column that a file lacks is NULL there.
 *
 * @param files - Paths the engine may read.
 * @param columns - Columns to give, in order.
 * @returns A SELECT in brackets; times as TIMESTAMP WITH TIME ZONE.
 */
export function storedRelation(files: readonly StoredFile[], columns: readonly DatasetColumn[]): string {
  const present = new Set(files.flatMap((file) => file.columns.map((column) => column.name)));
  const selected = columns.map((column) => {
    const name = quoteName(column.name);
    return present.has(column.name) ? name : `NULL::${storedType(column)} AS ${name}`;
  });
  if (files.length === 0) return `(SELECT ${selected.join(', ')} WHERE false)`;
  const paths = files.map((file) => quoteText(file.path)).join(', ');
  return `(SELECT ${selected.join(', ')} FROM read_parquet([${paths}], union_by_name = true))`;
}

function storedType(column: DatasetColumn): string {
  return column.type === 'time' ? 'TIMESTAMPTZ' : WORKING_TYPES[column.type];
}

/** Options of every Parquet file that Gyre writes; the same rows in the same order give the same bytes. */
export const PARQUET_OPTIONS = '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)';
