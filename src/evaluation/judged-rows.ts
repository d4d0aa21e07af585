import { type Column, columnOf, type Frame, GyreError, utcDay } from '#kernel';
import type { EvaluatedRows } from './evaluation.ts';

/** The rows of a frame that a model is judged on, with what is known about each. */
export interface JudgedRows {
  /** The chosen rows with all columns of the frame. */
  readonly frame: Frame;
  /** 0 or 1, one a row. */
  readonly labels: Uint8Array;
  /** UTC day of each row's moment, days since 1970. */
  readonly days: Int32Array;
}

/**
 * Chooses the rows whose moment lies in the range and whose label is known.
 *
 * @param frame - With the columns `moment` (milliseconds since 1970 UTC) and `label` (0, 1, or NaN for not known).
 * @param rows - The range.
 * @returns The chosen rows in their order.
 * @throws {@link GyreError} `evaluation/no-rows` when there is none, `evaluation/label-not-binary` for another label, `kernel/no-column`.
 */
export function chooseRows(frame: Frame, rows: EvaluatedRows): JudgedRows {
  const moments = numbersOf(frame, 'moment');
  const labels = numbersOf(frame, 'label');
  const chosen = new Int32Array(frame.nRows);
  let nChosen = 0;
  for (let row = 0; row < frame.nRows; row += 1) {
    const moment = moments[row] ?? Number.NaN;
    if (!(moment >= rows.fromMs && moment < rows.toMs) || Number.isNaN(labels[row])) continue;
    chosen[nChosen] = row;
    nChosen += 1;
  }
  if (nChosen === 0) throw noRows(rows);
  const picked = chosen.subarray(0, nChosen);
  return {
    frame: { nRows: nChosen, columns: frame.columns.map((column) => pickRows(column, picked)) },
    labels: Uint8Array.from(picked, (row) => requireBinary(labels[row])),
    days: Int32Array.from(picked, (row) => utcDay(moments[row] ?? 0)),
  };
}

function numbersOf(frame: Frame, name: string): Float32Array | Float64Array {
  const column = columnOf(frame, name);
  if (column.kind !== 'levels') return column.values;
  throw new GyreError({
    kind: 'invalid',
    code: 'evaluation/label-not-binary',
    message: `column "${name}" of the frame holds text; a ${name === 'label' ? 'label is 0 or 1' : 'moment is a number'}`,
  });
}

function pickRows(column: Column, rows: Int32Array): Column {
  const values = new (column.values.constructor as new (length: number) => typeof column.values)(rows.length);
  for (let at = 0; at < rows.length; at += 1) values[at] = column.values[rows[at] ?? 0] ?? 0;
  return { ...column, values } as Column;
}

function requireBinary(label: number | undefined): number {
  if (label === 0 || label === 1) return label;
  throw new GyreError({
    kind: 'unprocessable',
    code: 'evaluation/label-not-binary',
    message: `a label is ${String(label)}; only targets that are 0 or 1 can be judged`,
  });
}

function noRows(rows: EvaluatedRows): GyreError {
  const range = `${new Date(rows.fromMs).toISOString()} to ${new Date(rows.toMs).toISOString()}`;
  return new GyreError({
    kind: 'unprocessable',
    code: 'evaluation/no-rows',
    message: `the frame has no row with a known label from ${range} (split "${rows.split}")`,
  });
}
