/**
 * Pure numerics on typed arrays: metrics that equal the reference implementations, intervals whose unit is the day,
 * drift against a small summary of the reference, and the one seeded source of chance. Nothing here reads or writes;
 * everything runs in Node and in the browser alike.
 *
 * @example
 * ```ts
 * const labels = Uint8Array.of(0, 1, 0, 1, 0, 1);
 * const scores = Float64Array.of(0.1, 0.9, 0.2, 0.8, 0.6, 0.5);
 * const days = Int32Array.of(11323, 11323, 11324, 11324, 11325, 11325);
 * estimateBinary({ labels, scores, days, metric: 'brier' }).method; // => 'day-jackknife-t(3 days)'
 * ```
 *
 * @module
 */
export {
  averagePrecision,
  type BinaryMetrics,
  type BinaryRows,
  binaryMetrics,
  brier,
  type Confusion,
  confusionAt,
  logLoss,
  rocAuc,
} from './binary-metrics.ts';
export { BinaryMetric, betterDirection } from './binary-terms.ts';
export { type Binning, expectedCalibrationError, type ReliabilityBin, reliability } from './calibration.ts';
export {
  type BinCounts,
  type ColumnSummary,
  countAgainst,
  type LevelSummary,
  type LevelValues,
  type NumericSummary,
  type NumericSummaryOptions,
  parseColumnSummary,
  summarizeLevels,
  summarizeNumeric,
} from './column-summaries.ts';
export { type CurvePoint, thresholdCurve } from './curves.ts';
export { type IntervalOptions, isConditional } from './day-intervals.ts';
export { comparePairedAuc, type PairedAuc, type PairedRows, rocAucVariance } from './delong.ts';
export {
  betaCdf,
  betaQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareTail,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from './distributions.ts';
export { type LevelDrift, levelDrift, type NumericDrift, numericDrift } from './drift.ts';
export { statsErrors } from './errors.ts';
export {
  type BinaryEstimateOptions,
  type DatedPairs,
  type DatedRows,
  estimateBinary,
  estimatePairedDifference,
  estimateTwoSampleDifference,
} from './estimate-binary.ts';
export {
  type DatedValues,
  estimateMean,
  estimateMeanDifference,
  estimateRegression,
  estimateRegressionDifference,
  RegressionMetric,
} from './estimate-means.ts';
export { hash32 } from './hashes.ts';
export { LogHistogram, type LogHistogramJson } from './log-histogram.ts';
export { type MulticlassMetrics, type MulticlassRows, multiclassMetrics } from './multiclass-metrics.ts';
export {
  type Count,
  estimateProportion,
  estimateProportionDifference,
  estimateProportionExactly,
  type TestResult,
  testProportions,
} from './proportions.ts';
export { createRandom, type Random, type Shufflable } from './random.ts';
export { pinballLoss, type RegressionMetrics, type RegressionRows, regressionMetrics } from './regression-metrics.ts';
export type { NumberArray } from './requirements.ts';
export { type LookPlan, rowsToSeeChange, spendableError } from './sequential.ts';
export {
  hellingerDistance,
  jensenShannonDistance,
  populationStability,
  testGivenShares,
  testSameShares,
} from './share-distances.ts';
export { type DriftScore, psiAgainst, psiOfCounts, type StabilityOptions } from './stability.ts';
export { testSameDistribution, wassersteinDistance } from './two-sample-tests.ts';
