import { expect, test } from 'vitest';
import { hash32 } from './hashes.ts';

// SMHasher's MurmurHash3_x86_32, as pinned by its ports (Guava, mmh3).
const vectors: readonly (readonly [string, number, number])[] = [
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['aa', 0x9747b28c, 0x5d211726],
  ['a', 0x9747b28c, 0x7fa09ea6],
  ['ππππππππ', 0x9747b28c, 0xd58063c1],
];

test('hash32 equals MurmurHash3 of the UTF-8 bytes', () => {
  for (const [text, seed, expected] of vectors) expect(hash32(text, seed), `${text} ${seed}`).toBe(expected);
});

test('shares of keys that hash32 makes are even', () => {
  const counts = new Array<number>(10).fill(0);
  for (let key = 0; key < 20_000; key += 1) {
    const share = Math.floor((hash32(`request-${key}`, 3) / 2 ** 32) * 10);
    counts[share] = (counts[share] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(1800));
});
