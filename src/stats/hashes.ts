const encoder = new TextEncoder();

/**
 * Hashes text to 32 bits, the same everywhere and for ever: for samples and for traffic splits by key. Not for secrets.
 *
 * @param text - Any text; hashed as UTF-8.
 * @param seed - Picks one of 2^32 independent hashes; the low 32 bits count.
 * @returns A whole number in [0, 2^32 - 1]; divide by 2^32 for a share in [0, 1).
 * @example
 * ```ts
 * hash32('Hello, world!', 0); // => 3224780355
 * ```
 * @see Austin Appleby, MurmurHash3_x86_32, SMHasher (public domain).
 */
export function hash32(text: string, seed = 0): number {
  return murmur3(encoder.encode(text), seed);
}

function murmur3(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = bytes.length & ~3;
  let hash = seed | 0;
  for (let at = 0; at < whole; at += 4) {
    hash ^= scramble(view.getInt32(at, true));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= whole; at -= 1) tail = (tail << 8) | view.getUint8(at);
  hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
