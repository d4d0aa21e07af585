import { type ErrorKind, GyreError } from '#kernel';
import type { trainingErrors } from './errors.ts';

/** A code of this slice. */
export type TrainingErrorCode = keyof typeof trainingErrors;

/** Builds an error of this slice; `invalid` unless a kind is given. */
export function trainingError(code: TrainingErrorCode, message: string, kind: ErrorKind = 'invalid'): GyreError {
  return new GyreError({ kind, code, message });
}
