import { expect, test } from 'vitest';
import { studentTQuantile } from './distributions.ts';
import {
  estimateMean,
  estimateMeanDifference,
  estimateRegression,
  estimateRegressionDifference,
  RegressionMetric,
} from './estimate-means.ts';
import { createRandom } from './random.ts';
import { regressionMetrics } from './regression-metrics.ts';

/** One value a day, so that the day interval must be the t interval of the values. */
function onePerDay(nDays: number) {
  const random = createRandom(9);
  return {
    values: Float64Array.from({ length: nDays }, () => random.uniform()),
    days: Int32Array.from({ length: nDays }, (_, day) => day),
  };
}

test('with equal days the delete-a-day interval is the t interval of the day means', () => {
  const { values, days } = onePerDay(7);
  const mean = values.reduce((sum, value) => sum + value, 0) / 7;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6);
  const estimate = estimateMean({ values, days });
  expect(estimate.value).toBeCloseTo(mean, 12);
  expect(estimate.high - mean).toBeCloseTo((studentTQuantile(0.975, 6) * deviation) / Math.sqrt(7), 10);
  expect(estimate.method).toBe('day-jackknife-t(7 days)');
});

test('with many equal days the bootstrap interval is nearly the t interval', () => {
  const { values, days } = onePerDay(40);
  const mean = values.reduce((sum, value) => sum + value, 0) / 40;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 39);
  const width = (2 * studentTQuantile(0.975, 39) * deviation) / Math.sqrt(40);
  const estimate = estimateMean({ values, days, nResamples: 20_000 });
  expect((estimate.high - estimate.low) / width).toBeGreaterThan(0.95);
  expect((estimate.high - estimate.low) / width).toBeLessThan(1.05);
});

test('weights make a ratio of sums', () => {
  const days = Int32Array.of(1, 2, 3);
  const estimate = estimateMean({ values: Float64Array.of(0.5, 0.2, 0.1), weights: Float64Array.of(2, 5, 10), days });
  expect(estimate.value).toBeCloseTo(3 / 17, 12);
  expect(estimateMean({ values: Float64Array.of(1), weights: Float64Array.of(0), days: Int32Array.of(1) }).value).toBeNaN();
});

test('one value alone has no interval', () => {
  const estimate = estimateMean({ values: Float64Array.of(3), days: Int32Array.of(1) });
  expect(estimate.value).toBe(3);
  expect(estimate.low).toBeNaN();
});

test('means of separate samples differ by B minus A', () => {
  const { values, days } = onePerDay(30);
  const b = { values: values.map((value) => value + 1), days };
  const estimate = estimateMeanDifference({ a: { values, days }, b });
  expect(estimate.value).toBeCloseTo(1, 12);
  expect(estimate.high - estimate.low).toBeLessThan(1e-9); // the same days are drawn for both
  const apart = estimateMeanDifference({ a: { values, days }, b: { ...b, days: days.map((day) => day + 100) } });
  expect(apart.high - apart.low).toBeGreaterThan(0.1);
});

test('regression estimates equal the metrics and carry intervals', () => {
  const random = createRandom(21);
  const n = 600;
  const targets = Float64Array.from({ length: n }, () => 10 * random.uniform());
  const predictions = targets.map((target) => target + random.uniform() - 0.4);
  const better = targets.map((target, row) => target + ((predictions[row] ?? 0) - target) / 2);
  for (const days of [Int32Array.from(targets, (_, row) => row % 12), new Int32Array(n)]) {
    for (const metric of RegressionMetric) {
      const estimate = estimateRegression({ targets, predictions, days, metric });
      expect(estimate.value).toBeCloseTo(regressionMetrics({ targets, predictions })[metric], 10);
      expect(estimate.low < estimate.value && estimate.value < estimate.high, metric).toBe(true);
      const change = estimateRegressionDifference({ targets, predictionsA: predictions, predictionsB: better, days, metric });
      expect(change.high, metric).toBeLessThan(0);
    }
  }
});

test('the conditional interval of the root mean squared error follows the delta method', () => {
  const targets = new Float64Array(4);
  const predictions = Float64Array.of(1, 2, 3, 4);
  const days = new Int32Array(4);
  const mse = estimateRegression({ targets, predictions, days, metric: 'mse' });
  const rmse = estimateRegression({ targets, predictions, days, metric: 'rmse' });
  expect(rmse.high - rmse.value).toBeCloseTo((mse.high - mse.value) / (2 * rmse.value), 10);
});

test('bad input is refused', () => {
  const rows = { values: Float64Array.of(1, Number.NaN), days: Int32Array.of(1, 2) };
  expect(() => estimateMean(rows)).toThrow('value NaN in row 1');
  expect(() => estimateMean({ ...rows, days: Int32Array.of(1) })).toThrow('days has 1 values');
  const weights = Float64Array.of(1, -1);
  expect(() => estimateMean({ values: Float64Array.of(1, 2), days: rows.days, weights })).toThrow(
    'weight -1 in row 1 is negative',
  );
});
