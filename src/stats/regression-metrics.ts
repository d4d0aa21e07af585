import { absolutePercentageTerms, errorTerms, mapTerms, pinballTerms, weightedMedian } from './kernels/errors-of-rows.ts';
import { weightedMean } from './kernels/losses.ts';
import { ascendingOrder } from './kernels/order.ts';
import { type NumberArray, requireFinite, requireRange, requireSameLength, requireWeights } from './requirements.ts';

/** Numeric targets and predictions; one entry a row. */
export interface RegressionRows {
  readonly targets: NumberArray;
  readonly predictions: NumberArray;
  /** 0 or more; every row weighs 1 when left out. */
  readonly weights?: NumberArray;
}

/** Every metric of a regression model at once, in the unit of the target unless said; NaN without rows. */
export interface RegressionMetrics {
  /** Mean absolute error. */
  readonly mae: number;
  /** Mean squared error, in squared units. */
  readonly mse: number;
  /** Root of `mse`. */
  readonly rmse: number;
  /** Prediction minus target, on average. */
  readonly meanError: number;
  /** 1 minus the share of variance left; at most 1; NaN with fewer than two rows. Constant targets: 1 when met, else 0. */
  readonly r2: number;
  /** Mean of |error| / |target|, targets no smaller than 2.2e-16; a ratio. */
  readonly mape: number;
  /** Weighted median of |error|. */
  readonly medianAbsoluteError: number;
}

/**
 * Computes every metric of a regression model.
 *
 * @param rows - Finite targets and predictions.
 * @returns The metrics.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-finite` or `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * regressionMetrics({ targets: Float64Array.of(1, 2, 3), predictions: Float64Array.of(1, 2, 4) }).r2; // => 0.5
 * ```
 * @see scikit-learn 1.9.1 `sklearn.metrics`, whose values it equals within 1e-9.
 */
export function regressionMetrics(rows: RegressionRows): RegressionMetrics {
  requireRegressionRows(rows);
  const { targets, weights } = rows;
  const errors = errorTerms(targets, rows.predictions);
  const absolute = mapTerms(errors, Math.abs);
  const mse = weightedMean(
    mapTerms(errors, (error) => error * error),
    weights,
  );
  return {
    mae: weightedMean(absolute, weights),
    mse,
    rmse: Math.sqrt(mse),
    meanError: weightedMean(errors, weights),
    r2: determination(targets, weights, mse),
    mape: weightedMean(absolutePercentageTerms(targets, errors), weights),
    medianAbsoluteError: weightedMedian(absolute, weights, ascendingOrder(absolute)),
  };
}

/**
 * Computes the mean pinball loss of predictions that mean a quantile.
 *
 * @param rows - Finite targets and predicted quantiles.
 * @param quantile - Which quantile was predicted, in [0, 1].
 * @returns A number of 0 or more in the unit of the target, lower is better; NaN without rows.
 * @throws {@link GyreError} `stats/length-mismatch`, `stats/not-finite` or `stats/bad-argument` for bad input.
 * @example
 * ```ts
 * pinballLoss({ targets: Float64Array.of(10), predictions: Float64Array.of(8) }, 0.75); // => 1.5
 * ```
 * @see Koenker and Bassett, Econometrica 46 (1978). Equals scikit-learn 1.9.1 `mean_pinball_loss`.
 */
export function pinballLoss(rows: RegressionRows, quantile: number): number {
  requireRegressionRows(rows);
  requireRange('quantile', quantile, { low: 0, high: 1 });
  return weightedMean(pinballTerms(errorTerms(rows.targets, rows.predictions), quantile), rows.weights);
}

function determination(targets: NumberArray, weights: NumberArray | undefined, mse: number): number {
  if (targets.length < 2) return Number.NaN;
  const mean = weightedMean(targets, weights);
  const spread = weightedMean(
    mapTerms(targets, (target) => (target - mean) ** 2),
    weights,
  );
  if (spread === 0) return mse === 0 ? 1 : 0;
  return 1 - mse / spread;
}

function requireRegressionRows({ targets, predictions, weights }: RegressionRows): void {
  requireSameLength(targets.length, 'predictions', predictions);
  requireFinite('target', targets);
  requireFinite('prediction', predictions);
  requireWeights(targets.length, weights);
}
