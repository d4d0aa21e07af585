import type { Column, Frame } from '#kernel';
import { REASON_COLUMN } from './check-rows.ts';
import type { Dataset } from './dataset.ts';

/**
 * Gives the rows of a batch's frame that were accepted, in the form listeners get: declared columns only, text as levels,
 * everything else as doubles (whole numbers beyond 2^53-1 rounded to the nearest double).
 *
 * @param frame - A stored frame, perhaps with the column of reasons.
 * @param dataset - What is declared.
 * @returns The accepted rows in their order.
 */
export function acceptedRows(frame: Frame, dataset: Dataset): Frame {
  const reasons = frame.columns.find((column) => column.name === REASON_COLUMN);
  const rows = reasons === undefined ? undefined : keptRows(reasons.values);
  const columns = dataset.columns.flatMap(({ name, type }): Column[] => {
    const column = frame.columns.find((candidate) => candidate.name === name);
    if (column === undefined) return [missingColumn(name, type === 'text' || type === 'category', rows?.length ?? frame.nRows)];
    const wanted = type === 'integer' ? asDoubles(column) : column;
    return [rows === undefined ? wanted : pick(wanted, rows)];
  });
  return { nRows: rows?.length ?? frame.nRows, columns };
}

function keptRows(reasons: Column['values']): Int32Array {
  const kept: number[] = [];
  for (let row = 0; row < reasons.length; row += 1) if ((reasons[row] ?? 0) < 0) kept.push(row);
  return Int32Array.from(kept);
}

function asDoubles(column: Column): Column {
  if (column.kind !== 'levels') return column;
  const numbers = column.levels.map(Number);
  const values = Float64Array.from(column.values, (code) => numbers[code] ?? Number.NaN);
  return { kind: 'float64', name: column.name, values };
}

function pick(column: Column, rows: Int32Array): Column {
  const { name } = column;
  if (column.kind === 'levels') {
    return { kind: 'levels', name, levels: column.levels, values: Int32Array.from(rows, (row) => column.values[row] ?? -1) };
  }
  return { kind: 'float64', name, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
}

function missingColumn(name: string, isText: boolean, nRows: number): Column {
  if (isText) return { kind: 'levels', name, values: new Int32Array(nRows).fill(-1), levels: [] };
  return { kind: 'float64', name, values: new Float64Array(nRows).fill(Number.NaN) };
}
