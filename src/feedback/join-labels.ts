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

/**
 * Adds two columns to predictions: `label` (float32) and `labelKnown` (float64 ms), NaN while unknown.
 *
 * Who asks again after a failure gets another row of the same entity, moment and deployment: only the last of them
 * carries the label, so that nothing that came true counts twice.
 */
export function joinLabels(predictions: Frame, labels: readonly Label[]): Frame {
  const isAskedAgain = rowsAskedAgain(predictions);
  const byEntity = new Map(labels.map((label) => [label.entityId, label]));
  const ids = columnOf(predictions, 'id');
  const values = new Float32Array(predictions.nRows);
  const knowns = new Float64Array(predictions.nRows);
  for (let row = 0; row < predictions.nRows; row += 1) {
    const label = isAskedAgain[row] === 1 ? undefined : byEntity.get(textAt(ids, row) ?? '');
    values[row] = label?.value ?? Number.NaN;
    knowns[row] = label?.knownMs ?? Number.NaN;
  }
  const added: readonly Column[] = [
    { kind: 'float32', name: 'label', values },
    { kind: 'float64', name: 'labelKnown', values: knowns },
  ];
  return { nRows: predictions.nRows, columns: [...predictions.columns, ...added] };
}

/** Marks with 1 the rows that a later row of the same entity, moment and deployment repeats. */
function rowsAskedAgain(predictions: Frame): Uint8Array {
  const ids = columnOf(predictions, 'id').values;
  const moments = columnOf(predictions, 'moment').values;
  const deployments = predictions.columns.find((column) => column.name === 'deployment')?.values;
  const shadows = columnOf(predictions, 'shadow').values;
  const lastOf = new Map<number, Map<number, number>>();
  const marks = new Uint8Array(predictions.nRows);
  for (let row = 0; row < predictions.nRows; row += 1) {
    const answerer = 2 * (deployments?.[row] ?? 0) + (shadows[row] ?? 0);
    const rows = lastOf.get(answerer) ?? new Map<number, number>();
    lastOf.set(answerer, rows);
    const id = ids[row] ?? -1;
    const before = rows.get(id);
    if (before !== undefined && moments[before] === moments[row]) marks[before] = 1;
    rows.set(id, row);
  }
  return marks;
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
