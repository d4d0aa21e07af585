import { type BinaryRows, requireProbabilityRows } from './binary-metrics.ts';
import { countCells } from './kernels/losses.ts';
import { ascendingOrder } from './kernels/order.ts';
import { binSums, equalCountBins, equalWidthBins } from './kernels/reliability.ts';
import { requireWhole } from './requirements.ts';

/** How scores are cut into bins. */
export interface Binning {
  /**
   * Number of bins, 1 or more.
   *
   * @defaultValue 10
   */
  readonly nBins?: number;
  /**
   * `width`: equal steps of [0, 1], the last closed; `count`: equal numbers of rows in order of score, ties kept together.
   *
   * @defaultValue 'width'
   */
  readonly by?: 'width' | 'count';
}

/** One bar of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean score of the bin's rows. */
  readonly meanScore: number;
  /** Share of positives among them. */
  readonly positiveRate: number;
  /** Weight of the rows: their number when none is given. */
  readonly weight: number;
}

/**
 * Compares what a model said with what happened, bin by bin.
 *
 * @param rows - Labels and probabilities.
 * @param binning - Ten bins of equal width unless told.
 * @returns The bins that have rows, by rising score.
 * @throws {@link GyreError} `stats/not-a-probability` for a score outside [0, 1]; `stats/length-mismatch`, `stats/not-a-label` or
 *   `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * reliability({ labels: Uint8Array.of(0, 1), scores: Float64Array.of(0.25, 0.75) }, { nBins: 2 }).length; // => 2
 * ```
 * @see DeGroot and Fienberg, The Statistician 32 (1983). Equals scikit-learn 1.9.1 `calibration_curve` for equal widths.
 */
export function reliability(rows: BinaryRows, binning: Binning = {}): readonly ReliabilityBin[] {
  requireProbabilityRows(rows);
  const { nBins = 10, by = 'width' } = binning;
  requireWhole('nBins', nBins, 1);
  const bins =
    by === 'width' ? equalWidthBins(rows.scores, nBins) : equalCountBins(rows.scores, ascendingOrder(rows.scores), nBins);
  const weights = countCells(bins, rows.weights, nBins);
  const scores = binSums({ bins, values: rows.scores, weights: rows.weights, nBins });
  const positives = binSums({ bins, values: rows.labels, weights: rows.weights, nBins });
  return [...weights].flatMap((weight, bin) =>
    weight > 0 ? [{ meanScore: (scores[bin] ?? 0) / weight, positiveRate: (positives[bin] ?? 0) / weight, weight }] : [],
  );
}

/**
 * Computes the expected calibration error: the gap between score and outcome, averaged over bins by weight.
 *
 * @param rows - Labels and probabilities.
 * @param binning - Ten bins of equal width unless told.
 * @returns A number in [0, 1], lower is better; NaN without rows. Biased upwards when bins hold few rows.
 * @throws {@link GyreError} `stats/not-a-probability` for a score outside [0, 1]; `stats/length-mismatch`, `stats/not-a-label` or
 *   `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * expectedCalibrationError({ labels: Uint8Array.of(0, 1), scores: Float64Array.of(0.25, 0.75) }); // => 0.25
 * ```
 * @see Naeini, Cooper and Hauskrecht, AAAI 2015; Guo et al., ICML 2017, equation 3.
 */
export function expectedCalibrationError(rows: BinaryRows, binning: Binning = {}): number {
  const bins = reliability(rows, binning);
  const weight = bins.reduce((sum, bin) => sum + bin.weight, 0);
  return bins.reduce((sum, bin) => sum + Math.abs(bin.meanScore - bin.positiveRate) * bin.weight, 0) / weight;
}
