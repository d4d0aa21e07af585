import { readFile } from 'node:fs/promises';
import { isMainThread, parentPort } from 'node:worker_threads';
import { type Column, columnOf, decodeFrame, type Frame } from '#kernel';
import { type ColumnSummary, summarizeLevels, summarizeNumeric } from '#stats';
import { compileModel, parseModel } from '#training';
import { compareCanary } from './judge-canary.ts';
import { judgeDrift } from './judge-drift.ts';
import { judgePerformance } from './judge-performance.ts';
import type { MonitorAnswer, MonitorRequest, ReferenceFiles } from './monitor-protocol.ts';
import type { Reference } from './reference.ts';
import { pickRows } from './watched-rows.ts';

/** Rows of a training table that the model is asked about; more would not move the quantiles of its scores. */
const MOST_SCORED_ROWS = 100_000;

async function answer(request: MonitorRequest): Promise<unknown> {
  switch (request.op) {
    case 'reference':
      return makeReference(request.files);
    case 'drift':
      return judgeDrift(request.question);
    case 'performance':
      return judgePerformance(request.question);
    case 'canary':
      return compareCanary(request.question);
  }
}

async function makeReference({ framePath, modelPath }: ReferenceFiles): Promise<Reference> {
  const frame = decodeFrame(new Uint8Array(await readFile(framePath)));
  const compiled = compileModel(parseModel(new Uint8Array(await readFile(modelPath))));
  const sampled = thin(frame, MOST_SCORED_ROWS);
  const scores = new Float64Array(sampled.nRows);
  compiled.predictRows(sampled, scores);
  const features = compiled.inputs.map(({ name }) => [name, summarize(columnOf(frame, name))] as const);
  return { nRows: frame.nRows, features: Object.fromEntries(features), scores: summarizeNumeric(scores) };
}

function summarize(column: Column): ColumnSummary {
  return column.kind === 'levels' ? summarizeLevels(column) : summarizeNumeric(column.values);
}

/** Keeps evenly spaced rows: tables are in the order of their moments. */
function thin(frame: Frame, most: number): Frame {
  if (frame.nRows <= most) return frame;
  const rows = Int32Array.from({ length: most }, (_, place) => Math.floor((place * frame.nRows) / most));
  return { nRows: most, columns: frame.columns.map((column) => pickRows(column, rows)) };
}

async function serve(asked: MonitorRequest & { readonly id: number }): Promise<MonitorAnswer> {
  try {
    return { id: asked.id, answer: await answer(asked) };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { id: asked.id, failure: { message: failure.message, stack: failure.stack ?? '' } };
  }
}

if (!isMainThread) {
  const port = parentPort;
  port?.on('message', (asked: MonitorRequest & { readonly id: number }) => {
    void serve(asked).then((reply) => port.postMessage(reply));
  });
}
