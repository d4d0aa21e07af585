/**
 * The closed set of failure kinds. A kind decides the HTTP status and the exit code, in one map each
 * (`platform/http` and `main/cli`); the domain never names a number.
 */
export const ErrorKind = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'precondition-failed',
  'precondition-required',
  'unprocessable',
  'too-large',
  'unsupported',
  'limited',
  'unavailable',
  'internal',
] as const;

/** One failure kind; see {@link ErrorKind} for the whole set. */
export type ErrorKind = (typeof ErrorKind)[number];

/** One problem inside a document or body: where it is, and what is wrong with it. */
export interface Problem {
  /** JSON pointer (RFC 6901) into the body or document, or a file position such as `gyre.yaml:41`. */
  readonly pointer: string;
  /** Machine-readable code, `<slice>/<what>`. */
  readonly code: string;
  /** What is wrong, the value got, what to do. Never a secret. */
  readonly detail: string;
}

/** What a {@link GyreError} is made of. */
export interface GyreErrorOptions {
  readonly kind: ErrorKind;
  /** `<slice>/<what>`, listed in that slice's `errors.ts` and in `docs/reference/errors.md`. */
  readonly code: string;
  /** What is wrong, the value got, what to do. Never a secret. */
  readonly message: string;
  /** Facts for programs; JSON values only. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** All problems of one document, reported at once. */
  readonly problems?: readonly Problem[];
  /** One line that says what to try next. */
  readonly help?: string;
  readonly cause?: unknown;
}

/**
 * The one error type of Gyre: kind, code, message, data and cause.
 *
 * @example
 * ```ts
 * const error = new GyreError({ kind: 'not-found', code: 'registry/model-not-found', message: 'no model "churm"' });
 * error.kind; // => 'not-found'
 * ```
 */
export class GyreError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  readonly help: string | undefined;

  constructor(options: GyreErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GyreError';
    this.kind = options.kind;
    this.code = options.code;
    this.data = options.data ?? {};
    this.problems = options.problems ?? [];
    this.help = options.help;
  }
}

/**
 * Tells whether a caught value is a {@link GyreError}, optionally of one code.
 *
 * @param error - Anything that was thrown.
 * @param code - The code to match; left out, every code matches.
 * @returns Whether it is a Gyre error (of that code).
 * @example
 * ```ts
 * isGyreError(new Error('no')); // => false
 * ```
 */
export function isGyreError(error: unknown, code?: string): error is GyreError {
  return error instanceof GyreError && (code === undefined || error.code === code);
}

/** Codes of the kernel: what is wrong with a text, number or table from outside. */
export const kernelErrors = {
  'kernel/bad-cursor': 'A cursor of a list is malformed, or belongs to another list, filter or order',
  'kernel/bad-digest': 'A digest is not `sha256:` and 64 lower-case hex digits',
  'kernel/bad-duration': 'A duration is not a number and one of ms s m h d w',
  'kernel/bad-frame': 'Bytes are not a whole frame of a known version',
  'kernel/bad-time': 'A time is not RFC 3339 with a zone, nor a date',
  'kernel/no-column': 'A table has no column of that name',
  'kernel/not-json': 'A value has no canonical JSON form',
} as const;
