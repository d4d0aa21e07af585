/**
 * Entry of the training child process: `node train-process.js JOB.json`. Writes {@link TrainingLine}s on standard output and the model where the job
 * says; ends with 0, or with 1 and one JSON line `{kind, code, message}` on standard error.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { decodeFrame, GyreError, toWireNumber } from '#kernel';
import { encodeModel } from './model.ts';
import { workerThreads } from './row-block-worker.ts';
import { callingThread } from './row-blocks.ts';
import { splitRows } from './split-rows.ts';
import { trainModel } from './train-model.ts';
import { trainingError } from './training-error.ts';
import { labelsOf, parseTrainingJob, type TrainingLine } from './training-job.ts';
import { lossOn } from './validation-loss.ts';

try {
  runJob(process.argv[2]);
} catch (error) {
  const { kind, code, message } =
    error instanceof GyreError ? error : { kind: 'internal', code: 'training/thread-failed', message: String(error) };
  writeSync(2, `${JSON.stringify({ kind, code, message })}\n`);
  process.exitCode = 1;
}

function runJob(jobFile: string | undefined): void {
  if (jobFile === undefined) throw trainingError('training/bad-job', 'give the path of a job file as the one argument');
  const job = parseTrainingJob(readJson(jobFile));
  const frame = decodeFrame(readBytes(job.frameFile));
  const labels = labelsOf(frame, job.label);
  const parts = splitRows({ frame, labels }, job.split, job.seed);
  say({
    event: 'started',
    trainRows: parts.trainRows.length,
    validationRows: parts.validationRows.length,
    unlabelledRows: parts.unlabelledCount,
  });
  const { features, task, candidate, seed } = job;
  const { model, history } = trainModel(
    { frame, labels, features, task, candidate, seed, trainRows: parts.trainRows, validationRows: parts.validationRows },
    {
      threads: job.threads === 1 ? callingThread : workerThreads(job.threads),
      onPoint: ({ iteration, trainLoss, validationLoss }) =>
        say({ event: 'point', iteration, trainLoss: toWireNumber(trainLoss), validationLoss: toWireNumber(validationLoss) }),
    },
  );
  const bytes = encodeModel(model);
  writeWhole(job.outputFile, bytes);
  const validationLoss = lossOn({ model, frame, labels, rows: parts.validationRows });
  say({ event: 'done', sizeBytes: bytes.length, iterations: history.length, validationLoss: toWireNumber(validationLoss) });
}

function say(line: TrainingLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function readJson(path: string): unknown {
  const text = new TextDecoder().decode(readBytes(path));
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw trainingError('training/bad-job', `${path} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw trainingError('training/bad-job', `cannot read ${path}: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** The file appears whole or not at all. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const part = `${path}.part`;
  const file = openSync(part, 'w');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, path);
}
