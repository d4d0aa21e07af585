import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averagePrecision, binaryMetrics, brier, confusionAt, logLoss, rocAuc } from './binary-metrics.ts';
import { expectedCalibrationError, reliability } from './calibration.ts';
import { thresholdCurve } from './curves.ts';
import { rocAucVariance } from './delong.ts';
import { ascendingOrder } from './kernels/order.ts';
import { multiclassMetrics } from './multiclass-metrics.ts';
import { createRandom } from './random.ts';
import { pinballLoss, regressionMetrics } from './regression-metrics.ts';

const row = fc.record({
  label: fc.constantFrom(0, 1),
  score: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.75, 0.9, 1),
  weight: fc.nat(4),
});
const rowsOf = fc
  .array(row, { minLength: 2, maxLength: 60 })
  .filter((list) => list.some((each) => each.label === 0) && list.some((each) => each.label === 1))
  .map((list) => ({
    labels: Uint8Array.from(list, (each) => each.label),
    scores: Float64Array.from(list, (each) => each.score),
    weights: Float64Array.from(list, (each) => each.weight + 1),
  }));

test('the area equals counting all pairs', () => {
  fc.assert(
    fc.property(rowsOf, ({ labels, scores }) => {
      let wins = 0;
      let pairs = 0;
      labels.forEach((label, positive) => {
        if (label === 0) return;
        labels.forEach((other, negative) => {
          if (other === 1) return;
          const [a = 0, b = 0] = [scores[positive], scores[negative]];
          wins += a > b ? 1 : Number(a === b) / 2;
          pairs += 1;
        });
      });
      expect(rocAuc({ labels, scores })).toBeCloseTo(wins / pairs, 12);
    }),
  );
});

test('a weight counts as that many rows', () => {
  fc.assert(
    fc.property(rowsOf, ({ labels, scores, weights }) => {
      const repeated = [...labels.keys()].flatMap((each) => new Array<number>(weights[each] ?? 0).fill(each));
      const copies = {
        labels: Uint8Array.from(repeated, (each) => labels[each] ?? 0),
        scores: Float64Array.from(repeated, (each) => scores[each] ?? 0),
      };
      const [weighted, unweighted] = [binaryMetrics({ labels, scores, weights }), binaryMetrics(copies)];
      expect(weighted.rocAuc).toBeCloseTo(unweighted.rocAuc, 12);
      expect(weighted.averagePrecision).toBeCloseTo(unweighted.averagePrecision, 12);
      expect(weighted.logLoss).toBeCloseTo(unweighted.logLoss, 9);
      expect(weighted.confusion).toEqual(unweighted.confusion);
      expect(expectedCalibrationError({ labels, scores, weights })).toBeCloseTo(expectedCalibrationError(copies), 12);
    }),
  );
});

test('ranking metrics see only the order, and reversing it mirrors the area', () => {
  fc.assert(
    fc.property(rowsOf, ({ labels, scores }) => {
      const stretched = scores.map((score) => Math.exp(3 * score) - 7);
      expect(rocAuc({ labels, scores: stretched })).toBe(rocAuc({ labels, scores }));
      expect(averagePrecision({ labels, scores: stretched })).toBe(averagePrecision({ labels, scores }));
      expect(rocAuc({ labels, scores: scores.map((score) => -score) })).toBeCloseTo(1 - rocAuc({ labels, scores }), 12);
    }),
  );
});

test('single metrics equal the metrics computed together', () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const all = binaryMetrics(rows);
      expect([rocAuc(rows), averagePrecision(rows), logLoss(rows), brier(rows), confusionAt(rows)]).toEqual([
        all.rocAuc,
        all.averagePrecision,
        all.logLoss,
        all.brier,
        all.confusion,
      ]);
    }),
  );
});

test('scores as 32-bit floats give the metrics of the same numbers as doubles', () => {
  const random = createRandom(1);
  const labels = Uint8Array.from({ length: 9000 }, () => random.below(2));
  const scores = Float32Array.from(labels, () => random.uniform());
  expect(binaryMetrics({ labels, scores })).toEqual(binaryMetrics({ labels, scores: Float64Array.from(scores) }));
});

test('long and short inputs are put in the same order, negative and equal values included', () => {
  const random = createRandom(8);
  const long = Float64Array.from({ length: 6000 }, () => (random.below(2000) - 1000) / 7);
  long[3] = -0;
  long[9] = 0;
  long[10] = Number.MIN_VALUE;
  long[11] = -1e300;
  const expected = [...long.keys()].sort((a, b) => (long[a] ?? 0) - (long[b] ?? 0) || a - b);
  expect([...ascendingOrder(long)]).toEqual(expected);
  const short = long.subarray(0, 1000);
  expect([...ascendingOrder(short)]).toEqual([...short.keys()].sort((a, b) => (short[a] ?? 0) - (short[b] ?? 0) || a - b));
});

test('what is not defined is NaN', () => {
  const oneClass = { labels: Uint8Array.of(0, 0), scores: Float64Array.of(0.1, 0.2) };
  expect(rocAuc(oneClass)).toBeNaN();
  expect(averagePrecision(oneClass)).toBeNaN();
  expect(thresholdCurve(oneClass)).toEqual([]);
  expect(rocAucVariance({ labels: Uint8Array.of(0, 0, 1), scores: Float64Array.of(1, 2, 3) }).variance).toBeNaN();
  const none = { labels: new Uint8Array(0), scores: new Float64Array(0) };
  expect(logLoss(none)).toBeNaN();
  expect(expectedCalibrationError(none)).toBeNaN();
  expect(regressionMetrics({ targets: new Float64Array(0), predictions: new Float64Array(0) }).medianAbsoluteError).toBeNaN();
});

test('the threshold curve encloses the area and ends at both corners', () => {
  fc.assert(
    fc.property(rowsOf, ({ labels, scores }) => {
      const curve = thresholdCurve({ labels, scores });
      expect(curve[0]).toMatchObject({ recall: 0, falsePositiveRate: 0, precision: 1 });
      expect(curve.at(-1)).toMatchObject({ recall: 1, falsePositiveRate: 1 });
      const area = curve.slice(1).reduce((sum, point, index) => {
        const before = curve[index] ?? point;
        return sum + ((point.falsePositiveRate - before.falsePositiveRate) * (point.recall + before.recall)) / 2;
      }, 0);
      expect(area).toBeCloseTo(rocAuc({ labels, scores }), 12);
    }),
  );
  const random = createRandom(4);
  const labels = Uint8Array.from({ length: 1000 }, () => random.below(2));
  const thinned = thresholdCurve({ labels, scores: Float64Array.from(labels, () => random.uniform()) }, 50);
  expect(thinned.length).toBe(50);
  expect(thinned.at(-1)?.recall).toBe(1);
});

test('reliability bins hold all rows once and agree with the means', () => {
  fc.assert(
    fc.property(
      rowsOf,
      fc.constantFrom('width' as const, 'count' as const),
      fc.integer({ min: 1, max: 12 }),
      (rows, by, nBins) => {
        const bins = reliability(rows, { by, nBins });
        const weight = bins.reduce((sum, bin) => sum + bin.weight, 0);
        expect(weight).toBeCloseTo(
          rows.weights.reduce((sum, each) => sum + each, 0),
          9,
        );
        const mean = bins.reduce((sum, bin) => sum + bin.weight * bin.meanScore, 0) / weight;
        expect(mean).toBeCloseTo(binaryMetrics(rows).meanScore, 9);
        expect(bins.length).toBeLessThanOrEqual(nBins);
      },
    ),
  );
});

test('equal-count bins hold equal numbers of distinct scores', () => {
  const labels = new Uint8Array(100);
  const scores = Float64Array.from(labels, (_, index) => (index / 100) ** 3);
  const bins = reliability({ labels, scores }, { by: 'count', nBins: 4 });
  expect(bins.map((bin) => bin.weight)).toEqual([25, 25, 25, 25]);
});

test('regression follows scikit-learn where targets are constant', () => {
  const targets = Float64Array.of(2, 2);
  expect(regressionMetrics({ targets, predictions: targets }).r2).toBe(1);
  expect(regressionMetrics({ targets, predictions: Float64Array.of(1, 2) }).r2).toBe(0);
  expect(regressionMetrics({ targets: targets.subarray(1), predictions: targets.subarray(1) }).r2).toBeNaN();
});

test('multiclass areas are NaN when a class has no rows', () => {
  const metrics = multiclassMetrics({
    nClasses: 3,
    targets: Int32Array.of(0, 1),
    probabilities: Float64Array.of(0.6, 0.4, 0, 0.1, 0.9, 0),
  });
  expect(metrics.rocAucOvrMacro).toBeNaN();
  expect([metrics.accuracy, metrics.f1Macro]).toEqual([1, 1]);
});

test('bad rows are refused with the row and the value', () => {
  const labels = Uint8Array.of(0, 1);
  expect(() => rocAuc({ labels, scores: Float64Array.of(1) })).toThrow('scores has 1 values for 2 rows');
  expect(() => rocAuc({ labels: Uint8Array.of(0, 3), scores: Float64Array.of(1, 2) })).toThrow('label 3 in row 1');
  expect(() => rocAuc({ labels, scores: Float64Array.of(1, Number.POSITIVE_INFINITY) })).toThrow('score Infinity in row 1');
  expect(() => brier({ labels, scores: Float64Array.of(-0.1, 0) })).toThrow('score -0.1 in row 0');
  const rows = { labels, scores: Float64Array.of(0.1, 0.2) };
  expect(() => rocAuc({ ...rows, weights: Float64Array.of(1, -1) })).toThrow('weight -1');
  expect(() => reliability(rows, { nBins: 0 })).toThrow('nBins 0');
  expect(() => thresholdCurve(rows, 1)).toThrow('maxPoints 1');
  expect(() => pinballLoss({ targets: rows.scores, predictions: rows.scores }, 2)).toThrow('quantile 2');
  const classes = { nClasses: 2, targets: Int32Array.of(2), probabilities: Float64Array.of(0.5, 0.5) };
  expect(() => multiclassMetrics(classes)).toThrow('class 2 in row 0');
  expect(() => multiclassMetrics({ ...classes, nClasses: 1 })).toThrow('nClasses 1');
  expect(() => multiclassMetrics({ ...classes, nClasses: 3 })).toThrow('probabilities has 2 values for 3 rows');
});
