import { type Estimate, type Frame, pointEstimate } from '#kernel';
import type { ObjectiveMetric } from '#projects';
import { estimateMeanDifference, estimateTwoSampleDifference } from '#stats';
import { BINARY_METRICS, isBinary, type LabelledRows, labelledRows } from './judge-performance.ts';

/** What a challenger and its control are compared by. */
export interface CanaryQuestion {
  /** Logged predictions of both with `label`: `moment`, `score`, `shadow`, `deployment`, `label`. */
  readonly frame: Frame;
  readonly challenger: string;
  readonly control: string;
  readonly metric: ObjectiveMetric;
  /** Labelled rows that either side must have. */
  readonly minimumRows: number;
}

/** How many labelled rows each side has. */
export function canaryRows(question: Pick<CanaryQuestion, 'frame' | 'challenger' | 'control'>) {
  const rowsOf = (level: string): number => labelledRows(question.frame, { column: 'deployment', level }).labels.length;
  return { challenger: rowsOf(question.challenger), control: rowsOf(question.control) };
}

/**
 * Estimates challenger minus control on two separate samples that share days; NaN where the metric is not defined on them.
 *
 * @see {@link estimateTwoSampleDifference}.
 */
export function compareCanary(question: CanaryQuestion): Estimate {
  const control = labelledRows(question.frame, { column: 'deployment', level: question.control });
  const challenger = labelledRows(question.frame, { column: 'deployment', level: question.challenger });
  const n = control.labels.length + challenger.labels.length;
  if (Math.min(control.labels.length, challenger.labels.length) < question.minimumRows) return pointEstimate(Number.NaN, n);
  if (question.metric === 'mae') return estimateMeanDifference({ a: absoluteErrors(control), b: absoluteErrors(challenger) });
  const metric = BINARY_METRICS[question.metric];
  if (metric === undefined || !isBinary(control) || !isBinary(challenger)) return pointEstimate(Number.NaN, n);
  return estimateTwoSampleDifference({ a: datedRows(control), b: datedRows(challenger), metric });
}

function datedRows(rows: LabelledRows) {
  return { labels: Uint8Array.from(rows.labels), scores: rows.scores, days: rows.days };
}

function absoluteErrors(rows: LabelledRows) {
  const values = rows.labels.map((label, row) => Math.abs(label - (rows.scores[row] ?? Number.NaN)));
  return { values, days: rows.days };
}
