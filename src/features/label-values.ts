import { finiteFloat32 } from '#data';
import { type Frame, GyreError } from '#kernel';
import { compileNumber } from './compile-row.ts';
import type { FeatureView } from './feature-view.ts';

/**
 * Computes the label of outcomes: the same expression that labels training tables.
 *
 * @param view - The view with the label's definition.
 * @param outcomes - Rows of the label's dataset, as data hands them out.
 * @returns One value a row: 0 or 1, or a number as models read it; NaN where it cannot be told.
 * @throws {@link GyreError} `features/no-label` when the view declares none.
 */
export function labelValues(view: FeatureView, outcomes: Frame): Float64Array {
  if (view.label === undefined) {
    throw new GyreError({
      kind: 'invalid',
      code: 'features/no-label',
      message: `the feature view "${view.name}" declares no label`,
    });
  }
  const slotOf = new Map(outcomes.columns.map((column, index) => [column.name, index]));
  const read = compileNumber(view.label.value, slotOf);
  return Float64Array.from({ length: outcomes.nRows }, (_, row) => finiteFloat32(read(outcomes.columns, row)));
}
