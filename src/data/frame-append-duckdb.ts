import { readFile } from 'node:fs/promises';
import {
  BIGINT,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { type Column, decodeFrame, type Frame } from '#kernel';
import type { LoadColumn, LoadSource } from './duck-engine.ts';
import { quoteName } from './sql-text.ts';

/** Rows of one data chunk. */
const CHUNK_ROWS = 2048;

const SQL_TYPES: Readonly<Record<LoadColumn['kind'], DuckDBType>> = { text: VARCHAR, whole: BIGINT, double: DOUBLE };

interface Load {
  readonly table: string;
  readonly columns: readonly LoadColumn[];
  readonly sources: readonly LoadSource[];
}

/** Values of one column for some rows of a frame. */
type Fill = (rows: Int32Array) => DuckDBValue[];

/**
 * Makes a temporary table of frame files.
 *
 * @param connection - Open connection.
 * @param load - What to read, and where to.
 */
export async function appendFrames(connection: DuckDBConnection, load: Load): Promise<void> {
  const columns = load.columns.map((column) => `${quoteName(column.name)} ${SQL_TYPES[column.kind].toString()}`);
  await connection.run(
    `CREATE TEMP TABLE ${quoteName(load.table)} (${[...columns, 'gyre_batch INTEGER', 'gyre_row DOUBLE'].join(', ')})`,
  );
  const appender = await connection.createAppender(load.table, 'main', 'temp');
  for (const source of load.sources) appendFrame(appender, load.columns, decodeFrame(await readFile(source.path)), source);
  appender.closeSync();
}

function appendFrame(appender: DuckDBAppender, columns: readonly LoadColumn[], frame: Frame, source: LoadSource): void {
  const rows = chosenRows(frame, source);
  const fills = columns.map((column) => fillOf(column, frame));
  const types = [...columns.map((column) => SQL_TYPES[column.kind]), INTEGER, DOUBLE];
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const some = rows.subarray(from, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, some.length);
    for (const [index, fill] of fills.entries()) chunk.setColumnValues(index, fill(some));
    chunk.setColumnValues(
      columns.length,
      Array.from(some, () => source.batch),
    );
    chunk.setColumnValues(
      columns.length + 1,
      Array.from(some, (row) => row + 1),
    );
    appender.appendDataChunk(chunk);
  }
}

function chosenRows(frame: Frame, source: LoadSource): Int32Array {
  const all = Int32Array.from({ length: frame.nRows }, (_, row) => row);
  const { where } = source;
  if (where === undefined) return all;
  const values = frame.columns.find((column) => column.name === where.column)?.values;
  return all.filter((row) => {
    const value = values?.[row] ?? Number.NaN;
    return value >= where.from && value < where.to;
  });
}

function fillOf(column: LoadColumn, frame: Frame): Fill {
  const found = frame.columns.find((candidate) => candidate.name === column.name);
  if (found === undefined) return (rows) => Array.from(rows, () => null);
  if (column.kind === 'whole') return (rows) => Array.from(rows, (row) => wholeAt(found, row));
  if (found.kind === 'levels') return (rows) => Array.from(rows, (row) => found.levels[found.values[row] ?? -1] ?? null);
  return (rows) =>
    Array.from(rows, (row) => {
      const value = found.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    });
}

function wholeAt(column: Column, row: number): bigint | null {
  const value = column.values[row] ?? Number.NaN;
  if (column.kind !== 'levels') return Number.isNaN(value) ? null : BigInt(value);
  return value < 0 ? null : BigInt(column.levels[value] ?? '0');
}
