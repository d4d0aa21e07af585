import { compileNumber, type NumberReader } from './compile-row.ts';
import type { WindowFeature } from './feature-view.ts';

/** Largest magnitude of one fact's value; beyond it the value is missing, so that 2^22 facts sum up exactly in a double. */
export const LARGEST_FACT = 2_147_483_648;

/** Gives a feature's value from the integers behind it. */
export function windowValue(feature: WindowFeature, numerator: number, denominator: number): number {
  if (feature.aggregate !== 'mean') return numerator;
  return denominator === 0 ? Number.NaN : numerator / denominator;
}

/** Reads what one fact adds to a window: a whole number, NaN for nothing. */
export function factReader(feature: WindowFeature, slotOf: ReadonlyMap<string, number>): NumberReader {
  const { value } = feature;
  if (value === undefined) return () => 1;
  const read = compileNumber(value, slotOf);
  return (slots, row) => {
    const read1 = read(slots, row);
    return Math.abs(read1) <= LARGEST_FACT ? read1 : Number.NaN;
  };
}
