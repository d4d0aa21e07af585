import { createHash } from 'node:crypto';
import { canonicalJson, type Digest, digestOfHex } from '#kernel';

/**
 * Hashes bytes.
 *
 * @param bytes - Any bytes, or text taken as UTF-8.
 * @returns Their SHA-256 as a digest.
 * @see FIPS 180-4
 * @example
 * ```ts
 * digestOfBytes('').slice(0, 19); // => 'sha256:e3b0c44298fc'
 * ```
 */
export function digestOfBytes(bytes: Uint8Array | string): Digest {
  return digestOfHex(createHash('sha256').update(bytes).digest('hex'));
}

/**
 * Hashes a JSON value over its canonical text (RFC 8785).
 *
 * @param value - A JSON value.
 * @returns The digest; equal for values that differ only in key order.
 * @throws {@link GyreError} `kernel/not-json` for values without a JSON form.
 * @example
 * ```ts
 * digestOfJson({ a: 1 }) === digestOfJson({ a: 2 }); // => false
 * ```
 */
export function digestOfJson(value: unknown): Digest {
  return digestOfBytes(canonicalJson(value));
}
