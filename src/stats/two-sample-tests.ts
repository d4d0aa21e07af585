import { kolmogorovSmirnovGap, pathsBeyondGap, wassersteinOfSorted } from './kernels/two-sample.ts';
import type { TestResult } from './proportions.ts';
import { type NumberArray, requireFinite } from './requirements.ts';

/** Largest product of sizes for which the p-value is counted exactly: some 10 ms of work. */
const MOST_EXACT_CELLS = 4_000_000;

/**
 * Tests whether two samples of numbers come from the same distribution.
 *
 * @param reference - Finite numbers, in any order.
 * @param current - Finite numbers, in any order.
 * @returns The largest gap between the two cumulative shares, in [0, 1], and its p-value: exact while the product of the
 *   sizes is at most 4,000,000, else by the limit law; NaN when a sample is empty.
 * @throws {@link GyreError} `stats/not-finite` for a NaN or infinite value.
 * @example
 * ```ts
 * testSameDistribution(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)).statistic; // => 1
 * ```
 * @see Smirnov (1939); exact by counting lattice paths: Hodges, Arkiv för Matematik 3 (1958). Equals SciPy 1.17.1
 *   `ks_2samp(method='exact')`, and the limit law its `asymp` within 4 % of the p-value.
 */
export function testSameDistribution(reference: NumberArray, current: NumberArray): TestResult {
  requireFinite('reference value', reference);
  requireFinite('current value', current);
  return testSorted(sorted(reference), sorted(current));
}

/** {@link testSameDistribution} on sorted samples. */
export function testSorted(reference: Float64Array, current: Float64Array): TestResult {
  const [m, n] = [reference.length, current.length];
  const statistic = m === 0 || n === 0 ? Number.NaN : kolmogorovSmirnovGap(reference, current);
  const isExact = m * n <= MOST_EXACT_CELLS;
  const definition = `kolmogorov-smirnov(${isExact ? 'exact' : 'asymptotic'})`;
  return { definition, statistic, pValue: gapProbability(statistic, m, n, isExact), n: m + n };
}

/**
 * Computes the Wasserstein distance of order 1: how far the values must move, on average, to turn one sample into the other.
 *
 * @param reference - Finite numbers, in any order.
 * @param current - Finite numbers, in any order.
 * @returns A number of 0 or more in the unit of the values; NaN when a sample is empty.
 * @throws {@link GyreError} `stats/not-finite` for a NaN or infinite value.
 * @example
 * ```ts
 * wassersteinDistance(Float64Array.of(0, 1), Float64Array.of(5, 6)); // => 5
 * ```
 * @see Vallender, Theory of Probability and its Applications 18 (1974). Equals SciPy 1.17.1 `wasserstein_distance`.
 */
export function wassersteinDistance(reference: NumberArray, current: NumberArray): number {
  requireFinite('reference value', reference);
  requireFinite('current value', current);
  if (reference.length === 0 || current.length === 0) return Number.NaN;
  return wassersteinOfSorted(sorted(reference), sorted(current));
}

/** Chance of a gap at least as wide between samples of m and n values of one distribution. */
export function gapProbability(gap: number, m: number, n: number, isExact: boolean): number {
  if (Number.isNaN(gap)) return Number.NaN;
  if (isExact) return pathsBeyondGap(m, n, Math.round(gap * m * n));
  return kolmogorovTail(Math.sqrt((m * n) / (m + n)) * gap, (m * n) / (m + n));
}

/**
 * Tail of Kolmogorov's limit law, with the correction for a finite sample.
 *
 * @see Kolmogorov (1933); Vrbik, Pioneer Journal of Theoretical and Applied Statistics 15 (2018), for the correction.
 */
function kolmogorovTail(x: number, size: number): number {
  const at = x + 1 / (6 * Math.sqrt(size)) + (x - 1) / (4 * size);
  if (at < 0.2) return 1;
  const terms = Array.from({ length: 100 }, (_, k) => (k % 2 === 0 ? 2 : -2) * Math.exp(-2 * (k + 1) ** 2 * at * at));
  return Math.min(
    1,
    Math.max(
      0,
      terms.reduce((sum, term) => sum + term, 0),
    ),
  );
}

function sorted(values: NumberArray): Float64Array {
  return Float64Array.from(values).sort();
}
