import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAgainst, parseColumnSummary, summarizeLevels, summarizeNumeric } from './column-summaries.ts';
import { normalDraw } from './dated-rows.fixtures.ts';
import { levelDrift, numericDrift } from './drift.ts';
import { createRandom } from './random.ts';
import {
  hellingerDistance,
  jensenShannonDistance,
  populationStability,
  testGivenShares,
  testSameShares,
} from './share-distances.ts';
import { psiAgainst, psiOfCounts } from './stability.ts';
import { testSameDistribution, wassersteinDistance } from './two-sample-tests.ts';

function normals(n: number, seed: number, shift = 0): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => normalDraw(random) + shift);
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

test('a numeric reference is cut into ten bins of equal numbers', () => {
  const summary = summarizeNumeric(normals(5000, 1));
  expect(summary.counts).toEqual(new Array(10).fill(500));
  expect(summary.edges.length).toBe(9);
  expect(summary.sample.length).toBe(1000);
});

test('every row of a reference is in one bin, whatever the ties', () => {
  const column = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }), fc.constant(0)), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(column, fc.integer({ min: 2, max: 20 }), (values, nBins) => {
      const finite = values.filter(Number.isFinite);
      const summary = summarizeNumeric(Float64Array.from(values), { nBins });
      expect(sum(summary.counts)).toBe(finite.length);
      expect(summary.missing).toBe(values.length - finite.length);
      expect(summary.counts.length).toBeLessThanOrEqual(2 * nBins);
      expect(summary.edges).toEqual(summary.edges.toSorted((a, b) => a - b));
      expect(countAgainst(summary, Float64Array.from(values)).counts).toEqual(summary.counts);
    }),
  );
});

test('a frequent value gets a bin of its own, so that moving off it shows', () => {
  const reference = Float64Array.from({ length: 1000 }, (_, row) => (row < 600 ? 5 : row / 100));
  const summary = summarizeNumeric(reference);
  expect(summary.counts).toContain(600);
  for (const elsewhere of [4.999, 5.001]) {
    const moved = reference.map((value) => (value === 5 ? elsewhere : value));
    expect(psiAgainst(summary, moved).estimate.low).toBeGreaterThan(1);
    const turned = psiAgainst(
      summarizeNumeric(reference.map((value) => -value)),
      moved.map((value) => -value),
    );
    expect(turned.estimate.low).toBeGreaterThan(1);
  }
});

test('summaries survive JSON', () => {
  const numeric = summarizeNumeric(Float64Array.of(1, 2, 2, Number.NaN, 9));
  expect(JSON.parse(JSON.stringify(numeric))).toEqual(numeric);
  const levels = summarizeLevels({ values: Int32Array.of(0, 2, 2, -1), levels: ['a', 'b', 'c'] });
  expect(JSON.parse(JSON.stringify(levels))).toEqual(levels);
  expect(levels).toMatchObject({ n: 3, missing: 1, levels: ['c', 'a'], counts: [2, 1] });
});

test('a near-constant reference is compared below, at and above its value', () => {
  const summary = summarizeNumeric(Float64Array.from({ length: 500 }, (_, row) => (row === 7 ? 1.0002 : 1)));
  expect(summary.isNearConstant).toBe(true);
  expect(summary.counts).toEqual([0, 499, 1]);
  const same = numericDrift(
    summary,
    Float64Array.from({ length: 200 }, () => 1),
  );
  expect(same.psi.estimate.value).toBeLessThan(0.02);
  expect(same.wasserstein.estimate.value).toBeNaN();
  expect(same.isReferenceNearConstant).toBe(true);
  const left = numericDrift(
    summary,
    Float64Array.from({ length: 200 }, (_, row) => (row % 2 === 0 ? 0.5 : 1)),
  );
  expect(left.psi.estimate.low).toBeGreaterThan(0.25);
  expect(left.psi.definition).toBe('credit-psi(below, at and above the constant, floor 1e-4)');
});

test('the interval of the stability index holds the index of the populations', () => {
  // A normal column shifted by s against deciles; the true index is computed from the normal distribution by 2 million draws.
  for (const [shift, nCurrent] of [
    [0, 300],
    [0.2, 400],
    [0.5, 1000],
  ] as const) {
    const truth = psiAgainst(summarizeNumeric(normals(1_000_000, 71)), normals(1_000_000, 72, shift)).estimate.value;
    let held = 0;
    let isAbove = 0;
    for (let seed = 0; seed < 150; seed += 1) {
      const { low, high } = psiAgainst(
        summarizeNumeric(normals(2000, 2 * seed + 1)),
        normals(nCurrent, 2 * seed + 2, shift),
      ).estimate;
      if (low <= truth && truth <= high) held += 1;
      if (low > truth) isAbove += 1;
    }
    expect(held / 150, `shift ${shift}`).toBeGreaterThan(0.9);
    expect(isAbove / 150, `shift ${shift}`).toBeLessThan(0.06);
  }
});

test('with days the interval says how days differ, not only rows', () => {
  const random = createRandom(3);
  const reference = summarizeNumeric(normals(20_000, 5));
  const days = Int32Array.from({ length: 7000 }, (_, row) => Math.floor(row / 1000));
  const shifts = Array.from({ length: 7 }, () => 0.4 * normalDraw(random));
  const current = normals(7000, 6).map((value, row) => value + (shifts[days[row] ?? 0] ?? 0));
  const byRow = psiAgainst(reference, current).estimate;
  const byDay = psiAgainst(reference, current, { days }).estimate;
  expect(byDay.value).toBe(byRow.value);
  expect(byDay.method).toBe('day-jackknife-t(7 days)');
  expect(byDay.high - byDay.low).toBeGreaterThan(2 * (byRow.high - byRow.low));
  const oneDay = psiAgainst(reference, current, { days: new Int32Array(7000) }).estimate;
  expect(oneDay.method).toBe('multinomial-delta, conditional');
  const levels = { values: Int32Array.from(current, (value) => (value > 0 ? 1 : 0)), levels: ['low', 'high'] };
  expect(psiAgainst(summarizeLevels(levels), levels, { days }).estimate).toMatchObject({ value: 0, low: 0 });
});

test('counts of windows add up to the counts of all', () => {
  const summary = summarizeNumeric(normals(3000, 9));
  const [a, b] = [normals(200, 10), normals(300, 11)];
  const [ofA, ofB] = [countAgainst(summary, a), countAgainst(summary, b)];
  const both = { counts: ofA.counts.map((count, bin) => count + (ofB.counts[bin] ?? 0)), n: 500, missing: 0, unseen: [] };
  expect(psiOfCounts(summary, both)).toEqual(psiAgainst(summary, Float64Array.of(...a, ...b)));
  expect(() => psiOfCounts(summary, { ...both, counts: [1, 2] })).toThrow('2 counts for 10 bins');
});

test('an unseen level is reported apart and does not shake the index', () => {
  const reference = summarizeLevels({
    values: Int32Array.from({ length: 300 }, (_, row) => row % 3),
    levels: ['ATL', 'ORD', 'DFW'],
  });
  const values = Int32Array.from({ length: 300 }, (_, row) => (row < 6 ? 3 : row % 3));
  const drift = levelDrift(reference, { values, levels: ['ATL', 'ORD', 'DFW', 'MQT'] });
  expect(drift.unseen).toEqual([{ level: 'MQT', count: 6 }]);
  expect(drift.unseenShare.value).toBe(0.02);
  expect(drift.psi.estimate.value).toBeLessThan(0.001);
  expect(drift.chiSquare.pValue).toBeGreaterThan(0.9);
  expect(drift.psi.estimate.n).toBe(294);
});

test('levels are matched by name, not by code', () => {
  const reference = summarizeLevels({ values: Int32Array.of(0, 0, 1), levels: ['a', 'b'] });
  const drift = levelDrift(reference, { values: Int32Array.of(1, 1, 0), levels: ['b', 'a'] });
  expect(drift.psi.estimate.value).toBe(0);
  expect(drift.jensenShannon.estimate.value).toBe(0);
});

test('missing values are compared as shares, with an interval', () => {
  const reference = summarizeNumeric(Float64Array.from({ length: 1000 }, (_, row) => (row % 100 === 0 ? Number.NaN : row)));
  const drift = numericDrift(
    reference,
    Float64Array.from({ length: 1000 }, (_, row) => (row % 4 === 0 ? Number.NaN : row)),
  );
  expect(drift.missingShareDifference.value).toBeCloseTo(0.24, 12);
  expect(drift.missingShareDifference.low).toBeGreaterThan(0.2);
  expect(drift.outOfRangeShare.value).toBe(0);
});

test('distances from a thinned reference are close to those from all rows', () => {
  const [reference, current] = [normals(50_000, 31), normals(4000, 32, 0.3)];
  const drift = numericDrift(summarizeNumeric(reference), current);
  expect(Math.abs(drift.kolmogorovSmirnov.statistic - testSameDistribution(reference, current).statistic)).toBeLessThan(1e-3);
  expect(drift.kolmogorovSmirnov.pValue).toBeNaN();
  expect(Math.abs(drift.wasserstein.estimate.value - wassersteinDistance(reference, current))).toBeLessThan(5e-3);
  expect(numericDrift(summarizeNumeric(reference.subarray(0, 500)), current).kolmogorovSmirnov.pValue).toBeLessThan(0.01);
});

test('distances are zero on equal samples, symmetric, and bounded', () => {
  const counts = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(counts, (pairs) => {
      const shares = (of: readonly number[]) => of.map((count) => (count + 1) / (sum(of) + of.length));
      const [p, q] = [shares(pairs.map(([a]) => a)), shares(pairs.map(([, b]) => b))];
      for (const distance of [populationStability, jensenShannonDistance, hellingerDistance]) {
        expect(distance(p, p)).toBeLessThan(1e-7);
        expect(distance(p, q)).toBeCloseTo(distance(q, p), 10);
        expect(distance(p, q)).toBeGreaterThanOrEqual(0);
      }
      expect(jensenShannonDistance(p, q)).toBeLessThanOrEqual(1);
      expect(hellingerDistance(p, q)).toBeLessThanOrEqual(1);
    }),
  );
});

test('nothing is claimed about columns without rows', () => {
  const empty = summarizeNumeric(Float64Array.of(Number.NaN));
  expect(empty).toMatchObject({ n: 0, missing: 1, counts: [0] });
  const drift = numericDrift(empty, Float64Array.of(1, 2));
  for (const score of [drift.psi, drift.jensenShannon, drift.hellinger, drift.wasserstein])
    expect(score.estimate.value).toBeNaN();
  expect(drift.kolmogorovSmirnov.pValue).toBeNaN();
  const none = summarizeLevels({ values: new Int32Array(0), levels: [] });
  const levels = levelDrift(none, { values: Int32Array.of(0), levels: ['x'] });
  expect(levels.psi.estimate.value).toBeNaN();
  expect(levels.jensenShannon.estimate.value).toBeNaN();
  expect(levels.hellinger.estimate.value).toBeNaN();
  expect(levels.chiSquare.pValue).toBeNaN();
  const days = Int32Array.of(1, 2, 3, 4);
  const gone = Float64Array.from(days, () => Number.NaN);
  expect(psiAgainst(summarizeNumeric(normals(100, 1)), gone, { days }).estimate.value).toBeNaN();
  expect(wassersteinDistance(new Float64Array(0), gone.subarray(0, 0))).toBeNaN();
});

test('tests of shares equal SciPy', () => {
  // SciPy 1.17.1: chi2_contingency([[30, 50, 20, 0], [45, 40, 40, 0]] without the empty column, correction=False).
  const result = testSameShares([30, 50, 20, 0], [45, 40, 40, 0]);
  expect(result.statistic).toBeCloseTo(8.1, 10);
  expect(result.pValue).toBeCloseTo(0.01742237463949352, 12);
  expect(testSameShares([5], [7]).pValue).toBeNaN();
  expect(testGivenShares([60, 40], [0.5, 0.5]).pValue).toBeCloseTo(0.04550026389635839, 12);
});

test('bad input is refused', () => {
  const numeric = summarizeNumeric(Float64Array.of(1, 2, 3));
  const levels = { values: Int32Array.of(0, 3), levels: ['a'] };
  expect(() => summarizeLevels(levels)).toThrow('code 3 in row 1');
  expect(() => countAgainst(numeric, levels)).toThrow('the reference is numeric, the column is levels');
  expect(() => countAgainst(summarizeLevels({ values: Int32Array.of(0), levels: ['a'] }), Float64Array.of(1))).toThrow(
    'the reference is levels',
  );
  expect(() => summarizeNumeric(Float64Array.of(1), { nBins: 1 })).toThrow('nBins 1');
  expect(() => populationStability([1], [0.5, 0.5])).toThrow('current has 2 values for 1 rows');
  expect(() => populationStability([1], [1], 0)).toThrow('floor 0');
  expect(() => testGivenShares([1, 1], [1, 0])).toThrow('expected share 0 of bin 1');
  expect(() => testSameDistribution(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow('reference value NaN in row 0');
  expect(() => psiAgainst(numeric, Float64Array.of(1), { days: Int32Array.of(1, 2) })).toThrow('days has 2 values');
});

test('a stored summary is checked when it is read', () => {
  const numeric = summarizeNumeric(Float64Array.of(1, 2, 3, 4));
  const levels = summarizeLevels({ values: Int32Array.of(0, 1), levels: ['a', 'b'] });
  for (const summary of [numeric, levels]) expect(parseColumnSummary(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
  const bad = [
    undefined,
    {},
    { ...numeric, version: 2 },
    { ...numeric, kind: 'text' },
    { ...numeric, mean: null },
    { ...numeric, edges: [1] },
    { ...numeric, sample: ['1'] },
    { ...levels, levels: ['a'] },
    { ...levels, n: '2' },
  ];
  for (const json of bad) expect(() => parseColumnSummary(json), JSON.stringify(json)).toThrow('not a column summary');
});
