import { type Digest, GyreError, isGyreError } from '#kernel';

/**
 * Makes the error of a digest that no blob has.
 *
 * @param digest - What was asked for.
 * @returns The error.
 */
export function missingBlob(digest: Digest): GyreError {
  return new GyreError({ kind: 'not-found', code: 'blobs/not-found', message: `no blob has the digest ${digest}` });
}

/**
 * Makes the error of a blob whose bytes have changed.
 *
 * @param digest - What was asked for.
 * @returns The error.
 */
export function corruptBlob(digest: Digest): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'blobs/corrupt',
    message: `the stored bytes of ${digest} have another digest now`,
    help: 'check the disk, then restore this blob from a backup',
  });
}

/**
 * Turns a failure to write into an error of the platform; errors that are one already pass.
 *
 * @param cause - What was thrown.
 * @returns The error.
 */
export function writeFailed(cause: unknown): GyreError {
  if (isGyreError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const help = 'free some space; the server goes on by itself';
    return new GyreError({
      kind: 'unavailable',
      code: 'blobs/disk-full',
      message: `the disk of the store is full, and nothing was stored (${code})`,
      help,
      cause,
    });
  }
  return new GyreError({
    kind: 'internal',
    code: 'blobs/write-failed',
    message: `the bytes could not be stored: ${message}`,
    cause,
  });
}
