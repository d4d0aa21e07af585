const HEX = '0123456789abcdef';
const ID_PATTERN = /^[0-9a-f]{32}$/;

/**
 * Builds a time-ordered id: a UUID version 7 (RFC 9562 §5.7) as 32 hex digits without dashes.
 *
 * @param unixMs - Wall time in milliseconds since 1970, in [0, 2^48).
 * @param random - At least 10 random bytes; the first 10 are used.
 * @returns 32 lower-case hex digits; ids of later milliseconds sort after earlier ones.
 * @example
 * ```ts
 * timeOrderedId(0, new Uint8Array(10)); // => '00000000000070008000000000000000'
 * ```
 */
export function timeOrderedId(unixMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  let rest = unixMs;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  let text = '';
  for (const byte of bytes) text += (HEX[byte >> 4] ?? '') + (HEX[byte & 15] ?? '');
  return text;
}

/**
 * Tells whether a text is an id of Gyre: 32 lower-case hex digits.
 *
 * @param text - Any text.
 * @returns Whether it has the form of an id; says nothing about whether such a thing exists.
 * @example
 * ```ts
 * isId('42'); // => false
 * ```
 */
export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}

/**
 * Shortens an id for people: its last 8 digits, the random ones.
 *
 * @param id - An id of 32 hex digits.
 * @returns The last 8 characters.
 * @example
 * ```ts
 * shortId('0193c5b0a1b27c3d8e4f5a6b7c8d9e0f'); // => '7c8d9e0f'
 * ```
 */
export function shortId(id: string): string {
  return id.slice(-8);
}
