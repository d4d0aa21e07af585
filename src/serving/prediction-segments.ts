import { type Column, columnOf, type Frame, type LevelColumn } from '#kernel';
import { PREDICTION_COLUMNS } from './prediction-frame.ts';

/** Gives the prediction moments of a frame of logged predictions. */
export function momentsOf(frame: Frame): ArrayLike<number> & Iterable<number> {
  return columnOf(frame, 'moment').values;
}

/** Keeps the rows whose moment lies in `[fromMs, toMs)`. */
export function withinMoments(frame: Frame, range: { readonly fromMs: number; readonly toMs: number }): Frame {
  const moments = momentsOf(frame);
  const rows: number[] = [];
  for (let row = 0; row < frame.nRows; row += 1) {
    const momentMs = moments[row] ?? Number.NaN;
    if (momentMs >= range.fromMs && momentMs < range.toMs) rows.push(row);
  }
  if (rows.length === frame.nRows) return frame;
  return { nRows: rows.length, columns: frame.columns.map((column) => pickRows(column, rows)) };
}

/**
 * Puts frames of logged predictions one after the other. A column that some frames lack is missing there; a name that is a
 * number in one frame and text in another becomes text.
 *
 * @param frames - Any number; none gives the own columns without rows.
 * @returns One frame; every text stands once in its levels.
 */
export function joinSegments(frames: readonly Frame[]): Frame {
  const nRows = frames.reduce((sum, frame) => sum + frame.nRows, 0);
  const names = new Set<string>(PREDICTION_COLUMNS);
  for (const frame of frames) for (const column of frame.columns) names.add(column.name);
  return { nRows, columns: [...names].map((name) => joinColumn(name, frames, nRows)) };
}

const OWN_KINDS: Readonly<Record<string, Column['kind']>> = {
  moment: 'float64',
  arrived: 'float64',
  score: 'float64',
  latencyUs: 'float32',
  shadow: 'float32',
};

function joinColumn(name: string, frames: readonly Frame[], nRows: number): Column {
  const parts = frames.map((frame) => frame.columns.find((column) => column.name === name));
  const isText = parts.some((part) => part?.kind === 'levels') || (isOwn(name) && OWN_KINDS[name] === undefined);
  if (isText) return joinLevels(name, frames, parts, nRows);
  const isDouble = OWN_KINDS[name] === 'float64' || parts.some((part) => part?.kind === 'float64');
  return isDouble
    ? { kind: 'float64', name, values: joinNumbers(new Float64Array(nRows), frames, parts) }
    : { kind: 'float32', name, values: joinNumbers(new Float32Array(nRows), frames, parts) };
}

function joinNumbers<Values extends Float32Array | Float64Array>(
  values: Values,
  frames: readonly Frame[],
  parts: readonly (Column | undefined)[],
): Values {
  let at = 0;
  for (const [place, part] of parts.entries()) {
    const count = frames[place]?.nRows ?? 0;
    if (part === undefined) values.fill(Number.NaN, at, at + count);
    else values.set(part.values, at);
    at += count;
  }
  return values;
}

function isOwn(name: string): boolean {
  return (PREDICTION_COLUMNS as readonly string[]).includes(name);
}

function joinLevels(name: string, frames: readonly Frame[], parts: readonly (Column | undefined)[], nRows: number): LevelColumn {
  const codes = new Map<string, number>();
  const values = new Int32Array(nRows).fill(-1);
  let at = 0;
  for (const [place, part] of parts.entries()) {
    const count = frames[place]?.nRows ?? 0;
    if (part !== undefined) writeCodes(values.subarray(at, at + count), part, codes);
    at += count;
  }
  return { kind: 'levels', name, values, levels: [...codes.keys()] };
}

function writeCodes(into: Int32Array, part: Column, codes: Map<string, number>): void {
  for (let row = 0; row < into.length; row += 1) {
    const value = part.values[row] ?? Number.NaN;
    const text = part.kind === 'levels' ? part.levels[value] : numberText(value);
    if (text === undefined) continue;
    let code = codes.get(text);
    if (code === undefined) {
      code = codes.size;
      codes.set(text, code);
    }
    into[row] = code;
  }
}

function numberText(value: number): string | undefined {
  return Number.isNaN(value) ? undefined : String(value);
}

function pickRows(column: Column, rows: readonly number[]): Column {
  if (column.kind === 'levels') return { ...column, values: Int32Array.from(rows, (row) => column.values[row] ?? -1) };
  if (column.kind === 'float32') return { ...column, values: Float32Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
}
