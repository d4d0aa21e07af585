import { brierTerms, countCells, decisionsAt, logLossTerms, weightedMean } from './kernels/losses.ts';
import { ascendingOrder } from './kernels/order.ts';
import { averagePrecisionOfOrder, rocAucOfOrder } from './kernels/ranking.ts';
import {
  type NumberArray,
  requireBinaryLabels,
  requireFinite,
  requireProbabilities,
  requireSameLength,
  requireWeights,
} from './requirements.ts';

/** Labels of a binary target and what a model said about them; one entry a row. */
export interface BinaryRows {
  /** 1 is the positive class, 0 the other. */
  readonly labels: Uint8Array;
  /** Higher means more likely positive; finite. Probabilities in [0, 1] where a metric says so. */
  readonly scores: NumberArray;
  /** 0 or more; every row weighs 1 when left out. */
  readonly weights?: NumberArray;
}

/** Weighted numbers of rows by label and decision. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Every metric of a binary model at once; NaN where a metric is not defined. */
export interface BinaryMetrics {
  readonly rocAuc: number;
  readonly averagePrecision: number;
  readonly logLoss: number;
  readonly brier: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly matthews: number;
  readonly balancedAccuracy: number;
  readonly confusion: Confusion;
  /** Share of positives, by weight. */
  readonly positiveRate: number;
  /** Mean score, by weight; equals `positiveRate` for a model that is calibrated on average. */
  readonly meanScore: number;
}

/**
 * Computes the area under the ROC curve: the chance that a positive scores above a negative, ties counting half.
 *
 * @param rows - Labels and scores; any finite scores, in O(n log n).
 * @returns A number in [0, 1], higher is better; NaN when a class is missing.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite` or `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * rocAuc({ labels: Uint8Array.of(0, 0, 1, 1), scores: Float64Array.of(0.1, 0.4, 0.35, 0.8) }); // => 0.75
 * ```
 * @see Hanley and McNeil, Radiology 143 (1982). Equals scikit-learn 1.9.1 `roc_auc_score`.
 */
export function rocAuc(rows: BinaryRows): number {
  requireRows(rows);
  return rocAucOfOrder(rows.labels, rows.scores, rows.weights, ascendingOrder(rows.scores));
}

/**
 * Computes average precision: precision summed over the steps of recall, without interpolation.
 *
 * @param rows - Labels and scores; any finite scores, in O(n log n).
 * @returns A number in [0, 1], higher is better; NaN without positives.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite` or `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * averagePrecision({ labels: Uint8Array.of(0, 1, 1), scores: Float64Array.of(0.1, 0.4, 0.8) }); // => 1
 * ```
 * @see scikit-learn 1.9.1 `average_precision_score`, whose values it equals.
 */
export function averagePrecision(rows: BinaryRows): number {
  requireRows(rows);
  return averagePrecisionOfOrder(rows.labels, rows.scores, rows.weights, ascendingOrder(rows.scores));
}

/**
 * Computes the mean negative log likelihood, in nats; scores are clipped to [1e-15, 1 - 1e-15].
 *
 * @param rows - Labels and probabilities.
 * @returns A number of 0 or more, lower is better; NaN without rows.
 * @throws {@link GyreError} `stats/not-a-probability` for a score outside [0, 1]; `stats/length-mismatch`, `stats/not-a-label` or
 *   `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * logLoss({ labels: Uint8Array.of(1, 0), scores: Float64Array.of(1, 0.5) }).toFixed(6); // => '0.346574'
 * ```
 * @see Good, "Rational decisions", JRSS B 14 (1952). Equals scikit-learn 1.9.1 `log_loss` on clipped scores.
 */
export function logLoss(rows: BinaryRows): number {
  requireProbabilityRows(rows);
  return weightedMean(logLossTerms(rows.labels, rows.scores), rows.weights);
}

/**
 * Computes the mean squared difference of probability and label.
 *
 * @param rows - Labels and probabilities.
 * @returns A number in [0, 1], lower is better; NaN without rows.
 * @throws {@link GyreError} `stats/not-a-probability` for a score outside [0, 1]; `stats/length-mismatch`, `stats/not-a-label` or
 *   `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * brier({ labels: Uint8Array.of(1, 0), scores: Float64Array.of(1, 0.5) }); // => 0.125
 * ```
 * @see Brier, Monthly Weather Review 78 (1950). Equals scikit-learn 1.9.1 `brier_score_loss`.
 */
export function brier(rows: BinaryRows): number {
  requireProbabilityRows(rows);
  return weightedMean(brierTerms(rows.labels, rows.scores), rows.weights);
}

/**
 * Counts rows by label and decision; a score at the threshold decides for positive.
 *
 * @param rows - Labels and scores.
 * @param threshold - Any number; 0.5 suits probabilities.
 * @returns The four weighted counts.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite` or `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * confusionAt({ labels: Uint8Array.of(1, 0, 1), scores: Float64Array.of(0.5, 0.7, 0.2) }).truePositives; // => 1
 * ```
 * @see scikit-learn 1.9.1 `confusion_matrix`.
 */
export function confusionAt(rows: BinaryRows, threshold = 0.5): Confusion {
  requireRows(rows);
  const cells = countCells(decisionsAt(rows.labels, rows.scores, threshold), rows.weights, 4);
  const [trueNegatives = 0, falsePositives = 0, falseNegatives = 0, truePositives = 0] = cells;
  return { truePositives, falsePositives, trueNegatives, falseNegatives };
}

/**
 * Computes every metric of a binary model with one sort.
 *
 * @param rows - Labels and probabilities.
 * @param threshold - A score at or above it decides for positive.
 * @returns The metrics. Precision, recall, F1 and Matthews are 0 where undefined, as in scikit-learn; the rest NaN.
 * @throws {@link GyreError} `stats/not-a-probability` for a score outside [0, 1]; `stats/length-mismatch`, `stats/not-a-label` or
 *   `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * binaryMetrics({ labels: Uint8Array.of(0, 0, 1, 1), scores: Float64Array.of(0.1, 0.4, 0.35, 0.8) }).accuracy; // => 0.75
 * ```
 * @see scikit-learn 1.9.1, whose values it equals within 1e-9.
 */
export function binaryMetrics(rows: BinaryRows, threshold = 0.5): BinaryMetrics {
  requireProbabilityRows(rows);
  const { labels, scores, weights } = rows;
  const order = ascendingOrder(scores);
  return {
    rocAuc: rocAucOfOrder(labels, scores, weights, order),
    averagePrecision: averagePrecisionOfOrder(labels, scores, weights, order),
    logLoss: weightedMean(logLossTerms(labels, scores), weights),
    brier: weightedMean(brierTerms(labels, scores), weights),
    ...decisionMetrics(confusionAt(rows, threshold)),
    positiveRate: weightedMean(labels, weights),
    meanScore: weightedMean(scores, weights),
  };
}

function decisionMetrics(confusion: Confusion) {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = confusion;
  const recall = shareOrZero(tp, tp + fn);
  const specificity = tn / (tn + fp);
  return {
    accuracy: (tp + tn) / (tp + fp + tn + fn),
    precision: shareOrZero(tp, tp + fp),
    recall,
    f1: shareOrZero(2 * tp, 2 * tp + fp + fn),
    matthews: shareOrZero(tp * tn - fp * fn, Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn)),
    balancedAccuracy: (tp / (tp + fn) + specificity) / 2,
    confusion,
  };
}

function shareOrZero(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Refuses rows that are not labels with finite scores of the same length. */
export function requireRows({ labels, scores, weights }: BinaryRows): void {
  requireSameLength(labels.length, 'scores', scores);
  requireBinaryLabels(labels);
  requireFinite('score', scores);
  requireWeights(labels.length, weights);
}

/** Refuses rows that are not labels with probabilities of the same length. */
export function requireProbabilityRows(rows: BinaryRows): void {
  requireRows(rows);
  requireProbabilities(rows.scores);
}
