import { expect, test } from 'vitest';
import { averagePrecision, rocAuc } from './binary-metrics.ts';
import { dayRowsOf, type SyntheticDays, syntheticDays } from './dated-rows.fixtures.ts';
import { averagePrecisionStatistic, rocAucStatistic } from './day-statistics.ts';
import { balancedBins, dayHistograms, weightedWins, winsBetweenDays } from './kernels/day-histograms.ts';
import { ascendingOrder } from './kernels/order.ts';
import { createRandom } from './random.ts';

/** The area by day histograms with equal day weights, without the shift to the exact value. */
function histogramArea(rows: SyntheticDays): number {
  const { labels, scores } = rows;
  const { nDays, dayOfRow } = dayRowsOf(rows);
  const cut = balancedBins(labels, scores, ascendingOrder(scores), 5000);
  const wins = winsBetweenDays(dayHistograms({ labels, dayOfRow, nDays, ...cut }));
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return weightedWins(wins, new Float64Array(nDays).fill(1)) / positives / (labels.length - positives);
}

/** Rows in which each day occurs as often as its weight says. */
function replicated(rows: SyntheticDays, weights: Float64Array): { labels: Uint8Array; scores: Float64Array } {
  const { dayOfRow } = dayRowsOf(rows);
  const labels: number[] = [];
  const scores: number[] = [];
  dayOfRow.forEach((day, row) => {
    for (let copy = 0; copy < (weights[day] ?? 0); copy += 1) {
      labels.push(rows.labels[row] ?? 0);
      scores.push(rows.scores[row] ?? 0);
    }
  });
  return { labels: Uint8Array.from(labels), scores: Float64Array.from(scores) };
}

test('the area from day histograms is within 1e-4 of the exact one', () => {
  const random = createRandom(4);
  const shapes: readonly ((score: number, label: number) => number)[] = [
    (score) => score,
    (score) => score ** 12, // crowded at 0
    (score) => Math.round(score * 40) / 40, // many ties
    (score, label) => score * 1e-9 + label * 1e-12, // separable only far below the width of any fixed bin
    (_, label) => label, // perfect
    (_, label) => (random.uniform() < 0.97 ? 0.5 : label), // one heavy score
  ];
  for (const [index, shape] of shapes.entries()) {
    const rows = syntheticDays({ nDays: 6, rowsPerDay: 5000, seed: index });
    const scores = rows.scores.map((score, row) => shape(score, rows.labels[row] ?? 0));
    const error = Math.abs(histogramArea({ ...rows, scores }) - rocAuc({ labels: rows.labels, scores }));
    expect(error, `shape ${index}`).toBeLessThan(1e-4);
  }
});

test('with rare positives the area from day histograms is still within 1e-4', () => {
  const rows = syntheticDays({ nDays: 4, rowsPerDay: 20_000, seed: 3, baseScore: -3 });
  expect(rows.labels.reduce((sum, label) => sum + label, 0)).toBeLessThan(1000);
  expect(Math.abs(histogramArea(rows) - rocAuc(rows))).toBeLessThan(1e-4);
});

test('a resample of days gives the metrics of the rows of those days', () => {
  const rows = syntheticDays({ nDays: 8, rowsPerDay: 2500, seed: 11 });
  const dated = dayRowsOf(rows);
  const area = rocAucStatistic(dated);
  const precision = averagePrecisionStatistic(dated);
  for (const weights of [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [0, 3, 1, 0, 2, 1, 1, 0],
    [8, 0, 0, 0, 0, 0, 0, 0],
  ]) {
    const drawn = Float64Array.from(weights);
    const exact = replicated(rows, drawn);
    expect(Math.abs(area.at(drawn) - rocAuc(exact))).toBeLessThan(1e-4);
    expect(Math.abs(precision.at(drawn) - averagePrecision(exact))).toBeLessThan(1e-3);
  }
  expect(area.value).toBe(rocAuc(rows));
  expect(precision.value).toBe(averagePrecision(rows));
});

test('with fewer distinct scores than bins the area from day histograms is exact', () => {
  const rows = syntheticDays({ nDays: 5, rowsPerDay: 300, seed: 8 });
  expect(histogramArea(rows)).toBeCloseTo(rocAuc(rows), 12);
});
