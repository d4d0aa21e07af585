/**
 * A number that says how sure it is. Used wherever a metric is stored, compared or shown; a plain number is used
 * only where it is exact (a count, a size).
 */
export interface Estimate {
  /** Point estimate; NaN when it is not defined (one class only, no rows). */
  readonly value: number;
  /** Lower end of the interval; NaN when no interval can be given. */
  readonly low: number;
  /** Upper end of the interval; NaN when no interval can be given. */
  readonly high: number;
  /** Confidence level of the interval, in (0, 1); 0.95 unless a rule says otherwise. */
  readonly level: number;
  /** Number of rows behind the value. */
  readonly n: number;
  /** How the interval was made, such as `day-bootstrap(59 days)` or `delong, conditional`. */
  readonly method: string;
}

/**
 * Builds an estimate of which only the value is known.
 *
 * @param value - The point estimate.
 * @param n - Rows behind it.
 * @returns An estimate with NaN ends and the method `none`.
 * @example
 * ```ts
 * pointEstimate(0.8, 10).method; // => 'none'
 * ```
 */
export function pointEstimate(value: number, n: number): Estimate {
  return { value, low: Number.NaN, high: Number.NaN, level: 0.95, n, method: 'none' };
}

/**
 * Tells whether an estimate carries an interval.
 *
 * @param estimate - Any estimate.
 * @returns True when value and both ends are finite.
 * @example
 * ```ts
 * hasInterval(pointEstimate(0.8, 10)); // => false
 * ```
 */
export function hasInterval(estimate: Estimate): boolean {
  return Number.isFinite(estimate.value) && Number.isFinite(estimate.low) && Number.isFinite(estimate.high);
}

/**
 * Writes an estimate for people: digits stop at the first significant digit of the half-width.
 *
 * @param estimate - Any estimate.
 * @returns Such as `0.873 ± 0.004`; without an interval 4 significant digits; `undecided` for NaN.
 * @example
 * ```ts
 * formatEstimate({ value: 0.87312, low: 0.8689, high: 0.8773, level: 0.95, n: 8120, method: 'delong' }); // => '0.873 ± 0.004'
 * ```
 */
export function formatEstimate(estimate: Estimate): string {
  if (!Number.isFinite(estimate.value)) return 'undecided';
  if (!hasInterval(estimate)) return String(Number(estimate.value.toPrecision(4)));
  const half = (estimate.high - estimate.low) / 2;
  if (half === 0) return `${String(Number(estimate.value.toPrecision(4)))} ± 0`;
  const digits = Math.min(12, Math.max(0, -Math.floor(Math.log10(half))));
  return `${estimate.value.toFixed(digits)} ± ${half.toFixed(digits)}`;
}
