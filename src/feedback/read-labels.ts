import { type Column, columnOf, type Frame } from '#kernel';
import type { Label } from './label.ts';

/** Columns of an outcome dataset that say whose, when and since when. */
export interface LabelColumns {
  readonly id: string;
  readonly eventTime: string;
  readonly knownTime: string;
}

/**
 * Reads labels out of rows of an outcome dataset.
 *
 * @param frame - The rows.
 * @param columns - Which columns say whose outcome it is, when it happened and when it became known.
 * @param values - The label of each row; NaN where it cannot be told.
 * @returns One label a row that has an id, both times and a value; the other rows are left out.
 */
export function labelsOf(frame: Frame, columns: LabelColumns, values: Float64Array): readonly Label[] {
  const ids = columnOf(frame, columns.id);
  const events = columnOf(frame, columns.eventTime).values;
  const knowns = columnOf(frame, columns.knownTime).values;
  const labels: Label[] = [];
  for (let row = 0; row < frame.nRows; row += 1) {
    const entityId = idAt(ids, row);
    const label = { value: values[row] ?? Number.NaN, eventMs: events[row] ?? Number.NaN, knownMs: knowns[row] ?? Number.NaN };
    const isWhole = Number.isFinite(label.value) && Number.isFinite(label.eventMs) && Number.isFinite(label.knownMs);
    if (entityId !== undefined && isWhole) labels.push({ entityId, ...label });
  }
  return labels;
}

function idAt(column: Column, row: number): string | undefined {
  const value = column.values[row] ?? Number.NaN;
  if (column.kind === 'levels') return column.levels[value];
  return Number.isNaN(value) ? undefined : String(value);
}
