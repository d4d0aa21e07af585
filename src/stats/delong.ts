import type { BinaryRows } from './binary-metrics.ts';
import { requireRows } from './binary-metrics.ts';
import { normalCdf } from './distributions.ts';
import { classCovariance } from './kernels/covariance.ts';
import { ascendingOrder } from './kernels/order.ts';
import { placementsOfOrder } from './kernels/ranking.ts';
import type { NumberArray } from './requirements.ts';
import { requireFinite, requireSameLength } from './requirements.ts';

/** Labels and the scores of two models on the same rows. */
export interface PairedRows {
  /** 1 is the positive class, 0 the other. */
  readonly labels: Uint8Array;
  /** Scores of the first model, such as the champion. */
  readonly scoresA: NumberArray;
  /** Scores of the second model, such as the challenger. */
  readonly scoresB: NumberArray;
}

/** Two areas on the same rows, and their difference. */
export interface PairedAuc {
  readonly rocAucA: number;
  readonly rocAucB: number;
  /** B minus A. */
  readonly difference: number;
  /** Variance of the difference, rows being independent; NaN with fewer than two rows of a class. */
  readonly variance: number;
  /** Two-sided, of "no difference"; 1 when neither varies. */
  readonly pValue: number;
}

/**
 * Computes the area under the ROC curve with its variance, rows being independent.
 *
 * @param rows - Labels and finite scores; weights are not supported and refused by type.
 * @returns The area, and its variance: NaN with fewer than two rows of a class.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label` or `stats/not-finite` for bad rows.
 * @example
 * ```ts
 * rocAucVariance({ labels: Uint8Array.of(0, 0, 1, 1), scores: Float64Array.of(0.1, 0.4, 0.35, 0.8) }).rocAuc; // => 0.75
 * ```
 * @see DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); computed by ranks, Sun and Xu, IEEE SPL 21 (2014).
 */
export function rocAucVariance(rows: Omit<BinaryRows, 'weights'>): { readonly rocAuc: number; readonly variance: number } {
  requireRows(rows);
  const placements = placementsOf(rows.labels, rows.scores);
  const spread = classCovariance(rows.labels, placements, placements);
  return { rocAuc: spread.meanA, variance: spread.covariance };
}

/**
 * Compares two areas under the ROC curve on the same rows, rows being independent.
 *
 * @param rows - Labels and the two models' finite scores.
 * @returns Both areas, B minus A, its variance and the two-sided p-value of no difference.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label` or `stats/not-finite` for bad rows.
 * @example
 * ```ts
 * const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8);
 * comparePairedAuc({ labels: Uint8Array.of(0, 0, 1, 1), scoresA: scores, scoresB: scores }).pValue; // => 1
 * ```
 * @see DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), equation 5 and section 4.
 */
export function comparePairedAuc(rows: PairedRows): PairedAuc {
  requirePairedRows(rows);
  const a = placementsOf(rows.labels, rows.scoresA);
  const b = placementsOf(rows.labels, rows.scoresB);
  const ab = classCovariance(rows.labels, a, b);
  const varianceA = classCovariance(rows.labels, a, a).covariance;
  const varianceB = classCovariance(rows.labels, b, b).covariance;
  const variance = Math.max(0, varianceA + varianceB - 2 * ab.covariance);
  const difference = ab.meanB - ab.meanA;
  const z = difference === 0 ? 0 : Math.abs(difference) / Math.sqrt(variance);
  return { rocAucA: ab.meanA, rocAucB: ab.meanB, difference, variance, pValue: 2 * normalCdf(-z) };
}

/** Refuses rows that are not labels with two finite scores each. */
export function requirePairedRows({ labels, scoresA, scoresB }: PairedRows): void {
  requireRows({ labels, scores: scoresA });
  requireSameLength(labels.length, 'scoresB', scoresB);
  requireFinite('score', scoresB);
}

function placementsOf(labels: Uint8Array, scores: NumberArray): Float64Array {
  return placementsOfOrder(labels, scores, ascendingOrder(scores));
}
