import { type Column, columnOf, type Frame, utcDay } from '#kernel';

/** How many predictions of a window each model answered; shadows left out. */
export interface ServedModels {
  readonly predictions: number;
  /** Most rows first. */
  readonly models: readonly { readonly digest: string; readonly rows: number }[];
}

/** Counts who answered. */
export function servedModels(frame: Frame): ServedModels {
  const models = columnOf(frame, 'model');
  const shadow = columnOf(frame, 'shadow').values;
  const counts = new Map<string, number>();
  let predictions = 0;
  for (let row = 0; row < frame.nRows; row += 1) {
    if (shadow[row] === 1) continue;
    predictions += 1;
    const digest = models.kind === 'levels' ? models.levels[models.values[row] ?? -1] : undefined;
    if (digest !== undefined) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { predictions, models: sorted.map(([digest, rows]) => ({ digest, rows })) };
}

/** Keeps some columns of a table; names that it lacks are left out. */
export function keepColumns(frame: Frame, names: readonly string[]): Frame {
  const wanted = new Set(names);
  return { nRows: frame.nRows, columns: frame.columns.filter((column) => wanted.has(column.name)) };
}

/** Gives the rows that were served, not shadowed, and that a level of a column marks, where one is asked for. */
export function servedRows(frame: Frame, only?: { readonly column: string; readonly level: string }): Int32Array {
  const shadow = columnOf(frame, 'shadow').values;
  const marked = only === undefined ? undefined : columnOf(frame, only.column);
  const code = marked?.kind === 'levels' ? marked.levels.indexOf(only?.level ?? '') : -1;
  const rows: number[] = [];
  for (let row = 0; row < frame.nRows; row += 1) {
    const isMarked = marked === undefined || (code >= 0 && marked.values[row] === code);
    if (isMarked && shadow[row] !== 1) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** Keeps some rows of a column. */
export function pickRows(column: Column, rows: Int32Array): Column {
  const { values } = column;
  if (column.kind === 'levels') return { ...column, values: rows.map((row) => values[row] ?? -1) };
  if (column.kind === 'float32') return { ...column, values: Float32Array.from(rows, (row) => values[row] ?? Number.NaN) };
  return { ...column, values: Float64Array.from(rows, (row) => values[row] ?? Number.NaN) };
}

/** Gives the UTC day of each row's moment. */
export function daysOf(frame: Frame, rows: Int32Array): Int32Array {
  const moments = columnOf(frame, 'moment').values;
  return rows.map((row) => utcDay(moments[row] ?? 0));
}

/** Reads a column as numbers; levels have none. */
export function numbersOf(frame: Frame, name: string): Float32Array | Float64Array {
  const column = columnOf(frame, name);
  return column.kind === 'levels' ? new Float32Array(frame.nRows).fill(Number.NaN) : column.values;
}
