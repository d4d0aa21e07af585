import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, randomOfState } from './random.ts';

test('the generator is xoshiro128** 1.1', () => {
  // rand_xoshiro 0.6, xoshiro128starstar.rs, from the C reference.
  const random = randomOfState([1, 2, 3, 4]);
  const drawn = Array.from({ length: 10 }, () => random.uint32());
  expect(drawn).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]);
});

test('a state of large words gives the outputs of the C reference', () => {
  // edorfaus/xoshiro-6502, test data made with the C reference: the first output of xoshiro128**.
  const random = randomOfState([0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0]);
  expect(random.uint32()).toBe(0xf1391922);
});

test('equal seeds give equal streams and other seeds other streams', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (seed, other) => {
      const draw = (from: number) => {
        const random = createRandom(from);
        return [random.uint32(), random.uniform(), random.below(1000), random.uint32()].join();
      };
      expect(draw(seed)).toBe(draw(seed));
      if (seed !== other) expect(draw(seed)).not.toBe(draw(other));
    }),
  );
});

test('a fork depends on the seed and the key, not on what was drawn before', () => {
  const first = createRandom(5);
  const second = createRandom(5);
  second.uint32();
  expect(first.fork(3).uint32()).toBe(second.fork(3).uint32());
  expect(first.fork(3).uint32()).not.toBe(first.fork(4).uint32());
  expect(first.fork(3).fork(1).uint32()).not.toBe(first.fork(3).uint32());
});

test('uniform draws lie in [0, 1) and fill it evenly', () => {
  const random = createRandom(1);
  const counts = new Array<number>(20).fill(0);
  for (let draw = 0; draw < 40_000; draw += 1) {
    const value = random.uniform();
    expect(value >= 0 && value < 1).toBe(true);
    counts[Math.floor(value * 20)] = (counts[Math.floor(value * 20)] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
  expect(chiSquare).toBeLessThan(43.8); // the 0.999 quantile of chi-square with 19 degrees of freedom
});

test('below draws every number below its limit and no other', () => {
  const random = createRandom(2);
  const seen = new Set(Array.from({ length: 500 }, () => random.below(7)));
  expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(() => random.below(0)).toThrow('limit 0');
  expect(() => random.below(1.5)).toThrow('limit 1.5');
  expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
});

test('a shuffle keeps the elements and reaches every order', () => {
  const random = createRandom(3);
  const orders = new Map<string, number>();
  for (let round = 0; round < 6000; round += 1) {
    const key = random.shuffle(new Int32Array([1, 2, 3])).join();
    orders.set(key, (orders.get(key) ?? 0) + 1);
  }
  expect(orders.size).toBe(6);
  for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a seed that is no whole number is refused', () => {
  expect(() => createRandom(0.5)).toThrow('seed 0.5');
  expect(() => createRandom(Number.NaN)).toThrow('seed NaN');
  expect(() => createRandom(1).fork(0.1)).toThrow('fork key 0.1');
});
