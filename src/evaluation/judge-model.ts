import type { Digest, Frame } from '#kernel';
import type { Comparison, EvaluationReport, EvaluationSpec, ReferenceRole } from './evaluation.ts';
import { chooseRows } from './judged-rows.ts';
import { type DatedLabels, estimateDifferences, estimateMetrics, requireScores } from './metric-estimates.ts';
import { sliceRows, worstSlice } from './slices.ts';

/** Scores all rows of a table: the probability of label 1, one a row. */
export type ScoreRows = (frame: Frame) => Float64Array;

/** A model to compare with. */
export interface ReferenceModel {
  readonly role: ReferenceRole;
  readonly modelDigest: Digest;
  readonly score: ScoreRows;
}

/** What judging needs besides the settings. */
export interface JudgedModels {
  /** With the columns `moment`, `label`, and those that the models read. */
  readonly frame: Frame;
  readonly score: ScoreRows;
  readonly references: readonly ReferenceModel[];
}

/** Days with fewer rows than this share of the median day are no evidence about days; the statistics count the same way. */
const LEAST_SHARE_OF_MEDIAN = 0.05;

/**
 * Judges a model on the rows of a frame: all metrics with intervals by day, slices, and comparisons on the same rows.
 * Pure, and heavy: seconds for a million rows; a server runs it in a process of its own.
 *
 * @param spec - Rows, metric, level, slices, seed.
 * @param models - The frame, and what scores its rows.
 * @returns The report; the same arguments give the same report.
 * @throws {@link GyreError} `evaluation/no-rows`, `evaluation/label-not-binary`, `evaluation/bad-score`, `evaluation/no-slice-column`, `kernel/no-column`.
 * @example
 * ```ts
 * const digest = parseDigest(`sha256:${'0'.repeat(64)}`);
 * const frame: Frame = {
 *   nRows: 4,
 *   columns: [
 *     { kind: 'float64', name: 'moment', values: Float64Array.of(0, 1, 2, 3) },
 *     { kind: 'float32', name: 'label', values: Float32Array.of(0, 0, 1, Number.NaN) },
 *   ],
 * };
 * const spec = {
 *   modelDigest: digest, frameDigest: digest, rows: { split: 'test', fromMs: 0, toMs: 10 }, primaryMetric: 'roc_auc' as const,
 *   level: 0.95, references: [], sliceColumns: [], minimumSliceRows: 1, seed: 1, codeVersion: 1,
 * };
 * const report = judgeModel(spec, { frame, score: () => Float64Array.of(0.1, 0.2, 0.3), references: [] });
 * report.nRows; // => 3
 * report.metrics.roc_auc.value; // => 1
 * ```
 */
export function judgeModel(spec: EvaluationSpec, models: JudgedModels): EvaluationReport {
  const judged = chooseRows(models.frame, spec.rows);
  const nRows = judged.labels.length;
  const scores = requireScores(models.score(judged.frame), nRows, 'the model');
  const rows = { labels: judged.labels, days: judged.days, level: spec.level, seed: spec.seed };
  const slices = sliceRows(
    judged.frame,
    { ...rows, scores },
    { columns: sliceColumnsOf(spec, judged.frame), metric: spec.primaryMetric, minimumRows: spec.minimumSliceRows },
  );
  const worst = worstSlice(slices);
  return {
    nRows,
    nPositives: judged.labels.reduce((sum, label) => sum + label, 0),
    nDays: countDays(judged.days),
    metrics: estimateMetrics(rows, scores),
    comparisons: models.references.map((reference) => compare(rows, scores, { ...reference, frame: judged.frame })),
    slices,
    ...(worst === undefined ? {} : { worstSlice: worst }),
  };
}

function sliceColumnsOf({ sliceColumns }: EvaluationSpec, frame: Frame): readonly string[] {
  if (sliceColumns !== 'categories') return sliceColumns;
  return frame.columns.filter((column) => column.kind === 'levels' && column.name !== 'id').map((column) => column.name);
}

function compare(rows: DatedLabels, model: Float64Array, reference: ReferenceModel & { readonly frame: Frame }): Comparison {
  const scores = requireScores(reference.score(reference.frame), rows.labels.length, `the ${reference.role}`);
  return {
    against: reference.role,
    modelDigest: reference.modelDigest,
    reference: estimateMetrics(rows, scores),
    differences: estimateDifferences(rows, { model, reference: scores }),
  };
}

/** Counts the days that hold a fair number of rows. */
export function countDays(days: Int32Array): number {
  const rowsOfDay = new Map<number, number>();
  for (const day of days) rowsOfDay.set(day, (rowsOfDay.get(day) ?? 0) + 1);
  const sizes = Float64Array.from(rowsOfDay.values()).sort();
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  return sizes.filter((size) => size >= LEAST_SHARE_OF_MEDIAN * median).length;
}
