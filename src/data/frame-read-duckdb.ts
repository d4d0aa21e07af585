import { writeFile } from 'node:fs/promises';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBDecimalValue, DuckDBTypeId } from '@duckdb/node-api';
import { type Column, encodeFrame, type Frame } from '#kernel';
import { finiteFloat32 } from './finite-float.ts';

interface ColumnReader {
  take(chunk: DuckDBDataChunk, index: number): void;
  column(name: string): Column;
}

/**
 * Runs a query and gives its rows as a frame, chunk by chunk, without row objects.
 *
 * @param connection - Open connection.
 * @param sql - One query.
 * @returns The frame; each column owns its memory.
 */
export async function readFrame(connection: DuckDBConnection, sql: string): Promise<Frame> {
  const result = await connection.run(sql);
  const names = result.columnNames();
  const chunks = await result.fetchAllChunks();
  const nRows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const readers = names.map((_, index) => readerFor(result.columnTypeId(index), nRows));
  for (const chunk of chunks) for (const [index, reader] of readers.entries()) reader.take(chunk, index);
  return { nRows, columns: readers.map((reader, index) => reader.column(names[index] ?? '')) };
}

/**
 * Runs a query and writes its rows to a file, as `encodeFrame`.
 *
 * @param connection - Open connection.
 * @param job - The query, the path, and the columns that become float32.
 * @returns A frame without columns that tells the number of rows.
 */
export async function writeFrame(
  connection: DuckDBConnection,
  job: { readonly sql: string; readonly path: string; readonly float32: readonly string[] },
): Promise<Frame> {
  const frame = await readFrame(connection, job.sql);
  const small = new Set(job.float32);
  const columns = frame.columns.map((column): Column => {
    if (column.kind === 'levels' || !small.has(column.name)) return column;
    return { kind: 'float32', name: column.name, values: Float32Array.from(column.values, finiteFloat32) };
  });
  await writeFile(job.path, encodeFrame({ nRows: frame.nRows, columns }));
  return { nRows: frame.nRows, columns: [] };
}

function readerFor(typeId: DuckDBTypeId, nRows: number): ColumnReader {
  if (typeId === DuckDBTypeId.VARCHAR || typeId === DuckDBTypeId.ENUM) return levelReader(nRows);
  if (typeId === DuckDBTypeId.FLOAT) {
    const values = new Float32Array(nRows);
    return numberReader(values, (name) => ({ kind: 'float32', name, values }));
  }
  const values = new Float64Array(nRows);
  return numberReader(values, (name) => ({ kind: 'float64', name, values }));
}

function numberReader(values: Float32Array | Float64Array, column: (name: string) => Column): ColumnReader {
  let row = 0;
  return {
    take: (chunk, index) => {
      const vector = chunk.getColumnVector(index);
      for (let item = 0; item < vector.itemCount; item += 1) {
        const value: unknown = vector.getItem(item);
        values[row] = typeof value === 'number' ? value : numberOf(value);
        row += 1;
      }
    },
    column,
  };
}

/** Numbers of the types whose values are not JavaScript numbers. */
function numberOf(value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'object' && 'micros' in value && typeof value.micros === 'bigint') return Number(value.micros) / 1000;
  if (typeof value === 'object' && 'millis' in value && typeof value.millis === 'bigint') return Number(value.millis);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  throw new Error('a query of Gyre selects a column of a type that no frame holds; cast it to DOUBLE or VARCHAR');
}

function levelReader(nRows: number): ColumnReader {
  const codes = new Int32Array(nRows);
  const codeOf = new Map<string, number>();
  let row = 0;
  const codeFor = (text: string): number => {
    const known = codeOf.get(text);
    if (known !== undefined) return known;
    codeOf.set(text, codeOf.size);
    return codeOf.size - 1;
  };
  return {
    take: (chunk, index) => {
      const vector = chunk.getColumnVector(index);
      for (let item = 0; item < vector.itemCount; item += 1) {
        const value: unknown = vector.getItem(item);
        codes[row] = typeof value === 'string' ? codeFor(value) : -1;
        row += 1;
      }
    },
    column: (name) => sortedLevels(name, codes, [...codeOf.keys()]),
  };
}

/** Numbers the levels in ascending order, so that the same rows give the same frame whatever their order of arrival. */
function sortedLevels(name: string, codes: Int32Array, seen: readonly string[]): Column {
  const levels = [...seen].sort();
  const place = new Map(levels.map((level, code) => [level, code]));
  const moved = Int32Array.from(seen, (level) => place.get(level) ?? -1);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row] ?? -1;
    if (code >= 0) codes[row] = moved[code] ?? -1;
  }
  return { kind: 'levels', name, values: codes, levels };
}
