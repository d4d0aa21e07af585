import type { ErrorKind } from '#kernel';

const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  unsupported: 415,
  unprocessable: 422,
  'precondition-required': 428,
  limited: 429,
  internal: 500,
  unavailable: 503,
};

const KIND = new Map<number, ErrorKind>(
  // The keys of the table are exactly the kinds; Object.entries widens them to string.
  (Object.entries(STATUS) as [ErrorKind, number][]).map(([kind, status]) => [status, kind]),
);

/**
 * Gives the HTTP status of a failure kind: the only place where one becomes the other.
 *
 * @param kind - A failure kind.
 * @returns A status from 400 to 503; each kind has its own.
 * @see RFC 9110 §15, RFC 6585 §3–4
 * @example
 * ```ts
 * statusOfKind('precondition-failed'); // => 412
 * ```
 */
export function statusOfKind(kind: ErrorKind): number {
  return STATUS[kind];
}

/**
 * Gives the failure kind of an HTTP status: what {@link statusOfKind} undoes, for those who read problem documents.
 *
 * @param status - An HTTP status of 400 or more.
 * @returns The kind; for a status that no kind has, `invalid` below 500, `unavailable` for 502 and 504, else `internal`.
 * @example
 * ```ts
 * kindOfStatus(404); // => 'not-found'
 * ```
 */
export function kindOfStatus(status: number): ErrorKind {
  const kind = KIND.get(status);
  if (kind !== undefined) return kind;
  if (status < 500) return 'invalid';
  return status === 502 || status === 504 ? 'unavailable' : 'internal';
}
