import type { Brand } from './brand.ts';
import { GyreError } from './errors.ts';

/** SHA-256 of canonical bytes, written `sha256:` and 64 lower-case hex digits. Identity of everything immutable. */
export type Digest = Brand<string, 'Digest'>;

const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/**
 * Parses a digest that came from outside.
 *
 * @param text - Expected: `sha256:` and 64 lower-case hex digits.
 * @returns The same text as a typed value.
 * @throws {@link GyreError} `kernel/bad-digest` when the form is different.
 * @example
 * ```ts
 * parseDigest(`sha256:${'0'.repeat(64)}`).length; // => 71
 * ```
 */
export function parseDigest(text: string): Digest {
  if (!DIGEST_PATTERN.test(text)) {
    throw new GyreError({
      kind: 'invalid',
      code: 'kernel/bad-digest',
      message: `not a digest: "${text.slice(0, 80)}"; expected "sha256:" and 64 lower-case hex digits`,
    });
  }
  return text as Digest;
}

/**
 * Makes a digest from the hex form that hash functions return.
 *
 * @param hex - 64 lower-case hex digits of a SHA-256.
 * @returns The digest with its algorithm in front.
 * @throws {@link GyreError} `kernel/bad-digest` when it is not 64 hex digits.
 * @example
 * ```ts
 * digestOfHex('a'.repeat(64)).slice(0, 10); // => 'sha256:aaa'
 * ```
 */
export function digestOfHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

/**
 * Shows a digest to people: the first four and the last two digits.
 *
 * @param digest - A whole digest.
 * @returns Such as `9f3c…a1`.
 * @example
 * ```ts
 * shortDigest(`sha256:9f3c${'0'.repeat(58)}a1`); // => '9f3c…a1'
 * ```
 */
export function shortDigest(digest: string): string {
  const hex = digest.slice('sha256:'.length);
  return `${hex.slice(0, 4)}…${hex.slice(-2)}`;
}
