import type { Estimate } from '#kernel';
import type { DayIndex } from './day-index.ts';
import type { DayStatistic } from './day-statistics.ts';
import { normalCdf, normalQuantile, studentTQuantile } from './distributions.ts';
import { groupedVariance } from './kernels/days.ts';
import { createRandom, type Random } from './random.ts';
import { requireLevel, requireWhole } from './requirements.ts';

/** How an interval is to be made. */
export interface IntervalOptions {
  /**
   * Confidence level in (0, 1).
   *
   * @defaultValue 0.95
   */
  readonly level?: number;
  /**
   * Seed of the day bootstrap; the same seed gives the same interval.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
  /**
   * Resamples of the day bootstrap, 200 or more.
   *
   * @defaultValue 2000
   */
  readonly nResamples?: number;
}

const LEAST_DAYS_OF_BOOTSTRAP = 10;
const LEAST_DAYS_OF_JACKKNIFE = 3;
const MOST_UNDEFINED = 0.05;
const CONDITIONAL = ', conditional';

interface Ends {
  readonly low: number;
  readonly high: number;
}

/**
 * Estimates a statistic with the day as its unit: from 10 days a bootstrap of days, from 3 a delete-a-day t interval,
 * below that the variance with the days fixed, labelled `conditional`.
 */
export function estimateByDay(statistic: DayStatistic, days: DayIndex, options: IntervalOptions): Estimate {
  const { level = 0.95, seed = 1, nResamples = 2000 } = options;
  requireLevel(level);
  requireWhole('nResamples', nResamples, 200);
  const { method, ends } = intervalOf(statistic, days, { level, seed, nResamples });
  const { low, high } = statistic.range;
  const isKnown = Number.isFinite(statistic.value) && Number.isFinite(ends.low) && Number.isFinite(ends.high);
  return {
    value: statistic.value,
    low: isKnown ? Math.max(low, Math.min(ends.low, statistic.value)) : Number.NaN,
    high: isKnown ? Math.min(high, Math.max(ends.high, statistic.value)) : Number.NaN,
    level,
    n: statistic.n,
    method,
  };
}

/**
 * Tells whether an interval holds only for the very days it was measured on, and so must not decide anything.
 *
 * @param estimate - Any estimate.
 * @returns True when its method is labelled `conditional`.
 * @example
 * ```ts
 * isConditional(estimateMean({ values: Float64Array.of(1, 2, 3), days: Int32Array.of(5, 5, 5) })); // => true
 * ```
 */
export function isConditional(estimate: Estimate): boolean {
  return estimate.method.endsWith(CONDITIONAL);
}

function intervalOf(statistic: DayStatistic, days: DayIndex, options: Required<IntervalOptions>) {
  const counted = `${days.nCounted} ${days.nCounted === 1 ? 'day' : 'days'}`;
  if (days.nCounted >= LEAST_DAYS_OF_BOOTSTRAP) {
    return { method: `day-bootstrap(${counted})`, ends: bootstrapEnds(statistic, days, options) };
  }
  if (days.nCounted >= LEAST_DAYS_OF_JACKKNIFE) {
    return { method: `day-jackknife-t(${counted})`, ends: jackknifeEnds(statistic, days, options.level) };
  }
  return { method: `${statistic.variance}${CONDITIONAL}`, ends: conditionalEnds(statistic, options.level) };
}

/**
 * Percentiles of resampled days, pushed outwards so that for a normal statistic they equal the t interval of that many
 * days: plain percentiles are too narrow by the factor sqrt((D - 1) / D) and by z against t.
 *
 * @see Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69 (2015), section 4.
 */
function bootstrapEnds(statistic: DayStatistic, days: DayIndex, options: Required<IntervalOptions>): Ends {
  const random = createRandom(options.seed);
  const weights = new Float64Array(days.nDays);
  const values = new Float64Array(options.nResamples).map(() => {
    drawDays(weights, days.strata, random);
    return statistic.at(weights);
  });
  const defined = values.filter(Number.isFinite).sort();
  if (defined.length < (1 - MOST_UNDEFINED) * options.nResamples) return { low: Number.NaN, high: Number.NaN };
  const degrees = days.nCounted - 1;
  const t = studentTQuantile((1 + options.level) / 2, degrees) * Math.sqrt(days.nCounted / degrees);
  const tail = normalCdf(-t);
  return { low: sortedQuantile(defined, tail), high: sortedQuantile(defined, 1 - tail) };
}

function drawDays(weights: Float64Array, strata: DayIndex['strata'], random: Random): void {
  weights.fill(0);
  for (const stratum of strata) {
    for (let draw = 0; draw < stratum.length; draw += 1) {
      const day = stratum[random.below(stratum.length)] ?? 0;
      weights[day] = (weights[day] ?? 0) + 1;
    }
  }
}

/** @see Efron and Stein, Annals of Statistics 9 (1981); strata as in Rust and Rao, Statistical Methods in Medical Research 5 (1996). */
function jackknifeEnds(statistic: DayStatistic, days: DayIndex, level: number): Ends {
  const variance = days.strata.reduce((sum, stratum) => sum + stratumVariance(statistic, days.nDays, stratum), 0);
  const half = studentTQuantile((1 + level) / 2, days.nCounted - 1) * Math.sqrt(variance);
  return { low: statistic.value - half, high: statistic.value + half };
}

function stratumVariance(statistic: DayStatistic, nDays: number, stratum: readonly number[]): number {
  const weights = new Float64Array(nDays).fill(1);
  const left = stratum.map((day) => {
    weights[day] = 0;
    const value = statistic.at(weights);
    weights[day] = 1;
    return value;
  });
  const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
  const squares = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (squares * (left.length - 1)) / left.length;
}

function conditionalEnds(statistic: DayStatistic, level: number): Ends {
  if (statistic.influence === undefined || statistic.n < 2) return { low: Number.NaN, high: Number.NaN };
  const { influence, groups, nGroups } = statistic.influence();
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(groupedVariance(influence, groups, nGroups));
  return { low: statistic.value - half, high: statistic.value + half };
}

/** Quantile of sorted values by linear interpolation (Hyndman and Fan's type 7). */
function sortedQuantile(sorted: Float64Array, quantile: number): number {
  const at = quantile * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
