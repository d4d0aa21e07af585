import { type BinaryRows, requireRows } from './binary-metrics.ts';
import { ascendingOrder } from './kernels/order.ts';
import { curveOfOrder } from './kernels/ranking.ts';
import { requireWhole } from './requirements.ts';

/** One point of a threshold curve: what happens when scores at or above the threshold decide for positive. */
export interface CurvePoint {
  /** Infinite at the first point, where nothing is positive. */
  readonly threshold: number;
  /** True positives among positives, in [0, 1]. */
  readonly recall: number;
  /** False positives among negatives, in [0, 1]. */
  readonly falsePositiveRate: number;
  /** True positives among the rows decided positive, in [0, 1]; 1 at the first point. */
  readonly precision: number;
}

/**
 * Traces recall, false positive rate and precision over all thresholds: the ROC and the precision-recall curve in one.
 *
 * @param rows - Labels and finite scores.
 * @param maxPoints - Points to keep, 2 or more; long curves are thinned evenly, both ends kept.
 * @returns Points by falling threshold, from "none positive" to "all positive"; empty when a class is missing.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-a-label`, `stats/not-finite` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * thresholdCurve({ labels: Uint8Array.of(0, 1), scores: Float64Array.of(0.2, 0.9) }).map((point) => point.recall); // => [0, 1, 1]
 * ```
 * @see scikit-learn 1.9.1 `roc_curve(drop_intermediate=False)` and `precision_recall_curve`.
 */
export function thresholdCurve(rows: BinaryRows, maxPoints = 200): readonly CurvePoint[] {
  requireRows(rows);
  requireWhole('maxPoints', maxPoints, 2);
  const curve = curveOfOrder(rows.labels, rows.scores, rows.weights, ascendingOrder(rows.scores));
  const positives = curve.truePositives.at(-1) ?? 0;
  const negatives = curve.falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return [];
  const start = { threshold: Number.POSITIVE_INFINITY, recall: 0, falsePositiveRate: 0, precision: 1 };
  const points = evenly(curve.thresholds.length, maxPoints - 1).map((at) => {
    const hits = curve.truePositives[at] ?? 0;
    const misses = curve.falsePositives[at] ?? 0;
    const precision = hits + misses === 0 ? 1 : hits / (hits + misses);
    return { threshold: curve.thresholds[at] ?? 0, recall: hits / positives, falsePositiveRate: misses / negatives, precision };
  });
  return [start, ...points];
}

/** Up to `most` indices of 0 … count - 1, evenly spread, the last always among them. */
function evenly(count: number, most: number): readonly number[] {
  const kept = Math.min(count, most);
  return Array.from({ length: kept }, (_, index) => Math.round(((index + 1) * count) / kept) - 1);
}
