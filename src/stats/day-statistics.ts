import {
  averagePrecisionOfDays,
  balancedBins,
  type DayHistograms,
  dayHistograms,
  weightedWins,
  winsBetweenDays,
} from './kernels/day-histograms.ts';
import { daySums, dot } from './kernels/days.ts';
import { concatInfluence, type RowInfluence, rankInfluence, ratioInfluence, subtractInfluence } from './kernels/influence.ts';
import { ascendingOrder } from './kernels/order.ts';
import { averagePrecisionOfOrder, placementsOfOrder, rocAucOfOrder } from './kernels/ranking.ts';
import type { NumberArray } from './requirements.ts';

/** A statistic that can be recomputed from per-day sums when days are drawn again. */
export interface DayStatistic {
  /** On all rows, exactly. */
  readonly value: number;
  readonly n: number;
  /** Legal range of the value. */
  readonly range: { readonly low: number; readonly high: number };
  /** When day d counts `weights[d]` times; NaN when undefined there. */
  readonly at: (weights: Float64Array) => number;
  /** For a variance with the days fixed; undefined where no formula is known. */
  readonly influence?: () => RowInfluence;
  /** Name of that variance. */
  readonly variance: string;
}

/** Labels, scores and the number of each row's day. */
export interface DayRows {
  readonly labels: Uint8Array;
  readonly scores: NumberArray;
  readonly dayOfRow: Int32Array;
  readonly nDays: number;
}

// Bins of 1/5000 of the mass change an area by at most 1e-4: DESIGN's bound, by the inequality at `balancedBins`.
const FINENESS_OF_AREA = 5000;
const FINENESS_OF_PRECISION = 1000;

/** Sum of numerators over sum of denominators; rows count 1 without denominators. */
export function ratioStatistic(rows: {
  readonly numerators: Float64Array;
  readonly denominators: NumberArray | undefined;
  readonly dayOfRow: Int32Array;
  readonly nDays: number;
  readonly range: { readonly low: number; readonly high: number };
}): DayStatistic {
  const { numerators, denominators, dayOfRow, nDays, range } = rows;
  const tops = daySums(numerators, dayOfRow, nDays);
  const bottoms = daySums(denominators, dayOfRow, nDays);
  const at = (weights: Float64Array): number => dot(weights, tops) / dot(weights, bottoms);
  const value = at(new Float64Array(nDays).fill(1));
  return {
    value,
    n: numerators.length,
    range,
    at,
    influence: () => ({ influence: ratioInfluence(numerators, denominators, value), groups: dayOfRow, nGroups: nDays }),
    variance: 'row-variance',
  };
}

/** Square root of another statistic, such as of the mean squared error. */
export function rootStatistic(inner: DayStatistic): DayStatistic {
  const value = Math.sqrt(inner.value);
  const { influence } = inner;
  const rooted = { ...inner, value, at: (weights: Float64Array): number => Math.sqrt(inner.at(weights)) };
  if (influence === undefined) return rooted;
  return {
    ...rooted,
    influence: () => {
      const whole = influence();
      return { ...whole, influence: whole.influence.map((part) => part / (2 * value)) };
    },
  };
}

/** Area under the ROC curve; days are combined through their score histograms, shifted to agree with the exact value. */
export function rocAucStatistic(rows: DayRows): DayStatistic {
  const { labels, scores, dayOfRow, nDays } = rows;
  const order = ascendingOrder(scores);
  const histograms = histogramsOf(rows, order, FINENESS_OF_AREA);
  const wins = winsBetweenDays(histograms);
  const positives = daySums(labels, dayOfRow, nDays);
  const sizes = daySums(undefined, dayOfRow, nDays);
  const area = (weights: Float64Array): number => {
    const positive = dot(weights, positives);
    return weightedWins(wins, weights) / (positive * (dot(weights, sizes) - positive));
  };
  const value = rocAucOfOrder(labels, scores, undefined, order);
  return {
    value,
    n: labels.length,
    range: { low: 0, high: 1 },
    at: shifted(area, value, nDays),
    influence: () => ({
      influence: rankInfluence(labels, placementsOfOrder(labels, scores, order), value),
      groups: dayOfRow.map((day, row) => 2 * day + (labels[row] ?? 0)),
      nGroups: 2 * nDays,
    }),
    variance: 'delong',
  };
}

/** Average precision; days are combined through their score histograms, shifted to agree with the exact value. */
export function averagePrecisionStatistic(rows: DayRows): DayStatistic {
  const { labels, scores, nDays } = rows;
  const order = ascendingOrder(scores);
  const histograms = histogramsOf(rows, order, FINENESS_OF_PRECISION);
  const value = averagePrecisionOfOrder(labels, scores, undefined, order);
  return {
    value,
    n: labels.length,
    range: { low: 0, high: 1 },
    at: shifted((weights) => averagePrecisionOfDays(histograms, weights), value, nDays),
    variance: 'none',
  };
}

/** Second minus first on the same rows. */
export function pairedStatistic(a: DayStatistic, b: DayStatistic): DayStatistic {
  const difference = differenceOf(a, b, a.n);
  const [ofA, ofB] = [a.influence, b.influence];
  if (ofA === undefined || ofB === undefined) return difference;
  return { ...difference, influence: () => subtractInfluence(ofA(), ofB()) };
}

/** Second minus first on two samples, whose days are numbered together. */
export function twoSampleStatistic(a: DayStatistic, b: DayStatistic): DayStatistic {
  const difference = differenceOf(a, b, a.n + b.n);
  const [ofA, ofB] = [a.influence, b.influence];
  if (ofA === undefined || ofB === undefined) return difference;
  return { ...difference, influence: () => concatInfluence(ofA(), ofB()) };
}

function differenceOf(a: DayStatistic, b: DayStatistic, n: number): DayStatistic {
  const width = a.range.high - a.range.low;
  return {
    value: b.value - a.value,
    n,
    range: { low: -width, high: width },
    at: (weights) => b.at(weights) - a.at(weights),
    variance: a.variance,
  };
}

function histogramsOf({ labels, scores, dayOfRow, nDays }: DayRows, order: Uint32Array, fineness: number): DayHistograms {
  return dayHistograms({ labels, dayOfRow, nDays, ...balancedBins(labels, scores, order, fineness) });
}

function shifted(of: (weights: Float64Array) => number, value: number, nDays: number): (weights: Float64Array) => number {
  const shift = value - of(new Float64Array(nDays).fill(1));
  return (weights) => of(weights) + shift;
}
