import type { Estimate } from '#kernel';
import { daysOfSample, indexDays } from './day-index.ts';
import { estimateByDay, type IntervalOptions } from './day-intervals.ts';
import { type DayStatistic, pairedStatistic, ratioStatistic, rootStatistic, twoSampleStatistic } from './day-statistics.ts';
import { errorTerms, mapTerms } from './kernels/errors-of-rows.ts';
import { type NumberArray, requireFinite, requireSameLength, requireWeights } from './requirements.ts';

/** A value for each row, with its day. */
export interface DatedValues {
  /** Finite; such as a loss, a cost, or 1 for an error and 0 otherwise. */
  readonly values: NumberArray;
  /** Number of the UTC day of each row. */
  readonly days: Int32Array;
  /** 0 or more; the mean is then the sum of weight times value over the sum of weights. */
  readonly weights?: NumberArray;
}

/**
 * Estimates the mean of any value that rows have, with an interval whose unit is the day.
 *
 * @param input - Values, days, level, seed.
 * @returns The mean with an interval by the rules of {@link estimateBinary}; NaN without rows or weight.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-finite` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const days = Int32Array.of(1, 1, 2, 2, 3, 3);
 * estimateMean({ values: Float64Array.of(1, 3, 2, 2, 1, 3), days }).method; // => 'day-jackknife-t(3 days)'
 * ```
 * @see {@link estimateBinary}.
 */
export function estimateMean(input: DatedValues & IntervalOptions): Estimate {
  requireDatedValues(input);
  const days = indexDays([input.days]);
  return estimateByDay(meanStatistic(input, daysOfSample(days, 0), days.nDays), days, input);
}

/**
 * Estimates the difference of two means from separate samples.
 *
 * @param input - The two samples, level, seed.
 * @returns B minus A, by the rules of {@link estimateTwoSampleDifference}.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-finite` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const a = { values: Float64Array.of(1, 2), days: Int32Array.of(1, 1) };
 * estimateMeanDifference({ a, b: { values: Float64Array.of(3, 4), days: Int32Array.of(1, 1) } }).value; // => 2
 * ```
 * @see {@link estimateTwoSampleDifference}.
 */
export function estimateMeanDifference(input: { readonly a: DatedValues; readonly b: DatedValues } & IntervalOptions): Estimate {
  requireDatedValues(input.a);
  requireDatedValues(input.b);
  const days = indexDays([input.a.days, input.b.days]);
  const a = meanStatistic(input.a, daysOfSample(days, 0), days.nDays);
  const b = meanStatistic(input.b, daysOfSample(days, 1), days.nDays);
  return estimateByDay(twoSampleStatistic(a, b), days, input);
}

/** Metrics of a regression model that can be estimated with an interval; lower is better, `meanError` nearer 0. */
export const RegressionMetric = ['mae', 'mse', 'rmse', 'meanError'] as const;

/** One metric of a regression model; see {@link RegressionMetric} for the whole set. */
export type RegressionMetric = (typeof RegressionMetric)[number];

/**
 * Estimates a metric of a regression model with an interval whose unit is the day.
 *
 * @param input - Finite targets and predictions with days, metric, level, seed.
 * @returns The metric in the unit of the target (`mse` squared), by the rules of {@link estimateBinary}.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-finite` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const [targets, predictions, days] = [Float64Array.of(1, 2), Float64Array.of(4, 6), new Int32Array(2)];
 * estimateRegression({ targets, predictions, days, metric: 'mae' }).value; // => 3.5
 * ```
 * @see {@link estimateBinary}.
 */
export function estimateRegression(
  input: {
    readonly targets: NumberArray;
    readonly predictions: NumberArray;
    readonly days: Int32Array;
    readonly metric: RegressionMetric;
  } & IntervalOptions,
): Estimate {
  requireDatedPredictions(input.targets, input.predictions, input.days);
  const days = indexDays([input.days]);
  return estimateByDay(regressionStatistic(input, daysOfSample(days, 0), days.nDays), days, input);
}

/**
 * Estimates how much a metric differs between two regression models on the same rows.
 *
 * @param input - Finite targets, both models' predictions, days, metric, level, seed.
 * @returns B minus A, by the rules of {@link estimatePairedDifference}.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-finite` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const rows = { targets: Float64Array.of(1, 2), predictionsA: Float64Array.of(4, 6), predictionsB: Float64Array.of(1, 2) };
 * estimateRegressionDifference({ ...rows, days: new Int32Array(2), metric: 'mae' }).value; // => -3.5
 * ```
 * @see {@link estimatePairedDifference}.
 */
export function estimateRegressionDifference(
  input: {
    readonly targets: NumberArray;
    readonly predictionsA: NumberArray;
    readonly predictionsB: NumberArray;
    readonly days: Int32Array;
    readonly metric: RegressionMetric;
  } & IntervalOptions,
): Estimate {
  const { targets, predictionsA, predictionsB, metric } = input;
  requireDatedPredictions(targets, predictionsA, input.days);
  requireDatedPredictions(targets, predictionsB, input.days);
  const days = indexDays([input.days]);
  const a = regressionStatistic({ targets, predictions: predictionsA, metric }, daysOfSample(days, 0), days.nDays);
  const b = regressionStatistic({ targets, predictions: predictionsB, metric }, daysOfSample(days, 0), days.nDays);
  return estimateByDay(pairedStatistic(a, b), days, input);
}

const ANY = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function meanStatistic(rows: DatedValues, dayOfRow: Int32Array, nDays: number): DayStatistic {
  const { values, weights } = rows;
  const numerators = mapTerms(values, (value, row) => value * (weights?.[row] ?? 1));
  return ratioStatistic({ numerators, denominators: weights, dayOfRow, nDays, range: ANY });
}

function regressionStatistic(
  rows: { readonly targets: NumberArray; readonly predictions: NumberArray; readonly metric: RegressionMetric },
  dayOfRow: Int32Array,
  nDays: number,
): DayStatistic {
  const errors = errorTerms(rows.targets, rows.predictions);
  const ofErrors = (numerators: Float64Array, low: number): DayStatistic =>
    ratioStatistic({ numerators, denominators: undefined, dayOfRow, nDays, range: { low, high: Number.POSITIVE_INFINITY } });
  if (rows.metric === 'meanError') return ofErrors(errors, Number.NEGATIVE_INFINITY);
  if (rows.metric === 'mae') return ofErrors(mapTerms(errors, Math.abs), 0);
  const squared = ofErrors(
    mapTerms(errors, (error) => error * error),
    0,
  );
  return rows.metric === 'rmse' ? rootStatistic(squared) : squared;
}

function requireDatedValues({ values, days, weights }: DatedValues): void {
  requireSameLength(values.length, 'days', days);
  requireFinite('value', values);
  requireWeights(values.length, weights);
}

function requireDatedPredictions(targets: NumberArray, predictions: NumberArray, days: Int32Array): void {
  requireSameLength(targets.length, 'predictions', predictions);
  requireSameLength(targets.length, 'days', days);
  requireFinite('target', targets);
  requireFinite('prediction', predictions);
}
