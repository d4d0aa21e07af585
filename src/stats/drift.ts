import { type Estimate, pointEstimate } from '#kernel';
import { countAgainst, type LevelSummary, type LevelValues, type NumericSummary } from './column-summaries.ts';
import { finiteValues } from './kernels/scans.ts';
import { wassersteinOfSorted } from './kernels/two-sample.ts';
import { estimateProportion, estimateProportionDifference, type TestResult } from './proportions.ts';
import type { NumberArray } from './requirements.ts';
import { hellingerDistance, jensenShannonDistance, sharesOf, testSameShares, total } from './share-distances.ts';
import { type DriftScore, psiAgainst, type StabilityOptions } from './stability.ts';
import { testSorted } from './two-sample-tests.ts';

/** How a numeric column differs from its reference, by several definitions at once. */
export interface NumericDrift {
  readonly kind: 'numeric';
  /** Current rows with a finite number, and the reference's. */
  readonly n: number;
  readonly nReference: number;
  readonly psi: DriftScore;
  /** On the same bins, base 2, in [0, 1]. */
  readonly jensenShannon: DriftScore;
  /** On the same bins, in [0, 1]. */
  readonly hellinger: DriftScore;
  /** Statistic in [0, 1]; the p-value is NaN when the reference was thinned, since it would not be one. */
  readonly kolmogorovSmirnov: TestResult;
  /** In standard deviations of the reference; NaN when that is near constant. */
  readonly wasserstein: DriftScore;
  /** Share of missing rows now minus then. */
  readonly missingShareDifference: Estimate;
  /** Share of current values outside the reference's [min, max]. */
  readonly outOfRangeShare: Estimate;
  /** At least 98 % of the reference was one value: read `psi`, which then compares below, at and above it. */
  readonly isReferenceNearConstant: boolean;
}

/** How a column of levels differs from its reference. */
export interface LevelDrift {
  readonly kind: 'levels';
  /** Current rows with a level, unseen ones included, and the reference's. */
  readonly n: number;
  readonly nReference: number;
  /** On known levels, as are the next three. */
  readonly psi: DriftScore;
  readonly jensenShannon: DriftScore;
  readonly hellinger: DriftScore;
  readonly chiSquare: TestResult;
  /** Share of missing rows now minus then. */
  readonly missingShareDifference: Estimate;
  /** Share of current rows whose level the reference does not know. */
  readonly unseenShare: Estimate;
  /** Those levels, most frequent first. */
  readonly unseen: readonly { readonly level: string; readonly count: number }[];
}

/**
 * Compares a numeric column with its reference.
 *
 * @param summary - The reference.
 * @param current - One a row; NaN and infinities count as missing.
 * @param options - Level and days of the stability index's interval.
 * @returns Every distance with its definition; NaN when either side has no rows.
 * @throws {@link GyreError} `stats/length-mismatch` or `stats/bad-argument` for bad options.
 * @example
 * ```ts
 * const reference = summarizeNumeric(Float64Array.of(1, 2, 3, 4));
 * numericDrift(reference, Float64Array.of(1, 2, 3, 4)).kolmogorovSmirnov.statistic; // => 0
 * ```
 * @see {@link psiAgainst}, {@link jensenShannonDistance}, {@link testSameDistribution}, {@link wassersteinDistance}.
 */
export function numericDrift(summary: NumericSummary, current: NumberArray, options: StabilityOptions = {}): NumericDrift {
  const counts = countAgainst(summary, current);
  const values = finiteValues(current).sort();
  const level = options.level ?? 0.95;
  const inside = values.filter((value) => value >= summary.min && value <= summary.max).length;
  const bins = `${summary.counts.length} reference bins`;
  return {
    kind: 'numeric',
    n: counts.n,
    nReference: summary.n,
    psi: psiAgainst(summary, current, options),
    ...binDistances(summary, counts.counts, bins),
    kolmogorovSmirnov: gapTo(summary, values),
    wasserstein: normedWasserstein(summary, values),
    missingShareDifference: missingDifference(summary, { n: counts.n, missing: counts.missing }, level),
    outOfRangeShare: estimateProportion({ successes: values.length - inside, trials: values.length }, level),
    isReferenceNearConstant: summary.isNearConstant,
  };
}

/**
 * Compares a column of levels with its reference.
 *
 * @param summary - The reference.
 * @param current - Codes into its own levels, which may be others or in another order; -1 is missing.
 * @param options - Level and days of the stability index's interval.
 * @returns Every distance with its definition; NaN when either side has no rows.
 * @throws {@link GyreError} `stats/not-a-label`, `stats/length-mismatch` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * const reference = summarizeLevels({ values: Int32Array.of(0, 0, 1), levels: ['ORD', 'ATL'] });
 * levelDrift(reference, { values: Int32Array.of(0, 1), levels: ['ATL', 'MQT'] }).unseen; // => [{ level: 'MQT', count: 1 }]
 * ```
 * @see {@link psiAgainst}, {@link jensenShannonDistance}, {@link testSameShares}.
 */
export function levelDrift(summary: LevelSummary, current: LevelValues, options: StabilityOptions = {}): LevelDrift {
  const counts = countAgainst(summary, current);
  const level = options.level ?? 0.95;
  const unseen = total(counts.unseen.map((each) => each.count));
  return {
    kind: 'levels',
    n: counts.n,
    nReference: summary.n,
    psi: psiAgainst(summary, current, options),
    ...binDistances(summary, counts.counts, `${summary.levels.length} levels`),
    chiSquare: testSameShares(summary.counts, counts.counts),
    missingShareDifference: missingDifference(summary, { n: counts.n, missing: counts.missing }, level),
    unseenShare: estimateProportion({ successes: unseen, trials: counts.n }, level),
    unseen: counts.unseen,
  };
}

function binDistances(summary: NumericSummary | LevelSummary, counts: readonly number[], bins: string) {
  const [p, q] = [sharesOf(summary.counts), sharesOf(counts)];
  const n = total(counts);
  const of = (definition: string, value: number): DriftScore => ({
    definition: `${definition}(${bins})`,
    estimate: pointEstimate(value, n),
    nReference: summary.n,
  });
  return {
    jensenShannon: of('jensen-shannon-distance-base-2', jensenShannonDistance(p, q)),
    hellinger: of('hellinger', hellingerDistance(p, q)),
  };
}

function gapTo(summary: NumericSummary, values: Float64Array): TestResult {
  const result = testSorted(Float64Array.from(summary.sample), values);
  if (summary.sample.length === summary.n) return result;
  const definition = `kolmogorov-smirnov(reference thinned to ${summary.sample.length} order statistics)`;
  return { definition, statistic: result.statistic, pValue: Number.NaN, n: summary.n + values.length };
}

function normedWasserstein(summary: NumericSummary, values: Float64Array): DriftScore {
  const isDefined = !summary.isNearConstant && summary.deviation > 0 && values.length > 0;
  const value = isDefined ? wassersteinOfSorted(Float64Array.from(summary.sample), values) / summary.deviation : Number.NaN;
  return {
    definition: 'wasserstein-per-reference-deviation',
    estimate: pointEstimate(value, values.length),
    nReference: summary.n,
  };
}

function missingDifference(
  summary: NumericSummary | LevelSummary,
  current: { readonly n: number; readonly missing: number },
  level: number,
): Estimate {
  const reference = { successes: summary.missing, trials: summary.missing + summary.n };
  return estimateProportionDifference(reference, { successes: current.missing, trials: current.missing + current.n }, level);
}
