import { brierTerms, decisionsAt, logLossTerms, lookUp } from './kernels/losses.ts';
import type { NumberArray } from './requirements.ts';

/** Metrics of a binary model that can be estimated with an interval. */
export const BinaryMetric = [
  'rocAuc',
  'averagePrecision',
  'logLoss',
  'brier',
  'accuracy',
  'errorRate',
  'precision',
  'recall',
  'f1',
  'positiveRate',
  'meanScore',
] as const;

/** One metric of a binary model; see {@link BinaryMetric} for the whole set. */
export type BinaryMetric = (typeof BinaryMetric)[number];

/** A metric that is a sum over rows divided by another. */
export type RatioMetric = Exclude<BinaryMetric, 'rocAuc' | 'averagePrecision'>;

/**
 * Tells which direction is better.
 *
 * @param metric - A metric of a binary model.
 * @returns `higher` or `lower`; `neither` for rates that only describe.
 * @example
 * ```ts
 * betterDirection('logLoss'); // => 'lower'
 * ```
 */
export function betterDirection(metric: BinaryMetric): 'higher' | 'lower' | 'neither' {
  if (metric === 'positiveRate' || metric === 'meanScore') return 'neither';
  return metric === 'logLoss' || metric === 'brier' || metric === 'errorRate' ? 'lower' : 'higher';
}

/** Numerator and denominator of each row; without denominators every row counts 1. */
export interface RatioTerms {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array | undefined;
}

// By decision: true negative, false positive, false negative, true positive.
const TABLES: Readonly<Record<'accuracy' | 'errorRate' | 'precision' | 'recall' | 'f1', readonly (readonly number[])[]>> = {
  accuracy: [[1, 0, 0, 1]],
  errorRate: [[0, 1, 1, 0]],
  precision: [
    [0, 0, 0, 1],
    [0, 1, 0, 1],
  ],
  recall: [
    [0, 0, 0, 1],
    [0, 0, 1, 1],
  ],
  f1: [
    [0, 0, 0, 2],
    [0, 1, 1, 2],
  ],
};

/** What each row adds to the numerator and denominator of a metric. */
export function ratioTerms(metric: RatioMetric, labels: Uint8Array, scores: NumberArray, threshold: number): RatioTerms {
  switch (metric) {
    case 'logLoss':
      return { numerators: logLossTerms(labels, scores), denominators: undefined };
    case 'brier':
      return { numerators: brierTerms(labels, scores), denominators: undefined };
    case 'positiveRate':
      return { numerators: Float64Array.from(labels), denominators: undefined };
    case 'meanScore':
      return { numerators: Float64Array.from(scores), denominators: undefined };
    default: {
      const cells = decisionsAt(labels, scores, threshold);
      const [top = [], bottom] = TABLES[metric];
      return { numerators: lookUp(cells, top), denominators: bottom === undefined ? undefined : lookUp(cells, bottom) };
    }
  }
}
