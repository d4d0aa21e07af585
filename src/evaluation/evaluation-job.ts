import { GyreError } from '#kernel';
import type { EvaluationSpec } from './evaluation.ts';

/** Everything an evaluation process is told, as the JSON file whose path is its one argument. */
export interface EvaluationJob {
  readonly format: 'gyre-evaluation-job';
  readonly version: 1;
  readonly spec: EvaluationSpec;
  /** A kernel frame; see `decodeFrame`. */
  readonly frameFile: string;
  /** The judged model, then the references in the order of the spec. */
  readonly modelFiles: readonly string[];
  /** Where the report goes, as JSON in which NaN is a word. */
  readonly outputFile: string;
}

/** Gives a job back, or throws `evaluation/bad-job` unless it has the form of one of this version. */
export function requireEvaluationJob(value: unknown): EvaluationJob {
  const isJob =
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 'gyre-evaluation-job' &&
    'version' in value;
  // Both ends are the same program: the version tells whether they are.
  if (isJob && value.version === 1) return value as EvaluationJob;
  throw new GyreError({
    kind: 'invalid',
    code: 'evaluation/bad-job',
    message: 'the job is not a gyre-evaluation-job of version 1',
  });
}
