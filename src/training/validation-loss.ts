import type { Frame } from '#kernel';
import { compileModel } from './compiled-model.ts';
import type { Model } from './model.ts';
import type { Labels } from './training-table.ts';

/** Smallest probability that log loss takes for certain, as scikit-learn clips float32 scores. */
const SMALLEST = 1.1920929e-7;

/**
 * Measures a model on some rows by the loss its task is trained on.
 *
 * @param input - The model, the frame, one label a row, and the rows to measure on.
 * @returns Mean log loss (nats) of a binary task, mean squared error of a regression; NaN for no rows. Lower is better.
 */
export function lossOn(input: {
  readonly model: Model;
  readonly frame: Frame;
  readonly labels: Labels;
  readonly rows: Int32Array;
}): number {
  const { model, frame, labels, rows } = input;
  const scores = new Float64Array(frame.nRows);
  compileModel(model).predictRows(frame, scores);
  let sum = 0;
  for (const row of rows) {
    const label = labels[row] ?? Number.NaN;
    const score = scores[row] ?? Number.NaN;
    sum += model.task === 'binary' ? logLoss(label, score) : (label - score) ** 2;
  }
  return sum / rows.length;
}

function logLoss(label: number, score: number): number {
  const likely = label === 1 ? score : 1 - score;
  return -Math.log(Math.max(SMALLEST, likely));
}
