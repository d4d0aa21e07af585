import type { Frame } from '#kernel';

/** Reads one number of a small result; NaN when missing. */
export function numberAt(frame: Frame, name: string, row = 0): number {
  const column = frame.columns.find((candidate) => candidate.name === name);
  return column === undefined || column.kind === 'levels' ? Number.NaN : (column.values[row] ?? Number.NaN);
}

/** Reads one text of a small result; undefined when missing. */
export function textAt(frame: Frame, name: string, row = 0): string | undefined {
  const column = frame.columns.find((candidate) => candidate.name === name);
  return column?.kind === 'levels' ? column.levels[column.values[row] ?? -1] : undefined;
}

/** Reads a whole text column of a small result. */
export function textsOf(frame: Frame, name: string): readonly string[] {
  return Array.from({ length: frame.nRows }, (_, row) => textAt(frame, name, row) ?? '');
}

/** Counts reasons, each row's reasons being joined by commas. */
export function countReasons(pairs: Iterable<readonly [reason: string, rows: number]>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [reason, rows] of pairs) {
    for (const name of reason.split(',')) counts[name] = (counts[name] ?? 0) + rows;
  }
  return counts;
}

/** Adds counts by name. */
export function addCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
