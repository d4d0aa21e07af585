import { expect, test } from 'vitest';
import { binaryMetrics } from './binary-metrics.ts';
import { comparePairedAuc, rocAucVariance } from './delong.ts';
import { goldenMetrics } from './golden.fixtures.ts';
import { multiclassMetrics } from './multiclass-metrics.ts';
import { pinballLoss, regressionMetrics } from './regression-metrics.ts';

const TOLERANCE = 1e-9;

function expectAll(name: string, got: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  for (const [metric, value] of Object.entries(expected)) {
    expect(Math.abs((got[metric] ?? Number.NaN) - value), `${name} ${metric} ${got[metric]} ${value}`).toBeLessThan(TOLERANCE);
  }
}

test('every golden binary case equals scikit-learn', () => {
  const cases = goldenMetrics('binary');
  expect(cases.length).toBe(24);
  for (const each of cases) {
    const labels = Uint8Array.from(each.y);
    const scores = Float64Array.from(each.score ?? []);
    const other = Float64Array.from(each.other ?? []);
    const metrics = binaryMetrics(each.weight ? { labels, scores, weights: Float64Array.from(each.weight) } : { labels, scores });
    const pair = comparePairedAuc({ labels, scoresA: other, scoresB: scores });
    const got = {
      rocAuc: metrics.rocAuc,
      averagePrecision: metrics.averagePrecision,
      logLoss: metrics.logLoss,
      brier: metrics.brier,
      accuracyAtHalf: metrics.accuracy,
      precisionAtHalf: metrics.precision,
      recallAtHalf: metrics.recall,
      f1AtHalf: metrics.f1,
      matthews: metrics.matthews,
      balancedAccuracy: metrics.balancedAccuracy,
      delongVariance: rocAucVariance({ labels, scores }).variance,
      otherRocAuc: pair.rocAucA,
      delongDifference: pair.difference,
      delongDifferenceVariance: pair.variance,
      delongTwoSidedP: pair.pValue,
    };
    expectAll(each.name, got, each.expected);
  }
});

test('every golden regression case equals scikit-learn', () => {
  const cases = goldenMetrics('regression');
  expect(cases.length).toBe(8);
  for (const each of cases) {
    const rows = {
      targets: Float64Array.from(each.y),
      predictions: Float64Array.from(each.prediction ?? []),
      ...(each.weight ? { weights: Float64Array.from(each.weight) } : {}),
    };
    expectAll(each.name, { ...regressionMetrics(rows), pinball90: pinballLoss(rows, 0.9) }, each.expected);
  }
});

test('every golden multiclass case equals scikit-learn', () => {
  const cases = goldenMetrics('multiclass');
  expect(cases.length).toBe(8);
  for (const each of cases) {
    const { confusion, ...got } = multiclassMetrics({
      nClasses: each.classes ?? 0,
      targets: Int32Array.from(each.y),
      probabilities: Float64Array.from((each.probability ?? []).flat()),
    });
    expect(confusion.reduce((sum, count) => sum + count, 0)).toBe(each.y.length);
    expectAll(each.name, got, each.expected);
  }
});
