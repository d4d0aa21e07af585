import { expect, test } from 'vitest';
import { hasInterval } from '#kernel';
import { binaryMetrics } from './binary-metrics.ts';
import { BinaryMetric, betterDirection } from './binary-terms.ts';
import { type SyntheticDays, syntheticDays } from './dated-rows.fixtures.ts';
import { isConditional } from './day-intervals.ts';
import { comparePairedAuc, rocAucVariance } from './delong.ts';
import { normalQuantile } from './distributions.ts';
import { estimateBinary, estimatePairedDifference, estimateTwoSampleDifference } from './estimate-binary.ts';

const Z = normalQuantile(0.975);

function firstDays(rows: SyntheticDays, n: number): SyntheticDays {
  return {
    labels: rows.labels.subarray(0, n),
    scores: rows.scores.subarray(0, n),
    others: rows.others.subarray(0, n),
    days: rows.days.subarray(0, n),
  };
}

type Truth = Readonly<Record<'rocAuc' | 'logLoss', number>>;

function truths(): readonly [Truth, Truth] {
  const { labels, scores, others } = syntheticDays({ nDays: 1500, rowsPerDay: 100, seed: 999 });
  return [binaryMetrics({ labels, scores }), binaryMetrics({ labels, scores: others })];
}

/** Estimates of one simulated sample with what each should hold. */
function simulated(nDays: number, seed: number, [ofA, ofB]: readonly [Truth, Truth]) {
  const { labels, scores, others, days } = syntheticDays({ nDays, rowsPerDay: 40, seed });
  const second = syntheticDays({ nDays, rowsPerDay: 40, seed: seed + 1_000_000, firstDay: 50_000 });
  const b = { labels: second.labels, scores: second.others, days: second.days };
  return (['rocAuc', 'logLoss'] as const).flatMap((metric) => {
    const options = { metric, seed, nResamples: 600 };
    const difference = ofB[metric] - ofA[metric];
    const pair = estimatePairedDifference({ labels, scoresA: scores, scoresB: others, days, ...options });
    return [
      { name: `${metric} one`, estimate: estimateBinary({ labels, scores, days, ...options }), truth: ofA[metric] },
      { name: `${metric} pair`, estimate: pair, truth: difference },
      {
        name: `${metric} two`,
        estimate: estimateTwoSampleDifference({ a: { labels, scores, days }, b, ...options }),
        truth: difference,
      },
    ];
  });
}

/** Share of simulated samples whose interval holds the truth, by metric, for one model, a pair and two samples. */
function coverage(nDays: number, nSamples: number): ReadonlyMap<string, number> {
  const truth = truths();
  const shares = new Map<string, number>();
  for (let seed = 1; seed <= nSamples; seed += 1) {
    for (const each of simulated(nDays, seed, truth)) {
      const isHeld = each.estimate.low <= each.truth && each.truth <= each.estimate.high;
      shares.set(each.name, (shares.get(each.name) ?? 0) + (isHeld ? 1 / nSamples : 0));
    }
  }
  return shares;
}

// 400 samples each, levels of 0.95, gave 0.92 … 0.97 with 10, 20 and 59 days, 0.92 … 0.99 with 3, 5 and 9.
test('day bootstrap intervals hold the truth about as often as they say, though rows of a day move together', () => {
  for (const [name, share] of coverage(14, 200)) {
    expect(share, name).toBeGreaterThan(0.89);
    expect(share, name).toBeLessThan(0.995);
  }
});

test('delete-a-day intervals hold the truth about as often as they say', () => {
  for (const [name, share] of coverage(6, 200)) expect(share, name).toBeGreaterThan(0.88);
});

test('intervals from rows alone would be far too narrow on such days', () => {
  const rows = syntheticDays({ nDays: 30, rowsPerDay: 400, seed: 5 });
  const byDay = estimateBinary({ ...rows, metric: 'logLoss' });
  const byRow = estimateBinary({ ...rows, days: new Int32Array(rows.days.length), metric: 'logLoss' });
  expect(byDay.high - byDay.low).toBeGreaterThan(2 * (byRow.high - byRow.low));
});

test('the number of days picks the method', () => {
  const rows = syntheticDays({ nDays: 12, rowsPerDay: 50, seed: 1 });
  const methodOf = (nDays: number, metric: BinaryMetric = 'rocAuc') =>
    estimateBinary({ ...firstDays(rows, 50 * nDays), metric }).method;
  expect(methodOf(12)).toBe('day-bootstrap(12 days)');
  expect(methodOf(10)).toBe('day-bootstrap(10 days)');
  expect(methodOf(9)).toBe('day-jackknife-t(9 days)');
  expect(methodOf(3)).toBe('day-jackknife-t(3 days)');
  expect(methodOf(2)).toBe('delong, conditional');
  expect(methodOf(2, 'brier')).toBe('row-variance, conditional');
  expect(methodOf(1, 'averagePrecision')).toBe('none, conditional');
});

test('a day of a few stray rows is no day', () => {
  const rows = syntheticDays({ nDays: 3, rowsPerDay: 200, seed: 1 });
  expect(estimateBinary({ ...firstDays(rows, 400 + 6), metric: 'rocAuc' }).method).toBe('delong, conditional');
  expect(estimateBinary({ ...firstDays(rows, 400 + 60), metric: 'rocAuc' }).method).toBe('day-jackknife-t(3 days)');
});

test("within one day the interval is DeLong's, for one model and for a pair", () => {
  const { labels, scores, others } = syntheticDays({ nDays: 1, rowsPerDay: 150, seed: 2 });
  const days = new Int32Array(labels.length);
  const one = estimateBinary({ labels, scores, days, metric: 'rocAuc' });
  const { rocAuc, variance } = rocAucVariance({ labels, scores });
  expect(one.value).toBeCloseTo(rocAuc, 12);
  expect(one.high - one.low).toBeCloseTo(2 * Z * Math.sqrt(variance), 10);
  const pair = estimatePairedDifference({ labels, scoresA: scores, scoresB: others, days, metric: 'rocAuc' });
  const expected = comparePairedAuc({ labels, scoresA: scores, scoresB: others });
  expect(pair.value).toBeCloseTo(expected.difference, 12);
  expect(pair.high - pair.low).toBeCloseTo(2 * Z * Math.sqrt(expected.variance), 10);
  expect(isConditional(one) && isConditional(pair)).toBe(true);
});

test('every metric has its exact value, an interval around it and the number of rows', () => {
  const rows = syntheticDays({ nDays: 15, rowsPerDay: 80, seed: 6 });
  const exact = binaryMetrics(rows);
  for (const metric of BinaryMetric) {
    const estimate = estimateBinary({ ...rows, metric });
    const expected = metric === 'errorRate' ? 1 - exact.accuracy : exact[metric];
    expect(estimate.value, metric).toBeCloseTo(expected, 12);
    expect(hasInterval(estimate) && estimate.low < estimate.value && estimate.value < estimate.high, metric).toBe(true);
    expect(estimate.n).toBe(1200);
    expect(['higher', 'lower', 'neither']).toContain(betterDirection(metric));
  }
});

test('the same seed gives the same interval, another seed nearly the same', () => {
  const rows = syntheticDays({ nDays: 15, rowsPerDay: 80, seed: 6 });
  const of = (seed: number) => estimateBinary({ ...rows, metric: 'rocAuc', seed });
  expect(of(3)).toEqual(of(3));
  expect(of(3).low).not.toBe(of(4).low);
  expect(Math.abs(of(3).low - of(4).low)).toBeLessThan(0.2 * (of(3).high - of(3).low));
});

test('the order of rows and the numbers of days do not matter', () => {
  const rows = syntheticDays({ nDays: 12, rowsPerDay: 40, seed: 6 });
  const turned = {
    labels: rows.labels.toReversed(),
    scores: rows.scores.toReversed(),
    days: rows.days.map((day) => day - 20_000).toReversed(),
  };
  const [a, b] = [estimateBinary({ ...rows, metric: 'rocAuc' }), estimateBinary({ ...turned, metric: 'rocAuc' })];
  expect(b.low).toBeCloseTo(a.low, 6);
  expect(b.high).toBeCloseTo(a.high, 6);
});

test('a model against itself differs by exactly nothing', () => {
  const rows = syntheticDays({ nDays: 12, rowsPerDay: 40, seed: 6 });
  for (const metric of BinaryMetric) {
    const same = estimatePairedDifference({ ...rows, scoresA: rows.scores, scoresB: rows.scores, metric });
    expect([same.value, same.low, same.high], metric).toEqual([0, 0, 0]);
  }
});

test('samples that share days are judged within those days', () => {
  const all = syntheticDays({ nDays: 20, rowsPerDay: 200, seed: 12, daySpread: 0.8 });
  const half = (parity: number) => {
    const rows = [...all.labels.keys()].filter((row) => row % 2 === parity);
    return {
      labels: Uint8Array.from(rows, (row) => all.labels[row] ?? 0),
      scores: Float64Array.from(rows, (row) => all.scores[row] ?? 0),
      days: Int32Array.from(rows, (row) => all.days[row] ?? 0),
    };
  };
  const [a, b] = [half(0), half(1)];
  const shared = estimateTwoSampleDifference({ a, b, metric: 'logLoss', level: 0.999 });
  const apart = estimateTwoSampleDifference({
    a,
    b: { ...b, days: b.days.map((day) => day + 1000) },
    metric: 'logLoss',
    level: 0.999,
  });
  expect(shared.n).toBe(4000);
  expect(shared.method).toBe('day-bootstrap(20 days)');
  expect(shared.high - shared.low).toBeLessThan(0.6 * (apart.high - apart.low));
  expect(shared.low <= 0 && shared.high >= 0).toBe(true);
  const fewer = estimateTwoSampleDifference({
    a,
    b: { ...b, days: b.days.map((day) => Math.min(day, 11_326)) },
    metric: 'logLoss',
  });
  expect(fewer.method).toBe('day-jackknife-t(4 days)');
  const short = estimateTwoSampleDifference({ a, b: { ...b, days: new Int32Array(2000) }, metric: 'rocAuc' });
  expect(short.method).toBe('delong, conditional');
  expect(hasInterval(short)).toBe(true);
});

test('what cannot be known is NaN, never a guess', () => {
  const none = { labels: new Uint8Array(0), scores: new Float64Array(0), days: new Int32Array(0) };
  expect(estimateBinary({ ...none, metric: 'rocAuc' }).value).toBeNaN();
  expect(estimateBinary({ ...none, metric: 'logLoss' }).low).toBeNaN();
  const oneClass = {
    labels: new Uint8Array(40),
    scores: new Float64Array(40).fill(0.2),
    days: Int32Array.from({ length: 40 }, (_, row) => row % 20),
  };
  const area = estimateBinary({ ...oneClass, metric: 'rocAuc' });
  expect([area.value, area.low, area.high].every(Number.isNaN)).toBe(true);
  expect(estimateBinary({ ...oneClass, metric: 'precision' }).value).toBeNaN();
  const lonePositive = { ...oneClass, labels: Uint8Array.from({ length: 40 }, (_, row) => (row === 7 ? 1 : 0)) };
  const rare = estimateBinary({ ...lonePositive, metric: 'rocAuc' });
  expect(rare.value).toBe(0.5);
  expect(rare.low).toBeNaN(); // too many resamples have no positive at all
});

test('bad input is refused with what is wrong', () => {
  const rows = { labels: Uint8Array.of(0, 1), scores: Float64Array.of(0.2, 1.4), days: Int32Array.of(1, 2) };
  expect(() => estimateBinary({ ...rows, metric: 'logLoss' })).toThrow('score 1.4 in row 1');
  expect(() => estimateBinary({ ...rows, days: Int32Array.of(1), metric: 'rocAuc' })).toThrow('days has 1 values for 2 rows');
  expect(() => estimateBinary({ ...rows, metric: 'rocAuc', level: 95 })).toThrow('confidence level 95');
  expect(() => estimateBinary({ ...rows, metric: 'rocAuc', nResamples: 10 })).toThrow('nResamples 10');
  expect(() => estimateBinary({ ...rows, labels: Uint8Array.of(0, 2), metric: 'rocAuc' })).toThrow('label 2 in row 1');
  expect(() => estimateBinary({ ...rows, scores: Float64Array.of(0, Number.NaN), metric: 'rocAuc' })).toThrow(
    'score NaN in row 1',
  );
});
