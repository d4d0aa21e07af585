import type { Estimate } from '#kernel';
import { requireProbabilityRows, requireRows } from './binary-metrics.ts';
import { type BinaryMetric, ratioTerms } from './binary-terms.ts';
import { type DayIndex, daysOfSample, indexDays } from './day-index.ts';
import { estimateByDay, type IntervalOptions } from './day-intervals.ts';
import {
  averagePrecisionStatistic,
  type DayRows,
  type DayStatistic,
  pairedStatistic,
  ratioStatistic,
  rocAucStatistic,
  twoSampleStatistic,
} from './day-statistics.ts';
import { type NumberArray, requireSameLength } from './requirements.ts';

/** Which metric to estimate, and how sure the interval must be. */
export interface BinaryEstimateOptions extends IntervalOptions {
  readonly metric: BinaryMetric;
  /**
   * A score at or above it decides for positive, for metrics of decisions.
   *
   * @defaultValue 0.5
   */
  readonly threshold?: number;
}

/** Labels, scores and days; one entry a row, in any order. */
export interface DatedRows {
  /** 1 is the positive class, 0 the other. */
  readonly labels: Uint8Array;
  /** Finite; probabilities in [0, 1] for `logLoss`, `brier` and `meanScore`. */
  readonly scores: NumberArray;
  /** Number of the UTC day of each row, such as days since 1970; any whole numbers do. */
  readonly days: Int32Array;
}

/** Labels, the scores of two models, and days; one entry a row, in any order. */
export interface DatedPairs {
  readonly labels: Uint8Array;
  /** Scores of the first model, such as the champion. */
  readonly scoresA: NumberArray;
  /** Scores of the second model, such as the challenger. */
  readonly scoresB: NumberArray;
  /** Number of the UTC day of each row. */
  readonly days: Int32Array;
}

/**
 * Estimates a metric of a binary model with an interval whose unit is the day.
 *
 * @param input - Rows, metric, level, seed.
 * @returns The exact value, with an interval by day bootstrap (10 days or more), by delete-a-day t (3 to 9), or, below
 *   that, one that holds for these days only and is labelled `conditional`. NaN where the metric is undefined. A day with
 *   less than 1/20 of the median day's rows is not counted as a day.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite`, `stats/not-a-probability` or
 *   `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const labels = Uint8Array.of(0, 0, 1, 1);
 * const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8);
 * estimateBinary({ labels, scores, days: Int32Array.of(7, 7, 7, 7), metric: 'rocAuc' }).method; // => 'delong, conditional'
 * ```
 * @see Hesterberg, The American Statistician 69 (2015); Field and Welsh, "Bootstrapping clustered data", JRSS B 69 (2007).
 */
export function estimateBinary(input: DatedRows & BinaryEstimateOptions): Estimate {
  requireDatedRows(input, input.metric);
  const days = indexDays([input.days]);
  return estimateByDay(statisticOf(dayRows(input, days, 0), input), days, input);
}

/**
 * Estimates how much better or worse the second model does than the first on the same rows.
 *
 * @param input - Rows scored by both models, metric, level, seed.
 * @returns B minus A, with an interval from resampling the same days for both; see {@link estimateBinary}.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite`, `stats/not-a-probability` or
 *   `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const labels = Uint8Array.of(0, 0, 1, 1);
 * const [scoresA, scoresB] = [Float64Array.of(0.1, 0.4, 0.35, 0.8), Float64Array.of(0.1, 0.2, 0.3, 0.4)];
 * estimatePairedDifference({ labels, scoresA, scoresB, days: new Int32Array(4), metric: 'rocAuc' }).value; // => 0.25
 * ```
 * @see {@link estimateBinary}; below three days DeLong's paired variance, Biometrics 44 (1988).
 */
export function estimatePairedDifference(input: DatedPairs & BinaryEstimateOptions): Estimate {
  const { labels, scoresA, scoresB } = input;
  const rowsA = { labels, scores: scoresA, days: input.days };
  const rowsB = { labels, scores: scoresB, days: input.days };
  requireDatedRows(rowsA, input.metric);
  requireDatedRows(rowsB, input.metric);
  const days = indexDays([input.days]);
  const a = statisticOf(dayRows(rowsA, days, 0), input);
  const b = statisticOf(dayRows(rowsB, days, 0), input);
  return estimateByDay(pairedStatistic(a, b), days, input);
}

/**
 * Estimates how much a metric differs between two separate samples, such as a canary and its control.
 *
 * @param input - The two samples, metric, level, seed.
 * @returns B minus A. Samples that share days are resampled by day together, so that what the days have in common
 *   cancels; otherwise separately. `n` counts both; the fewer days decide the method; see {@link estimateBinary}.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite`, `stats/not-a-probability` or
 *   `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const a = { labels: Uint8Array.of(0, 1), scores: Float64Array.of(0.2, 0.4), days: new Int32Array(2) };
 * estimateTwoSampleDifference({ a, b: a, metric: 'brier' }).value; // => 0
 * ```
 * @see {@link estimateBinary}.
 */
export function estimateTwoSampleDifference(
  input: { readonly a: DatedRows; readonly b: DatedRows } & BinaryEstimateOptions,
): Estimate {
  requireDatedRows(input.a, input.metric);
  requireDatedRows(input.b, input.metric);
  const days = indexDays([input.a.days, input.b.days]);
  const a = statisticOf(dayRows(input.a, days, 0), input);
  const b = statisticOf(dayRows(input.b, days, 1), input);
  return estimateByDay(twoSampleStatistic(a, b), days, input);
}

function statisticOf(rows: DayRows, options: BinaryEstimateOptions): DayStatistic {
  const { metric, threshold = 0.5 } = options;
  if (metric === 'rocAuc') return rocAucStatistic(rows);
  if (metric === 'averagePrecision') return averagePrecisionStatistic(rows);
  const terms = ratioTerms(metric, rows.labels, rows.scores, threshold);
  const high = metric === 'logLoss' ? Number.POSITIVE_INFINITY : 1;
  return ratioStatistic({ ...terms, dayOfRow: rows.dayOfRow, nDays: rows.nDays, range: { low: 0, high } });
}

function dayRows(rows: DatedRows, days: DayIndex, sample: number): DayRows {
  return { labels: rows.labels, scores: rows.scores, dayOfRow: daysOfSample(days, sample), nDays: days.nDays };
}

function requireDatedRows({ labels, scores, days }: DatedRows, metric: BinaryMetric): void {
  requireSameLength(labels.length, 'days', days);
  if (metric === 'logLoss' || metric === 'brier' || metric === 'meanScore') requireProbabilityRows({ labels, scores });
  else requireRows({ labels, scores });
}
