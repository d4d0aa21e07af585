import { chiSquareTail } from './distributions.ts';
import type { TestResult } from './proportions.ts';
import { requireSameLength, statsError } from './requirements.ts';

/** Share below which the population stability index takes this share instead. */
const PSI_FLOOR = 1e-4;

/**
 * Computes the population stability index of two sets of shares: the sum of (p - q) ln(p / q), shares below the floor
 * taken as the floor.
 *
 * @param reference - Shares of the reference, each in [0, 1].
 * @param current - Shares of the current rows in the same bins.
 * @param floor - Least share, above 0.
 * @returns A number of 0 or more, NaN without bins; 0.1 and 0.25 are the customary marks of some and much change.
 * @throws {@link GyreError} `stats/length-mismatch` when the bins differ in number, `stats/bad-argument` when the floor is not above 0.
 * @example
 * ```ts
 * populationStability([0.5, 0.5], [0.25, 0.75]).toFixed(6); // => '0.274653'
 * ```
 * @see Siddiqi, "Credit risk scorecards" (2006), chapter 9; symmetrised divergence of Jeffreys, Proc. R. Soc. A 186 (1946).
 */
export function populationStability(reference: readonly number[], current: readonly number[], floor = PSI_FLOOR): number {
  requireSameLength(reference.length, 'current', current);
  if (!(floor > 0)) throw statsError('stats/bad-argument', `floor ${floor} is not above 0`);
  if (reference.length === 0) return Number.NaN;
  return sumOfPairs(reference, current, (p, q) => {
    const [a, b] = [Math.max(p, floor), Math.max(q, floor)];
    return (a - b) * Math.log(a / b);
  });
}

/**
 * Computes the Jensen-Shannon distance: the square root of the divergence from the middle of both.
 *
 * @param reference - Shares that sum to 1.
 * @param current - Shares in the same bins that sum to 1.
 * @param base - Base of the logarithm: 2 makes the largest distance 1 (NannyML), Math.E makes it 0.83 (Evidently, SciPy).
 * @returns A number in [0, 1] for base 2; NaN without bins.
 * @throws {@link GyreError} `stats/length-mismatch` when the bins differ in number.
 * @example
 * ```ts
 * jensenShannonDistance([1, 0], [0, 1]); // => 1
 * ```
 * @see Endres and Schindelin, IEEE Transactions on Information Theory 49 (2003). Equals SciPy `distance.jensenshannon`.
 */
export function jensenShannonDistance(reference: readonly number[], current: readonly number[], base = 2): number {
  requireSameLength(reference.length, 'current', current);
  if (reference.length === 0) return Number.NaN;
  const divergence = sumOfPairs(reference, current, (p, q) => (entropyTerm(p, (p + q) / 2) + entropyTerm(q, (p + q) / 2)) / 2);
  return Math.sqrt(Math.max(0, divergence / Math.log(base)));
}

/**
 * Computes the Hellinger distance: the square root of 1 - sum of sqrt(p q).
 *
 * @param reference - Shares that sum to 1.
 * @param current - Shares in the same bins that sum to 1.
 * @returns A number in [0, 1].
 * @throws {@link GyreError} `stats/length-mismatch` when the bins differ in number.
 * @example
 * ```ts
 * hellingerDistance([1, 0], [0, 1]); // => 1
 * ```
 * @see Hellinger, Journal für die reine und angewandte Mathematik 136 (1909).
 */
export function hellingerDistance(reference: readonly number[], current: readonly number[]): number {
  requireSameLength(reference.length, 'current', current);
  if (reference.length === 0) return Number.NaN;
  return Math.sqrt(Math.max(0, 1 - sumOfPairs(reference, current, (p, q) => Math.sqrt(p * q))));
}

/**
 * Tests whether two samples of counts come from the same distribution over bins.
 *
 * @param reference - Counts of the reference.
 * @param current - Counts in the same bins.
 * @returns Pearson's statistic and p-value with one degree fewer than bins that hold rows; p is NaN with fewer than two such bins or an empty sample.
 * @throws {@link GyreError} `stats/length-mismatch` when the bins differ in number.
 * @example
 * ```ts
 * testSameShares([10, 20], [20, 10]).statistic.toFixed(4); // => '6.6667'
 * ```
 * @see Pearson, Philosophical Magazine 50 (1900). Equals SciPy 1.17.1 `chi2_contingency(correction=False)`.
 */
export function testSameShares(reference: readonly number[], current: readonly number[]): TestResult {
  requireSameLength(reference.length, 'current', current);
  const [m, n] = [total(reference), total(current)];
  const statistic = sumOfPairs(reference, current, (a, b) => {
    if (a + b === 0) return 0;
    const expected = ((a + b) * m) / (m + n);
    return (a - expected) ** 2 / expected + (b - (a + b - expected)) ** 2 / (a + b - expected);
  });
  const degrees = sumOfPairs(reference, current, (a, b) => (a + b > 0 ? 1 : 0)) - 1;
  const isDefined = degrees > 0 && m > 0 && n > 0;
  const pValue = isDefined ? chiSquareTail(statistic, degrees) : Number.NaN;
  return { definition: 'chi-square-homogeneity', statistic: isDefined ? statistic : Number.NaN, pValue, n: m + n };
}

/**
 * Tests whether counts follow given shares, the shares being taken as exact.
 *
 * @param observed - Counts.
 * @param shares - Expected shares, above 0, that sum to 1.
 * @returns Pearson's statistic and p-value with one degree fewer than bins; p is NaN with one bin or no rows.
 * @throws {@link GyreError} `stats/length-mismatch` when the bins differ in number, `stats/bad-argument` for a share of 0.
 * @example
 * ```ts
 * testGivenShares([60, 40], [0.5, 0.5]).statistic; // => 4
 * ```
 * @see Pearson, Philosophical Magazine 50 (1900). Equals SciPy 1.17.1 `chisquare`.
 */
export function testGivenShares(observed: readonly number[], shares: readonly number[]): TestResult {
  requireSameLength(observed.length, 'shares', shares);
  const none = shares.findIndex((share) => !(share > 0));
  if (none >= 0)
    throw statsError(
      'stats/bad-argument',
      `expected share ${shares[none]} of bin ${none} is not above 0; report such rows apart`,
    );
  const n = total(observed);
  const statistic = sumOfPairs(observed, shares, (count, share) => (count - share * n) ** 2 / (share * n));
  const pValue = observed.length > 1 && n > 0 ? chiSquareTail(statistic, observed.length - 1) : Number.NaN;
  return { definition: 'chi-square-goodness-of-fit', statistic, pValue, n };
}

/** Counts as shares of their sum; all NaN when there are none. */
export function sharesOf(counts: readonly number[]): readonly number[] {
  const n = total(counts);
  return counts.map((count) => count / n);
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

export function sumOfPairs(a: readonly number[], b: readonly number[], term: (a: number, b: number) => number): number {
  return a.reduce((sum, value, index) => sum + term(value, b[index] ?? Number.NaN), 0);
}

function entropyTerm(p: number, middle: number): number {
  return p === 0 ? 0 : p * Math.log(p / middle);
}
