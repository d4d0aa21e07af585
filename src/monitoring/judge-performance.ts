import { type Estimate, type Frame, pointEstimate } from '#kernel';
import type { ObjectiveMetric } from '#projects';
import { type BinaryMetric, estimateBinary, estimateRegression, type RegressionMetric } from '#stats';
import type { PerformanceRules } from './monitor.ts';
import type { MonitorWindow, WindowSignal } from './monitor-window.ts';
import { judgeMetric, percent } from './signal-rules.ts';
import { daysOf, numbersOf, servedRows } from './watched-rows.ts';

/** What realized performance of one window is judged by. */
export interface PerformanceQuestion {
  /** Logged predictions with `label`, NaN where it is not known: `moment`, `score`, `shadow`, `label`. */
  readonly frame: Frame;
  readonly coverage: MonitorWindow['coverage'];
  readonly rules: Pick<PerformanceRules, 'metric' | 'direction' | 'target' | 'minimumCoverage'>;
  readonly minimumRows: number;
  readonly windowName: string;
}

/** Predictions whose outcome is known, with their days. */
export interface LabelledRows {
  readonly labels: Float64Array;
  readonly scores: Float64Array;
  readonly days: Int32Array;
}

/** Metrics of a score in [0, 1] against a label that is 0 or 1. */
export const BINARY_METRICS: Readonly<Partial<Record<ObjectiveMetric, BinaryMetric>>> = {
  roc_auc: 'rocAuc',
  average_precision: 'averagePrecision',
  accuracy: 'accuracy',
  f1: 'f1',
  log_loss: 'logLoss',
  brier: 'brier',
};

/** Metrics of a predicted number against the number that came true. */
export const REGRESSION_METRICS: Readonly<Partial<Record<ObjectiveMetric, RegressionMetric>>> = { rmse: 'rmse', mae: 'mae' };

/** Keeps the served predictions whose outcome is known and whose score is a number. */
export function labelledRows(frame: Frame, only?: { readonly column: string; readonly level: string }): LabelledRows {
  const labels = numbersOf(frame, 'label');
  const scores = numbersOf(frame, 'score');
  const isKnown = (row: number): boolean => Number.isFinite(labels[row]) && Number.isFinite(scores[row]);
  const rows = servedRows(frame, only).filter(isKnown);
  return {
    labels: Float64Array.from(rows, (row) => labels[row] ?? Number.NaN),
    scores: Float64Array.from(rows, (row) => scores[row] ?? Number.NaN),
    days: daysOf(frame, rows),
  };
}

/** Tells whether all labels are 0 or 1 and all scores probabilities. */
export function isBinary({ labels, scores }: LabelledRows): boolean {
  return labels.every((label) => label === 0 || label === 1) && scores.every((score) => score >= 0 && score <= 1);
}

/**
 * Judges what a model turned out to be worth in a window. Undecided, never fail, where too few outcomes are in: missing
 * labels do not tell anything about a model.
 */
export function judgePerformance(question: PerformanceQuestion): WindowSignal {
  const { rules, coverage, minimumRows, windowName } = question;
  const rows = labelledRows(question.frame);
  const n = rows.labels.length;
  const of = `of outcomes of ${windowName}`;
  if (coverage.expected === 0) return undecided(question, pointEstimate(Number.NaN, 0), `no predictions in ${windowName}`);
  const value = metricOf(rules.metric, rows);
  if (value === undefined) return undecided(question, pointEstimate(Number.NaN, n), `${rules.metric} needs labels of 0 and 1`);
  if (!(coverage.ratio >= rules.minimumCoverage)) {
    const text = `${percent(coverage.ratio)} ${of} are in; ${percent(rules.minimumCoverage)} are needed`;
    return undecided(question, value, text);
  }
  if (!coverage.mature) return undecided(question, value, `the outcomes of ${windowName} are not mature yet`);
  if (n < minimumRows) {
    return undecided(question, value, `${String(n)} outcomes of ${windowName} are known; ${String(minimumRows)} are needed`);
  }
  const { verdict, text } = judgeMetric(value, rules);
  return { ...signalOf(question, value), verdict, text: `${text} in ${windowName}, ${percent(coverage.ratio)} of outcomes in` };
}

function metricOf(metric: ObjectiveMetric, rows: LabelledRows): Estimate | undefined {
  if (rows.labels.length === 0) return pointEstimate(Number.NaN, 0);
  const regression = REGRESSION_METRICS[metric];
  if (regression !== undefined) {
    return estimateRegression({ targets: rows.labels, predictions: rows.scores, days: rows.days, metric: regression });
  }
  const binary = BINARY_METRICS[metric];
  if (binary === undefined || !isBinary(rows)) return undefined;
  return estimateBinary({ labels: Uint8Array.from(rows.labels), scores: rows.scores, days: rows.days, metric: binary });
}

/** Keeps the value for people and drops its interval: what rests on too few outcomes must not look as if it could decide. */
function undecided(question: PerformanceQuestion, value: Estimate, text: string): WindowSignal {
  return { ...signalOf(question, pointEstimate(value.value, value.n)), verdict: 'undecided', text };
}

function signalOf({ rules }: PerformanceQuestion, value: Estimate): Omit<WindowSignal, 'verdict' | 'text'> {
  return { kind: 'performance', subject: rules.metric, method: value.method, value, threshold: rules.target };
}
