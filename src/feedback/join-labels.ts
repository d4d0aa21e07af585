import { type Column, columnOf, type Frame } from '#kernel';
import type { Coverage } from './coverage.ts';
import type { Label } from './label.ts';

/** Entities that were really answered for, shadows left out. */
export function answeredEntities(predictions: Frame): ReadonlySet<string> {
  const ids = columnOf(predictions, 'id');
  const shadows = columnOf(predictions, 'shadow').values;
  const entities = new Set<string>();
  for (let row = 0; row < predictions.nRows; row += 1) {
    const id = textAt(ids, row);
    if (id !== undefined && shadows[row] !== 1) entities.add(id);
  }
  return entities;
}

/** Every entity of a frame of predictions, shadows included. */
export function predictedEntities(predictions: Frame): readonly string[] {
  const ids = columnOf(predictions, 'id');
  return ids.kind === 'levels' ? ids.levels : [];
}

/** Adds two columns to predictions: `label` (float32) and `labelKnown` (float64 ms), NaN while unknown. */
export function joinLabels(predictions: Frame, labels: readonly Label[]): Frame {
  const byEntity = new Map(labels.map((label) => [label.entityId, label]));
  const ids = columnOf(predictions, 'id');
  const values = new Float32Array(predictions.nRows);
  const knowns = new Float64Array(predictions.nRows);
  for (let row = 0; row < predictions.nRows; row += 1) {
    const label = byEntity.get(textAt(ids, row) ?? '');
    values[row] = label?.value ?? Number.NaN;
    knowns[row] = label?.knownMs ?? Number.NaN;
  }
  const added: readonly Column[] = [
    { kind: 'float32', name: 'label', values },
    { kind: 'float64', name: 'labelKnown', values: knowns },
  ];
  return { nRows: predictions.nRows, columns: [...predictions.columns, ...added] };
}

/** What a coverage is counted from. */
export interface CoverageFacts {
  readonly expected: ReadonlySet<string>;
  /** Labels of the expected entities that are known. */
  readonly labels: readonly Label[];
  /** Entities with a label whose event lies in the window of the predictions. */
  readonly labelledInWindow: readonly string[];
  readonly isMature: boolean;
}

/** Counts how many of the labels of a window have arrived. */
export function coverageOf(facts: CoverageFacts): Coverage {
  const expected = facts.expected.size;
  const arrived = facts.labels.filter((label) => facts.expected.has(label.entityId)).length;
  const orphans = facts.labelledInWindow.filter((id) => !facts.expected.has(id)).length;
  return { expected, arrived, ratio: expected === 0 ? Number.NaN : arrived / expected, orphans, mature: facts.isMature };
}

function textAt(column: Column, row: number): string | undefined {
  const value = column.values[row] ?? Number.NaN;
  if (column.kind === 'levels') return column.levels[value];
  return Number.isNaN(value) ? undefined : String(value);
}
