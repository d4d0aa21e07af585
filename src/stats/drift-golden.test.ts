import { expect, test } from 'vitest';
import { goldenDrift } from './golden.fixtures.ts';
import { testProportions } from './proportions.ts';
import { hellingerDistance, jensenShannonDistance, populationStability, sharesOf, testGivenShares } from './share-distances.ts';
import { gapProbability, testSameDistribution, wassersteinDistance } from './two-sample-tests.ts';

const cases = goldenDrift();
const numeric = Object.entries(cases).filter(([, each]) => each.type === 'num');
const levels = Object.entries(cases).filter(([, each]) => each.type === 'cat');

function near(got: number, expected: number | undefined, tolerance: number, name: string): void {
  expect(Math.abs(got - (expected ?? Number.NaN)), `${name}: ${got} is not ${expected}`).toBeLessThanOrEqual(tolerance);
}

const numbersOf = (values: readonly (number | string)[]): Float64Array => Float64Array.from(values, Number);

/** Shares as NumPy's histogram cuts them: bins closed on the left, the last on both sides. */
function numpyShares(values: Float64Array, edges: readonly number[]): readonly number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const after = edges.findIndex((edge) => value < edge);
    const bin = after < 0 ? counts.length - 1 : after - 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return sharesOf(counts);
}

function levelCounts(values: readonly (number | string)[], keys: readonly (number | string)[]): readonly number[] {
  return keys.map((key) => values.filter((value) => value === key).length);
}

test('the Kolmogorov-Smirnov test and the Wasserstein distance equal SciPy', () => {
  expect(numeric.length).toBe(4);
  for (const [name, { reference, current, scipy, tests }] of numeric) {
    const [a, b] = [numbersOf(reference), numbersOf(current)];
    const ks = testSameDistribution(a, b);
    near(ks.statistic, scipy['ks_stat'], 1e-12, `${name} statistic`);
    near(ks.pValue, scipy['ks_p_auto'], 1e-11, `${name} p`);
    near(ks.pValue, tests['ks']?.score, 1e-11, `${name} Evidently p`);
    near(wassersteinDistance(a, b), scipy['wasserstein'], 1e-12, `${name} distance`);
  }
});

test('the limit law of the Kolmogorov-Smirnov gap is close to the law that SciPy uses for large samples', () => {
  // SciPy's `asymp` is the exact one-sample law at the rounded effective size; ours is the limit with Vrbik's correction.
  for (const [name, { reference, current, scipy }] of numeric) {
    const got = gapProbability(scipy['ks_stat'] ?? 0, reference.length, current.length, false);
    expect(Math.abs(got / (scipy['ks_p_asymp'] ?? 0) - 1), `${name} ${got}`).toBeLessThan(0.04);
  }
  // At the sizes where the limit law takes over it is closer.
  for (const gap of [0.03, 0.04, 0.06]) {
    const exact = gapProbability(gap, 1900, 2100, true);
    expect(Math.abs(gapProbability(gap, 1900, 2100, false) / exact - 1), `gap ${gap}`).toBeLessThan(0.02);
  }
});

test('distances on the bins of Evidently equal Evidently', () => {
  for (const [name, { reference, current, scipy, tests }] of numeric.filter(([each]) => each !== 'num_near_constant')) {
    const p = numpyShares(numbersOf(reference), scipy.sturges_edges);
    const q = numpyShares(numbersOf(current), scipy.sturges_edges);
    near(populationStability(p, q), tests['psi']?.score, 1e-9, `${name} psi`);
    near(jensenShannonDistance(p, q, Math.E), tests['jensenshannon']?.score, 1e-9, `${name} jensenshannon`);
    near(
      wassersteinDistance(numbersOf(reference), numbersOf(current)) / (scipy['std_ddof0_ref'] ?? 0),
      tests['wasserstein']?.score,
      1e-9,
      `${name} wasserstein`,
    );
  }
});

test('distances on levels equal Evidently', () => {
  expect(levels.length).toBe(2);
  for (const [name, { reference, current, tests }] of levels) {
    const keys = [...new Set([...reference, ...current])];
    const p = sharesOf(levelCounts(reference, keys));
    const q = sharesOf(levelCounts(current, keys));
    near(populationStability(p, q), tests['psi']?.score, 1e-9, `${name} psi`);
    near(jensenShannonDistance(p, q, Math.E), tests['jensenshannon']?.score, 1e-9, `${name} jensenshannon`);
    near(hellingerDistance(p, q), tests['hellinger']?.score, 1e-9, `${name} hellinger`);
  }
});

test('tests on two levels equal Evidently', () => {
  const golden = cases['cat2_eq'];
  if (golden === undefined) throw new Error('no golden case cat2_eq');
  const { reference, current, tests } = golden;
  const keys = ['n', 'y'];
  const [a, b] = [levelCounts(reference, keys), levelCounts(current, keys)];
  near(testGivenShares(b, sharesOf(a)).pValue, tests['chisquare']?.score, 1e-9, 'chisquare');
  const count = (counts: readonly number[], n: number) => ({ successes: counts[1] ?? 0, trials: n });
  near(testProportions(count(a, reference.length), count(b, current.length)).pValue, tests['z']?.score, 1e-9, 'z');
});
