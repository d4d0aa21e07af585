import { statsError } from './requirements.ts';

/** A list whose elements can be moved about: an array or a typed array. */
export type Shufflable = { readonly length: number; [index: number]: unknown };

/**
 * A stream of pseudo-random numbers that depends on its seed alone, in Node and in the browser alike. Not for secrets.
 */
export interface Random {
  /**
   * Draws 32 random bits.
   *
   * @returns A whole number in [0, 2^32 - 1].
   */
  uint32(): number;
  /**
   * Draws from the uniform distribution, with 53 random bits.
   *
   * @returns A number in [0, 1).
   */
  uniform(): number;
  /**
   * Draws a whole number without the bias of a remainder.
   *
   * @param limit - Exclusive upper end; a whole number in [1, 2^32].
   * @returns A whole number in [0, limit).
   * @throws {@link GyreError} `stats/bad-argument` when the limit is out of range.
   */
  below(limit: number): number;
  /**
   * Puts the elements in random order, in place.
   *
   * @param list - An array or typed array; changed.
   * @returns The same list.
   */
  shuffle<T extends Shufflable>(list: T): T;
  /**
   * Starts another stream that depends only on this one's seed and the key, however many numbers were drawn.
   *
   * @param key - A whole number, such as the number of a tree or of a thread's chunk.
   * @returns The other stream.
   */
  fork(key: number): Random;
}

type State = readonly [number, number, number, number];

/**
 * Starts a seeded stream of pseudo-random numbers: the one source of chance in statistics, sampling and training.
 *
 * @param seed - A safe whole number, negative allowed; equal seeds give equal streams.
 * @returns The stream.
 * @throws {@link GyreError} `stats/bad-argument` when the seed is not a safe whole number.
 * @example
 * ```ts
 * createRandom(7).uint32() === createRandom(7).uint32(); // => true
 * createRandom(7).below(1); // => 0
 * createRandom(7).shuffle([1, 2, 3]).length; // => 3
 * ```
 * @see Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021): xoshiro128** 1.1.
 * @see Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the seeding, on 32 bits.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw statsError('stats/bad-argument', `seed ${seed} is not a whole number below 2^53`);
  return randomOfSeed(seedState([seed]), [seed]);
}

/** Starts a stream in a given state of four words, not all zero; for test vectors. */
export function randomOfState(state: State): Random {
  return randomOfSeed(state, [...state]);
}

function randomOfSeed(state: State, path: readonly number[]): Random {
  const uint32 = xoshiro128(state);
  const below = (limit: number): number => drawBelow(uint32, limit);
  return {
    uint32,
    uniform: () => ((uint32() >>> 5) * 0x4000000 + (uint32() >>> 6)) / 0x20000000000000,
    below,
    shuffle: (list) => shuffle(list, below),
    fork: (key) => {
      if (!Number.isSafeInteger(key)) throw statsError('stats/bad-argument', `fork key ${key} is not a whole number below 2^53`);
      return randomOfSeed(seedState([...path, key]), [...path, key]);
    },
  };
}

function xoshiro128([a, b, c, d]: State): () => number {
  let s0 = a | 0;
  let s1 = b | 0;
  let s2 = c | 0;
  let s3 = d | 0;
  return () => {
    const mixed = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    return mixed;
  };
}

function drawBelow(uint32: () => number, limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 0x100000000) {
    throw statsError('stats/bad-argument', `limit ${limit} is not a whole number in [1, 2^32]`);
  }
  const ceiling = 0x100000000 - (0x100000000 % limit);
  let bits = uint32();
  while (bits >= ceiling) bits = uint32();
  return bits % limit;
}

function shuffle<T extends Shufflable>(list: T, below: (limit: number) => number): T {
  const cells: Shufflable = list;
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    const kept = cells[last];
    cells[last] = cells[other];
    cells[other] = kept;
  }
  return list;
}

/** Four words from a path of whole numbers: each word takes in all parts through the finaliser of MurmurHash3. */
function seedState(path: readonly number[]): State {
  const word = (index: number): number => path.reduce(absorb, finalise(Math.imul(index, 0x9e3779b9)));
  const state: State = [word(1), word(2), word(3), word(4)];
  return state.every((part) => part === 0) ? [1, 2, 3, 4] : state;
}

function absorb(word: number, part: number): number {
  const low = finalise((word ^ (part >>> 0)) + 0x9e3779b9);
  return finalise((low ^ Math.floor(part / 0x100000000)) + 0x9e3779b9);
}

function finalise(word: number): number {
  let bits = word | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}
