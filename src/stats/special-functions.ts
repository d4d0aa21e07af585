const TINY = 1e-300;
const EPSILON = 1e-16;
const MAX_TERMS = 10_000;

// Lanczos coefficients for g = 607/128, n = 15 (Paul Godfrey, 2001).
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202, 3.399464998481189e-5,
  4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
  -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
];

/** Logarithm of the gamma function for x > 0. */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const base = shifted + 607 / 128 + 0.5;
  const sum = LANCZOS.reduce(
    (total, coefficient, index) => total + (index === 0 ? coefficient : coefficient / (shifted + index)),
    0,
  );
  return (shifted + 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * sum);
}

/** Regularised lower incomplete gamma function P(a, x), a > 0. DLMF 8.11.4 below a + 1, the fraction 8.9.2 above. */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), exact in its small tail. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < MAX_TERMS && term > sum * EPSILON; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

function gammaFraction(a: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  const fraction = lentz(x + 1 - a, (k) => ({ numerator: -k * (k - a), denominator: x + 2 * k + 1 - a }));
  return Math.exp(a * Math.log(x) - x - logGamma(a)) / fraction;
}

/** Regularised incomplete beta function I_x(a, b), a and b > 0. DLMF 8.17.22, reflected beyond its fast region. */
export function betaRegularized(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaFraction(1 - x, b, a);
  return betaFraction(x, a, b);
}

/** I_x(a, b) by the fraction of DLMF 8.17.22 whatever x; accurate for small x even where the answer is tiny. */
function betaFraction(x: number, a: number, b: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const fraction = lentz(1, (k) => {
    const m = Math.floor(k / 2);
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    return { numerator: k % 2 === 0 ? even : odd, denominator: 1 };
  });
  return front / fraction;
}

/** Continued fraction by the modified method of Lentz (Thompson and Barnett, 1986). */
function lentz(first: number, term: (k: number) => { readonly numerator: number; readonly denominator: number }): number {
  let value = first === 0 ? TINY : first;
  let c = value;
  let d = 0;
  for (let k = 1; k < MAX_TERMS; k += 1) {
    const { numerator, denominator } = term(k);
    d = nonZero(denominator + numerator * d);
    c = nonZero(denominator + numerator / c);
    d = 1 / d;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < EPSILON) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
