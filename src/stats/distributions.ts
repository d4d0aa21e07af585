import { statsError } from './requirements.ts';
import { betaRegularized, gammaP, gammaQ } from './special-functions.ts';

/**
 * Computes the probability that a standard normal variable is at most x.
 *
 * @param x - Any number; the lower tail keeps its relative accuracy.
 * @returns A probability in [0, 1].
 * @example
 * ```ts
 * normalCdf(0); // => 0.5
 * normalCdf(1.96).toFixed(5); // => '0.97500'
 * ```
 * @see NIST DLMF 7.11.2 (through the incomplete gamma function); tests pin SciPy 1.17.1.
 */
export function normalCdf(x: number): number {
  return x <= 0 ? gammaQ(0.5, (x * x) / 2) / 2 : 0.5 + gammaP(0.5, (x * x) / 2) / 2;
}

const CENTRE = {
  top: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  bottom: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
};
const SHOULDER = {
  top: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
    4.630337846156546, 1.4234371107496835,
  ],
  bottom: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
    2.053191626637759, 1,
  ],
};
const TAIL = {
  top: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  bottom: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
};

/**
 * Computes the quantile of the standard normal distribution.
 *
 * @param p - A probability in [0, 1].
 * @returns The x with `normalCdf(x) = p`; infinite at the ends.
 * @throws {@link GyreError} `stats/bad-argument` when p is not in [0, 1].
 * @example
 * ```ts
 * normalQuantile(0.975).toFixed(6); // => '1.959964'
 * ```
 * @see Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export function normalQuantile(p: number): number {
  requireProbability(p);
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const x = r <= 5 ? rational(SHOULDER, r - 1.6) : rational(TAIL, r - 5);
  return q < 0 ? -x : x;
}

/**
 * Computes the probability that a variable of Student's t distribution is at most t.
 *
 * @param t - Any number.
 * @param degrees - Degrees of freedom, above 0; need not be whole.
 * @returns A probability in [0, 1].
 * @throws {@link GyreError} `stats/bad-argument` when the degrees are not above 0.
 * @example
 * ```ts
 * studentTCdf(0, 3); // => 0.5
 * ```
 * @see NIST DLMF 8.17 (incomplete beta function); tests pin SciPy 1.17.1.
 */
export function studentTCdf(t: number, degrees: number): number {
  requirePositive('degrees of freedom', degrees);
  if (t === 0) return 0.5;
  const square = t * t;
  const tail =
    square < degrees
      ? 1 - betaRegularized(square / (degrees + square), 0.5, degrees / 2)
      : betaRegularized(degrees / (degrees + square), degrees / 2, 0.5);
  return t < 0 ? tail / 2 : 1 - tail / 2;
}

/**
 * Computes the quantile of Student's t distribution.
 *
 * @param p - A probability in [0, 1].
 * @param degrees - Degrees of freedom, above 0.
 * @returns The t with `studentTCdf(t, degrees) = p`.
 * @throws {@link GyreError} `stats/bad-argument` when p or the degrees are out of range.
 * @example
 * ```ts
 * studentTQuantile(0.975, 9).toFixed(6); // => '2.262157'
 * ```
 * @see Solved on {@link studentTCdf}; tests pin SciPy 1.17.1.
 */
export function studentTQuantile(p: number, degrees: number): number {
  requireProbability(p);
  requirePositive('degrees of freedom', degrees);
  if (p === 0.5) return 0;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p > 0.5) return -studentTQuantile(1 - p, degrees);
  return -solveIncreasing((t) => -studentTCdf(-t, degrees), -p, Number.POSITIVE_INFINITY);
}

/**
 * Computes the probability that a chi-square variable is at most x.
 *
 * @param x - Any number; 0 and below give 0.
 * @param degrees - Degrees of freedom, above 0.
 * @returns A probability in [0, 1].
 * @throws {@link GyreError} `stats/bad-argument` when the degrees are not above 0.
 * @example
 * ```ts
 * chiSquareCdf(2 * Math.log(2), 2).toFixed(12); // => '0.500000000000'
 * ```
 * @see NIST DLMF 8.2; tests pin SciPy 1.17.1.
 */
export function chiSquareCdf(x: number, degrees: number): number {
  requirePositive('degrees of freedom', degrees);
  return gammaP(degrees / 2, x / 2);
}

/**
 * Computes the probability that a chi-square variable is above x: the p-value of a chi-square test, exact in the far tail.
 *
 * @param x - The test statistic.
 * @param degrees - Degrees of freedom, above 0.
 * @returns A probability in [0, 1].
 * @throws {@link GyreError} `stats/bad-argument` when the degrees are not above 0.
 * @example
 * ```ts
 * chiSquareTail(0, 4); // => 1
 * ```
 * @see NIST DLMF 8.2; tests pin SciPy 1.17.1.
 */
export function chiSquareTail(x: number, degrees: number): number {
  requirePositive('degrees of freedom', degrees);
  return gammaQ(degrees / 2, x / 2);
}

/**
 * Computes the quantile of the chi-square distribution.
 *
 * @param p - A probability in [0, 1].
 * @param degrees - Degrees of freedom, above 0.
 * @returns The x with `chiSquareCdf(x, degrees) = p`; infinite for p = 1.
 * @throws {@link GyreError} `stats/bad-argument` when p or the degrees are out of range.
 * @example
 * ```ts
 * chiSquareQuantile(0.95, 1).toFixed(6); // => '3.841459'
 * ```
 * @see Solved on {@link chiSquareCdf}; tests pin SciPy 1.17.1.
 */
export function chiSquareQuantile(p: number, degrees: number): number {
  requireProbability(p);
  requirePositive('degrees of freedom', degrees);
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return solveIncreasing((x) => -chiSquareTail(x, degrees), p - 1, Number.POSITIVE_INFINITY);
  return solveIncreasing((x) => chiSquareCdf(x, degrees), p, Number.POSITIVE_INFINITY);
}

/**
 * Computes the probability that a variable of the beta distribution is at most x.
 *
 * @param x - A number; clipped to [0, 1].
 * @param shape - The two shape parameters `a` and `b`, above 0.
 * @returns A probability in [0, 1].
 * @throws {@link GyreError} `stats/bad-argument` when a shape is not above 0.
 * @example
 * ```ts
 * betaCdf(0.25, { a: 1, b: 1 }).toFixed(12); // => '0.250000000000'
 * ```
 * @see NIST DLMF 8.17; tests pin SciPy 1.17.1.
 */
export function betaCdf(x: number, shape: { readonly a: number; readonly b: number }): number {
  requirePositive('shape a', shape.a);
  requirePositive('shape b', shape.b);
  return betaRegularized(x, shape.a, shape.b);
}

/**
 * Computes the quantile of the beta distribution.
 *
 * @param p - A probability in [0, 1].
 * @param shape - The two shape parameters `a` and `b`, above 0.
 * @returns The x in [0, 1] with `betaCdf(x, shape) = p`.
 * @throws {@link GyreError} `stats/bad-argument` when p or a shape is out of range.
 * @example
 * ```ts
 * betaQuantile(0.5, { a: 2, b: 2 }).toFixed(12); // => '0.500000000000'
 * ```
 * @see Solved on {@link betaCdf}; tests pin SciPy 1.17.1.
 */
export function betaQuantile(p: number, shape: { readonly a: number; readonly b: number }): number {
  requireProbability(p);
  if (p === 1) return 1;
  return solveIncreasing((x) => betaCdf(x, shape), p, 1);
}

/** Bisects to the last bit on [0, end]; an infinite end is found by doubling. */
function solveIncreasing(increasing: (x: number) => number, target: number, end: number): number {
  let low = 0;
  let high = end === Number.POSITIVE_INFINITY ? 1 : end;
  while (end === Number.POSITIVE_INFINITY && increasing(high) < target) {
    if (high > 1e300) return Number.POSITIVE_INFINITY;
    low = high;
    high *= 2;
  }
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (increasing(middle) < target) low = middle;
    else high = middle;
  }
  return high;
}

function rational(ratio: { readonly top: readonly number[]; readonly bottom: readonly number[] }, x: number): number {
  return horner(ratio.top, x) / horner(ratio.bottom, x);
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

function requireProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw statsError('stats/bad-argument', `probability ${p} is not in [0, 1]`);
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0)) throw statsError('stats/bad-argument', `${name} ${value} is not above 0`);
}
