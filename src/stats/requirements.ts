import { GyreError } from '#kernel';
import type { statsErrors } from './errors.ts';
import { firstNonBinary, firstNonFinite, firstOutside } from './kernels/scans.ts';

/** Numbers in a typed array: what every function of this slice reads. */
export type NumberArray = Float64Array | Float32Array;

type Code = keyof typeof statsErrors;

export function statsError(code: Code, message: string): GyreError {
  return new GyreError({ kind: 'invalid', code, message });
}

export function requireSameLength(expected: number, name: string, values: ArrayLike<unknown> | undefined): void {
  if (values === undefined || values.length === expected) return;
  throw statsError('stats/length-mismatch', `${name} has ${values.length} values for ${expected} rows; give one a row`);
}

export function requireBinaryLabels(labels: Uint8Array): void {
  const row = firstNonBinary(labels);
  if (row < 0) return;
  throw statsError('stats/not-a-label', `label ${labels[row]} in row ${row} is neither 0 nor 1`);
}

export function requireFinite(name: string, values: NumberArray | undefined): void {
  if (values === undefined) return;
  const row = firstNonFinite(values);
  if (row < 0) return;
  throw statsError('stats/not-finite', `${name} ${values[row]} in row ${row} is not a finite number; leave such rows out`);
}

export function requireWeights(nRows: number, weights: NumberArray | undefined): void {
  if (weights === undefined) return;
  requireSameLength(nRows, 'weights', weights);
  requireFinite('weight', weights);
  const row = firstOutside(weights, 0, Number.POSITIVE_INFINITY);
  if (row >= 0) throw statsError('stats/bad-argument', `weight ${weights[row]} in row ${row} is negative`);
}

export function requireProbabilities(scores: NumberArray): void {
  const row = firstOutside(scores, 0, 1);
  if (row < 0) return;
  throw statsError(
    'stats/not-a-probability',
    `score ${scores[row]} in row ${row} is not in [0, 1]; calibrate the scores or use rocAuc`,
  );
}

export function requireLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw statsError('stats/bad-argument', `confidence level ${level} is not in (0, 1); 0.95 is usual`);
}

export function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw statsError('stats/bad-argument', `${name} ${value} is not a whole number of ${least} or more`);
}

export function requireRange(name: string, value: number, range: { readonly low: number; readonly high: number }): void {
  if (value >= range.low && value <= range.high) return;
  throw statsError('stats/bad-argument', `${name} ${value} is not in [${range.low}, ${range.high}]`);
}
