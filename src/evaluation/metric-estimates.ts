import { type Estimate, GyreError, pointEstimate } from '#kernel';
import { type BinaryMetric, estimateBinary, estimatePairedDifference, expectedCalibrationError } from '#stats';
import { EVALUATION_METRICS, type EvaluationMetric, type MetricReport } from './evaluation.ts';

/** Labels, days, and how sure the intervals must be. */
export interface DatedLabels {
  readonly labels: Uint8Array;
  readonly days: Int32Array;
  readonly level: number;
  readonly seed: number;
  /** Resamples of the bootstrap; default 2000. */
  readonly nResamples?: number;
}

const STATISTICS: Readonly<Record<Exclude<EvaluationMetric, 'ece'>, BinaryMetric>> = {
  roc_auc: 'rocAuc',
  average_precision: 'averagePrecision',
  log_loss: 'logLoss',
  brier: 'brier',
  accuracy: 'accuracy',
  f1: 'f1',
};

/** Names of all metrics, in the order of reports. */
export const METRIC_NAMES = Object.keys(EVALUATION_METRICS) as readonly EvaluationMetric[];

/** Estimates one metric of one model. The calibration error has no interval: resampling it is biased upwards. */
export function estimateMetric(metric: EvaluationMetric, rows: DatedLabels, scores: Float64Array): Estimate {
  if (metric === 'ece') {
    return pointEstimate(expectedCalibrationError({ labels: rows.labels, scores }), rows.labels.length);
  }
  return estimateBinary({ ...rows, scores, metric: STATISTICS[metric] });
}

/** Estimates all metrics of one model. */
export function estimateMetrics(rows: DatedLabels, scores: Float64Array): MetricReport {
  return reportOf((metric) => estimateMetric(metric, rows, scores));
}

/** Estimates, metric by metric, what a model has over another on the same rows. */
export function estimateDifferences(
  rows: DatedLabels,
  scores: { readonly model: Float64Array; readonly reference: Float64Array },
): MetricReport {
  return reportOf((metric) => {
    if (metric !== 'ece') {
      const paired = { ...rows, scoresA: scores.reference, scoresB: scores.model, metric: STATISTICS[metric] };
      return estimatePairedDifference(paired);
    }
    const [model, reference] = [scores.model, scores.reference].map((of) =>
      expectedCalibrationError({ labels: rows.labels, scores: of }),
    );
    return pointEstimate((model ?? Number.NaN) - (reference ?? Number.NaN), rows.labels.length);
  });
}

/** Gives scores back, or throws `evaluation/bad-score` unless there is one probability a row. */
export function requireScores(scores: Float64Array, nRows: number, whose: string): Float64Array {
  if (scores.length !== nRows) throw badScore(`${whose} gave ${String(scores.length)} scores for ${String(nRows)} rows`);
  const bad = scores.find((score) => !(score >= 0 && score <= 1));
  if (bad !== undefined) throw badScore(`${whose} gave the score ${String(bad)}; a score is a probability in [0, 1]`);
  return scores;
}

function badScore(message: string): GyreError {
  return new GyreError({ kind: 'unprocessable', code: 'evaluation/bad-score', message });
}

function reportOf(estimate: (metric: EvaluationMetric) => Estimate): MetricReport {
  return {
    roc_auc: estimate('roc_auc'),
    average_precision: estimate('average_precision'),
    log_loss: estimate('log_loss'),
    brier: estimate('brier'),
    accuracy: estimate('accuracy'),
    f1: estimate('f1'),
    ece: estimate('ece'),
  };
}
