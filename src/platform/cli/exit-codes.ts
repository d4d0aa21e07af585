import { type ErrorKind, GyreError } from '#kernel';

/** Exit codes of the command line, by name; the one table of them. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  conflict: 5,
  verdictFail: 6,
  verdictUndecided: 7,
  stillRunning: 8,
  unavailable: 9,
  defect: 10,
  interrupted: 130,
  terminated: 143,
} as const;
/** One exit code; see {@link ExitCode} for the whole set. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What each exit code means, in the order of the numbers. */
export const EXIT_CODE_MEANINGS: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: ExitCode.done, meaning: 'done, verdict pass' },
  { code: ExitCode.failed, meaning: 'ran and failed (step, training, rollout)' },
  { code: ExitCode.usage, meaning: 'usage: unknown flag, bad value, bad project file' },
  { code: ExitCode.notFound, meaning: 'not found' },
  { code: ExitCode.notAllowed, meaning: 'not signed in, or not allowed' },
  { code: ExitCode.conflict, meaning: 'conflict: changed meanwhile, already exists, locked, port taken' },
  { code: ExitCode.verdictFail, meaning: 'verdict fail (gate, check, contract, policy test)' },
  { code: ExitCode.verdictUndecided, meaning: 'verdict undecided: too little evidence' },
  { code: ExitCode.stillRunning, meaning: 'still running, or waiting for a person, when the wait ended' },
  { code: ExitCode.unavailable, meaning: 'server or network unavailable, disk full; safe to retry' },
  { code: ExitCode.defect, meaning: 'a defect of Gyre' },
  { code: ExitCode.interrupted, meaning: 'interrupted (Ctrl-C)' },
  { code: ExitCode.terminated, meaning: 'terminated' },
];

const OF_KIND: Readonly<Record<ErrorKind, ExitCode>> = {
  invalid: ExitCode.usage,
  unprocessable: ExitCode.usage,
  'too-large': ExitCode.usage,
  unsupported: ExitCode.usage,
  'not-found': ExitCode.notFound,
  unauthenticated: ExitCode.notAllowed,
  forbidden: ExitCode.notAllowed,
  conflict: ExitCode.conflict,
  'precondition-failed': ExitCode.conflict,
  'precondition-required': ExitCode.conflict,
  limited: ExitCode.unavailable,
  unavailable: ExitCode.unavailable,
  internal: ExitCode.defect,
};

/**
 * Gives the exit code of a failure: by its kind when it is a Gyre error, else that of a defect.
 *
 * @param error - Anything that was thrown.
 * @returns One of {@link ExitCode}.
 * @example
 * ```ts
 * exitCodeOf(new Error('what?')); // => 10
 * ```
 */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof GyreError ? OF_KIND[error.kind] : ExitCode.defect;
}

/**
 * Writes the table of exit codes for `gyre help exit-codes` and the reference page.
 *
 * @returns One line a code.
 * @example
 * ```ts
 * exitCodeTable().split('\n')[0]; // => '  0  done, verdict pass'
 * ```
 */
export function exitCodeTable(): string {
  return EXIT_CODE_MEANINGS.map(({ code, meaning }) => `${String(code).padStart(3)}  ${meaning}`).join('\n');
}
