import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogHistogram } from './log-histogram.ts';

const values = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 });
const shares = [0, 0.1, 0.5, 0.9, 0.99, 0.999, 1];

function histogramOf(list: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of list) histogram.add(value);
  return histogram;
}

test('every quantile is within 1 % of the true order statistic', () => {
  fc.assert(
    fc.property(values, (list) => {
      const histogram = histogramOf(list);
      const sorted = list.toSorted((a, b) => a - b);
      for (const share of shares) {
        const truth = sorted[Math.max(1, Math.ceil(share * list.length)) - 1] ?? Number.NaN;
        expect(Math.abs(histogram.quantile(share) / truth - 1)).toBeLessThanOrEqual(0.01 + 1e-9);
      }
    }),
  );
});

test('merged halves equal the whole', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const merged = histogramOf(a);
      merged.merge(histogramOf(b));
      const whole = histogramOf([...a, ...b]);
      for (const share of shares) expect(merged.quantile(share)).toBe(whole.quantile(share));
      expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max]);
    }),
  );
});

test('a histogram survives JSON', () => {
  fc.assert(
    fc.property(values, (list) => {
      const histogram = histogramOf(list);
      const read = LogHistogram.fromJSON(JSON.parse(JSON.stringify(histogram)));
      expect(read.toJSON()).toEqual(histogram.toJSON());
      expect([read.count, read.sum, read.quantile(0.9)]).toEqual([histogram.count, histogram.sum, histogram.quantile(0.9)]);
    }),
  );
});

test('an empty histogram knows nothing and says so', () => {
  const empty = new LogHistogram();
  expect([empty.count, empty.sum]).toEqual([0, 0]);
  expect([empty.min, empty.max, empty.quantile(0.5)].every(Number.isNaN)).toBe(true);
  expect(LogHistogram.fromJSON(JSON.parse(JSON.stringify(empty))).quantile(0.5)).toBeNaN();
  empty.add(3, 0);
  expect(empty.count).toBe(0);
});

test('values beyond its range are kept at its ends, and min, max and sum stay exact', () => {
  const histogram = histogramOf([0, 5e9]);
  expect([histogram.min, histogram.max, histogram.sum]).toEqual([0, 5e9, 5e9]);
  expect(histogram.quantile(0.5)).toBe(0.001);
  expect(histogram.quantile(1)).toBeGreaterThan(0.98e9);
});

test('bad values and bad JSON are refused', () => {
  const histogram = new LogHistogram();
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => histogram.add(value)).toThrow(`value ${value}`);
  expect(() => histogram.add(1, 0.5)).toThrow('count 0.5');
  expect(() => histogram.quantile(99)).toThrow('share 99');
  const good = histogramOf([1]).toJSON();
  const bad = [
    undefined,
    null,
    {},
    { ...good, version: 2 },
    { ...good, sum: 'x' },
    { ...good, buckets: [[1]] },
    { ...good, buckets: [[1e9, 1]] },
    { ...good, buckets: [[1, -1]] },
  ];
  for (const json of bad) expect(() => LogHistogram.fromJSON(json), JSON.stringify(json)).toThrow('not a log histogram');
});
