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

/** How a challenger differs from its control, and how many labelled rows either has. */
export interface CanaryComparison {
  readonly challengerRows: number;
  readonly controlRows: number;
  /** Challenger minus control; NaN with too few rows, and where the metric is not defined on them. */
  readonly difference: Estimate;
}

/**
 * Estimates challenger minus control on two separate samples that share days.
 *
 * @see {@link estimateTwoSampleDifference}.
 */
export function compareCanary(question: CanaryQuestion): CanaryComparison {
  const control = labelledRows(question.frame, { column: 'deployment', level: question.control });
  const challenger = labelledRows(question.frame, { column: 'deployment', level: question.challenger });
  const [controlRows, challengerRows] = [control.labels.length, challenger.labels.length];
  const isEnough = Math.min(controlRows, challengerRows) >= question.minimumRows;
  const unknown = pointEstimate(Number.NaN, controlRows + challengerRows);
  return { controlRows, challengerRows, difference: isEnough ? differenceOf(question, control, challenger) : unknown };
}

function differenceOf(question: CanaryQuestion, control: LabelledRows, challenger: LabelledRows): Estimate {
  if (question.metric === 'mae') return estimateMeanDifference({ a: absoluteErrors(control), b: absoluteErrors(challenger) });
  const metric = BINARY_METRICS[question.metric];
  if (metric === undefined || !isBinary(control) || !isBinary(challenger))
    return pointEstimate(Number.NaN, control.labels.length + challenger.labels.length);
  return estimateTwoSampleDifference({ a: datedRows(control), b: datedRows(challenger), metric });
}

function datedRows(rows: LabelledRows) {
  return { labels: Uint8Array.from(rows.labels), scores: rows.scores, days: rows.days };
}

function absoluteErrors(rows: LabelledRows) {
  const values = rows.labels.map((label, row) => Math.abs(label - (rows.scores[row] ?? Number.NaN)));
  return { values, days: rows.days };
}
