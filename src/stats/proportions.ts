import type { Estimate } from '#kernel';
import { betaQuantile, normalCdf, normalQuantile } from './distributions.ts';
import { requireLevel, statsError } from './requirements.ts';

/** So many successes among so many trials. */
export interface Count {
  /** A whole number in [0, `trials`]. */
  readonly successes: number;
  /** A whole number, 0 or more. */
  readonly trials: number;
}

/**
 * Estimates a proportion with Wilson's score interval.
 *
 * @param count - Independent trials.
 * @param level - Confidence level in (0, 1).
 * @returns The share in [0, 1] with an interval inside [0, 1]; all NaN without trials.
 * @throws {@link GyreError} `stats/bad-argument` when the count is impossible or the level out of range.
 * @example
 * ```ts
 * formatEstimate(estimateProportion({ successes: 8, trials: 10 })); // => '0.8 ± 0.2'
 * ```
 * @see Wilson, JASA 22 (1927); Brown, Cai and DasGupta, Statistical Science 16 (2001). Equals statsmodels `wilson`.
 */
export function estimateProportion(count: Count, level = 0.95): Estimate {
  requireCount(count);
  requireLevel(level);
  const { successes, trials: n } = count;
  const value = successes / n;
  const z = normalQuantile((1 + level) / 2);
  const centre = (value + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((value * (1 - value)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  const low = successes === 0 ? 0 : Math.max(0, centre - half);
  const high = successes === n ? 1 : Math.min(1, centre + half);
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, level, n, method: 'wilson' };
  return { value, low, high, level, n, method: 'wilson' };
}

/**
 * Estimates a proportion with the exact interval of Clopper and Pearson, which is never too narrow.
 *
 * @param count - Independent trials.
 * @param level - Confidence level in (0, 1).
 * @returns The share with its interval; all NaN without trials.
 * @throws {@link GyreError} `stats/bad-argument` when the count is impossible or the level out of range.
 * @example
 * ```ts
 * estimateProportionExactly({ successes: 0, trials: 10 }).high.toFixed(4); // => '0.3085'
 * ```
 * @see Clopper and Pearson, Biometrika 26 (1934). Equals SciPy 1.17.1 `binomtest(…).proportion_ci('exact')`.
 */
export function estimateProportionExactly(count: Count, level = 0.95): Estimate {
  requireCount(count);
  requireLevel(level);
  const { successes: k, trials: n } = count;
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, level, n, method: 'clopper-pearson' };
  const tail = (1 - level) / 2;
  const low = k === 0 ? 0 : betaQuantile(tail, { a: k, b: n - k + 1 });
  const high = k === n ? 1 : betaQuantile(1 - tail, { a: k + 1, b: n - k });
  return { value: k / n, low, high, level, n, method: 'clopper-pearson' };
}

/**
 * Estimates the difference of two independent proportions, second minus first.
 *
 * @param first - Such as the reference or the control.
 * @param second - Such as the current window or the canary.
 * @param level - Confidence level in (0, 1).
 * @returns The difference in [-1, 1] with Newcombe's hybrid score interval; all NaN when either has no trials; `n` counts both.
 * @throws {@link GyreError} `stats/bad-argument` when a count is impossible or the level out of range.
 * @example
 * ```ts
 * const change = estimateProportionDifference({ successes: 29, trials: 70 }, { successes: 56, trials: 70 });
 * change.low.toFixed(4); // => '0.2264'
 * ```
 * @see Newcombe, Statistics in Medicine 17 (1998), method 10.
 */
export function estimateProportionDifference(first: Count, second: Count, level = 0.95): Estimate {
  const a = estimateProportion(first, level);
  const b = estimateProportion(second, level);
  const value = b.value - a.value;
  return {
    value,
    low: value - Math.hypot(b.value - b.low, a.high - a.value),
    high: value + Math.hypot(b.high - b.value, a.value - a.low),
    level,
    n: first.trials + second.trials,
    method: 'newcombe',
  };
}

/** What a test says: its statistic and the probability of one at least as extreme when nothing differs. */
export interface TestResult {
  /** Name of the test, such as `two-proportion-z(pooled)`. */
  readonly definition: string;
  readonly statistic: number;
  /** Two-sided, in [0, 1]; NaN when the test is not defined. */
  readonly pValue: number;
  /** Rows of both samples. */
  readonly n: number;
}

/**
 * Tests whether two independent proportions are equal.
 *
 * @param first - One sample.
 * @param second - The other.
 * @returns The pooled z statistic (second minus first) and its two-sided p-value; p is 1 when neither sample varies.
 * @throws {@link GyreError} `stats/bad-argument` when a count is impossible.
 * @example
 * ```ts
 * testProportions({ successes: 5, trials: 10 }, { successes: 5, trials: 10 }).pValue; // => 1
 * ```
 * @see Fleiss, Levin, Paik, "Statistical methods for rates and proportions" (2003), section 3.1, without continuity correction.
 */
export function testProportions(first: Count, second: Count): TestResult {
  requireCount(first);
  requireCount(second);
  const definition = 'two-proportion-z(pooled)';
  const n = first.trials + second.trials;
  if (first.trials === 0 || second.trials === 0) return { definition, statistic: Number.NaN, pValue: Number.NaN, n };
  const pooled = (first.successes + second.successes) / n;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials));
  const difference = second.successes / second.trials - first.successes / first.trials;
  const statistic = error === 0 ? 0 : difference / error;
  return { definition, statistic, pValue: Math.min(1, 2 * normalCdf(-Math.abs(statistic))), n };
}

function requireCount({ successes, trials }: Count): void {
  const isCount = Number.isSafeInteger(successes) && Number.isSafeInteger(trials) && successes >= 0 && successes <= trials;
  if (!isCount) throw statsError('stats/bad-argument', `${successes} successes in ${trials} trials is not a count`);
}
