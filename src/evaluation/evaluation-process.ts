/**
 * Entry of the evaluation child process: `node evaluation-process.js JOB.json`. Writes the report where the job says; ends
 * with 0, or with 1 and one JSON line `{kind, code, message}` on standard error.
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { decodeFrame, type Frame, GyreError, toWireJson } from '#kernel';
import { compileModel, parseModel } from '#training';
import { requireEvaluationJob } from './evaluation-job.ts';
import { judgeModel, type ScoreRows } from './judge-model.ts';

try {
  runJob(process.argv[2] ?? '');
} catch (error) {
  const { kind, code, message } =
    error instanceof GyreError ? error : { kind: 'internal', code: 'evaluation/process-failed', message: String(error) };
  writeSync(2, `${JSON.stringify({ kind, code, message })}\n`);
  process.exitCode = 1;
}

function runJob(jobFile: string): void {
  const value: unknown = JSON.parse(readFileSync(jobFile, 'utf8'));
  const job = requireEvaluationJob(value);
  const [score, ...references] = job.modelFiles.map(scorerOf);
  if (score === undefined || references.length !== job.spec.references.length) {
    throw new GyreError({ kind: 'invalid', code: 'evaluation/bad-job', message: 'the job has not one model file a model' });
  }
  const report = judgeModel(job.spec, {
    frame: decodeFrame(readFileSync(job.frameFile)),
    score,
    references: job.spec.references.map((reference, index) => ({ ...reference, score: references[index] ?? score })),
  });
  writeFileSync(job.outputFile, JSON.stringify(toWireJson(report)));
}

function scorerOf(path: string): ScoreRows {
  const compiled = compileModel(parseModel(readFileSync(path)));
  return (frame: Frame) => {
    const scores = new Float64Array(frame.nRows);
    compiled.predictRows(frame, scores);
    return scores;
  };
}
