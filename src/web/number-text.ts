import { type Estimate, hasInterval } from '#kernel';

const NARROW_SPACE = '\u202f';
const MINUS = '\u2212';
const SIGNIFICANT = 4;
const MOST_DIGITS = 12;

/**
 * Writes a number with 4 significant digits; NaN and the infinities are written as such.
 *
 * @param value - Any number.
 * @returns Its text; `NaN` and `Infinity` for what is no number.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return countText(value);
  return withMinus(String(Number(value.toPrecision(SIGNIFICANT))));
}

/**
 * Writes a count with groups of three, divided by narrow spaces.
 *
 * @param count - A count.
 * @returns Its text, such as `12 480` with a narrow space.
 */
export function countText(count: number): string {
  if (!Number.isFinite(count)) return String(count);
  const digits = String(Math.abs(Math.round(count)));
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
  return count < 0 ? `${MINUS}${grouped}` : grouped;
}

/** The parts of an estimate as they are shown: digits stop at the first significant digit of the half-width. */
export interface EstimateParts {
  readonly value: string;
  /** Empty without an interval, or where the number is exact. */
  readonly half: string;
}

/** Divides an estimate into what is shown; `isSigned` writes a plus before gains. */
export function estimateParts(estimate: Estimate, isSigned = false): EstimateParts {
  const sign = isSigned && estimate.value > 0 ? '+' : '';
  const half = hasInterval(estimate) ? (estimate.high - estimate.low) / 2 : 0;
  if (half <= 0) return { value: `${sign}${numberText(estimate.value)}`, half: '' };
  const digits = Math.min(MOST_DIGITS, Math.max(0, -Math.floor(Math.log10(half))));
  return { value: `${sign}${withMinus(estimate.value.toFixed(digits))}`, half: half.toFixed(digits) };
}

/**
 * Writes an estimate in one line: `0.873 ± 0.004`.
 *
 * @param estimate - The estimate.
 * @param isSigned - Whether a gain gets a plus; default false.
 * @returns Value and half-width; the value alone where there is no interval.
 */
export function estimateText(estimate: Estimate, isSigned = false): string {
  const { value, half } = estimateParts(estimate, isSigned);
  return half === '' ? value : `${value} ± ${half}`;
}

/** Says where an estimate is from, for its tooltip: full value, interval, level, method and rows. */
export function estimateSource(estimate: Estimate): string {
  const rows = estimate.n > 0 ? `, n = ${countText(estimate.n)}` : '';
  const method = estimate.method === '' || estimate.method === 'none' ? '' : `, ${estimate.method}`;
  if (!hasInterval(estimate)) return `${String(estimate.value)}, without an interval${method}${rows}`;
  if (estimate.low === estimate.high) return `${String(estimate.value)}, exact${rows}`;
  const ends = `${numberText(estimate.low)} to ${numberText(estimate.high)}`;
  return `${String(estimate.value)}; ${ends} (${numberText(100 * estimate.level)} %${method}${rows})`;
}

/**
 * Writes a latency with three significant digits.
 *
 * @param durationMs - Milliseconds, ≥ 0.
 * @returns The latency with its unit.
 */
export function latencyText(durationMs: number): string {
  return `${String(Number(durationMs.toPrecision(durationMs < 100 ? 2 : 3)))} ms`;
}

/**
 * Gives a word its number: `1 row`, `2 rows`.
 *
 * @param count - How many.
 * @param noun - The word in the singular.
 * @returns Count and word.
 */
export function nounText(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function withMinus(text: string): string {
  return text.replace('-', MINUS);
}
