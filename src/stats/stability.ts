import type { Estimate } from '#kernel';
import { type BinCounts, type ColumnSummary, countAgainst, type LevelValues } from './column-summaries.ts';
import { type DayIndex, daysOfSample, indexDays } from './day-index.ts';
import { normalQuantile, studentTQuantile } from './distributions.ts';
import { countCodesByDay, countInBinsByDay } from './kernels/bins.ts';
import { type NumberArray, requireLevel, requireSameLength, statsError } from './requirements.ts';
import { populationStability, sharesOf, sumOfPairs, total } from './share-distances.ts';

/** A distance from a reference, and by which definition it was measured. */
export interface DriftScore {
  /** Name of the definition, with what it was computed on. */
  readonly definition: string;
  /** The distance; `n` counts current rows. NaN when either side has no rows. */
  readonly estimate: Estimate;
  /** Rows of the reference. */
  readonly nReference: number;
}

/** How sure a stability index must be, and what its rows share. */
export interface StabilityOptions {
  /**
   * Confidence level in (0, 1).
   *
   * @defaultValue 0.95
   */
  readonly level?: number;
  /** Number of the UTC day of each current row; without them rows are taken as independent. */
  readonly days?: Int32Array;
}

const LEAST_DAYS = 3;

/**
 * Measures how far a current column has moved from a reference: the population stability index, profile `credit-psi`
 * (reference quantile bins or levels, shares floored at 1e-4). Levels that the reference does not know are left out and
 * reported by {@link levelDrift}.
 *
 * @param summary - The reference.
 * @param current - Numbers for a numeric summary, levels for one of levels; missing rows are left out.
 * @param options - Level, and the days of the rows: with 3 days or more the interval is a delete-a-day t interval.
 * @returns The index by its usual definition. It is biased upwards by about (bins - 1) (1 / n + 1 / nReference); the
 *   interval is for the index of the populations, corrected for that, and so may lie mostly below the value.
 * @throws {@link GyreError} `stats/bad-summary` when the kinds differ; `stats/not-a-label`, `stats/length-mismatch` or
 *   `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const reference = summarizeNumeric(Float64Array.of(1, 2, 3, 4), { nBins: 2 });
 * psiAgainst(reference, Float64Array.of(1, 3, 3, 4)).estimate.value.toFixed(6); // => '0.274653'
 * ```
 * @see Yurdakul and Naranjo, "Statistical properties of the population stability index", Journal of Risk Model Validation
 *   14 (2020), for the law without change; the multinomial delta method with it; Efron and Stein (1981) for days.
 */
export function psiAgainst(
  summary: ColumnSummary,
  current: NumberArray | LevelValues,
  options: StabilityOptions = {},
): DriftScore {
  const counts = countAgainst(summary, current);
  if (options.days === undefined) return psiOfCounts(summary, counts, options.level);
  const nRows = 'levels' in current ? current.values.length : current.length;
  requireSameLength(nRows, 'days', options.days);
  const days = indexDays([options.days]);
  const { level = 0.95 } = options;
  requireLevel(level);
  const byDay = countsOfDays(summary, current, days);
  if (Math.min(days.nCounted, byDay.length) < LEAST_DAYS) {
    const byRow = psiOfCounts(summary, counts, level);
    return { ...byRow, estimate: { ...byRow.estimate, method: `${byRow.estimate.method}, conditional` } };
  }
  return psiOfDays(summary, byDay, { level, nCounted: days.nCounted });
}

/**
 * Measures the population stability index from counts, such as the sum of many windows' counts.
 *
 * @param summary - The reference.
 * @param counts - From {@link countAgainst} with the same reference.
 * @param level - Confidence level in (0, 1).
 * @returns As {@link psiAgainst} without days.
 * @throws {@link GyreError} `stats/bad-summary` when the counts have another number of bins, `stats/bad-argument` for the level.
 * @example
 * ```ts
 * const reference = summarizeNumeric(Float64Array.of(1, 2, 3, 4), { nBins: 2 });
 * psiOfCounts(reference, { counts: [5, 5], n: 10, missing: 0, unseen: [] }).estimate.value; // => 0
 * ```
 * @see {@link psiAgainst}.
 */
export function psiOfCounts(summary: ColumnSummary, counts: BinCounts, level = 0.95): DriftScore {
  requireLevel(level);
  if (counts.counts.length !== summary.counts.length) {
    throw statsError(
      'stats/bad-summary',
      `${counts.counts.length} counts for ${summary.counts.length} bins; count against this reference`,
    );
  }
  const m = total(summary.counts);
  const n = total(counts.counts);
  const parts = partsOf(summary.counts, counts.counts);
  const nHeld = sumOfPairs(summary.counts, counts.counts, (a, b) => (a + b > 0 ? 1 : 0));
  const noise = Math.max(0, nHeld - 1) * (1 / m + 1 / n);
  const spread = Math.sqrt(parts.varianceOfReference + parts.varianceOfCurrent + 2 * noise * (1 / m + 1 / n));
  const half = normalQuantile((1 + level) / 2) * spread;
  return score(summary, { value: parts.value, centre: parts.value - noise, half, level, n, method: 'multinomial-delta' });
}

function psiOfDays(
  summary: ColumnSummary,
  byDay: readonly (readonly number[])[],
  options: { readonly level: number; readonly nCounted: number },
): DriftScore {
  const all = byDay.reduce((sum, day) => sum.map((count, bin) => count + (day[bin] ?? 0)));
  const parts = partsOf(summary.counts, all);
  const reference = sharesOf(summary.counts);
  const without = byDay.map((day) => populationStability(reference, sharesOf(all.map((count, bin) => count - (day[bin] ?? 0)))));
  const mean = total(without) / without.length;
  const scale = (without.length - 1) / without.length;
  const varianceOfDays = scale * total(without.map((value) => (value - mean) ** 2));
  const noise = Math.max(0, (without.length - 1) * (mean - parts.value)) + (reference.length - 1) / summary.n;
  const half =
    studentTQuantile((1 + options.level) / 2, options.nCounted - 1) * Math.sqrt(varianceOfDays + parts.varianceOfReference);
  const method = `day-jackknife-t(${options.nCounted} days)`;
  return score(summary, { value: parts.value, centre: parts.value - noise, half, level: options.level, n: total(all), method });
}

function score(
  summary: ColumnSummary,
  { value, centre, half, level, n, method }: Omit<Estimate, 'low' | 'high'> & { readonly centre: number; readonly half: number },
): DriftScore {
  const isKnown = Number.isFinite(value) && Number.isFinite(half);
  const low = isKnown ? Math.min(value, Math.max(0, centre - half)) : Number.NaN;
  const high = isKnown ? Math.max(value, centre + half) : Number.NaN;
  return { definition: definitionOf(summary), estimate: { value, low, high, level, n, method }, nReference: summary.n };
}

function definitionOf(summary: ColumnSummary): string {
  if (summary.kind === 'levels') return `credit-psi(${summary.levels.length} levels, floor 1e-4)`;
  if (summary.isNearConstant) return 'credit-psi(below, at and above the constant, floor 1e-4)';
  return `credit-psi(${summary.counts.length} reference quantile bins, floor 1e-4)`;
}

/**
 * The index and the variances that each side's sampling gives it, by the delta method. The variances take half a row
 * more in each bin (Jeffreys), so that a bin without rows is not taken for certain.
 */
function partsOf(reference: readonly number[], current: readonly number[]) {
  const p = sharesOf(reference.map((count) => count + 0.5));
  const q = sharesOf(current.map((count) => count + 0.5));
  const slope = (a: number, b: number): number => Math.log(a / b) + 1 - b / a;
  const variance = (of: readonly number[], other: readonly number[]): number => {
    const mean = sumOfPairs(of, other, (a, b) => a * slope(a, b));
    return Math.max(0, sumOfPairs(of, other, (a, b) => a * slope(a, b) ** 2) - mean * mean);
  };
  return {
    value: populationStability(sharesOf(reference), sharesOf(current)),
    varianceOfReference: variance(p, q) / total(reference),
    varianceOfCurrent: variance(q, p) / total(current),
  };
}

function countsOfDays(
  summary: ColumnSummary,
  current: NumberArray | LevelValues,
  days: DayIndex,
): readonly (readonly number[])[] {
  const nBins = summary.counts.length;
  const flat = flatCountsOfDays(summary, current, days);
  const byDay = Array.from({ length: days.nDays }, (_, day) => [...flat.subarray(day * nBins, (day + 1) * nBins)]);
  return byDay.filter((counts) => total(counts) > 0);
}

function flatCountsOfDays(summary: ColumnSummary, current: NumberArray | LevelValues, days: DayIndex): Float64Array {
  const dayOfRow = daysOfSample(days, 0);
  if (summary.kind === 'numeric' && !('levels' in current)) return countInBinsByDay(current, summary.edges, dayOfRow, days.nDays);
  if (summary.kind === 'numeric' || !('levels' in current)) return new Float64Array(0);
  const bins = new Map(summary.levels.map((level, bin) => [level, bin]));
  const binOfCode = Int32Array.from(current.levels, (level) => bins.get(level) ?? -1);
  return countCodesByDay(current.values, binOfCode, summary.counts.length, dayOfRow, days.nDays);
}
