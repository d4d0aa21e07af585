import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testProportions } from './proportions.ts';
import { createRandom, type Random } from './random.ts';
import { rowsToSeeChange, spendableError } from './sequential.ts';

function successes(random: Random, trials: number, share: number): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial += 1) count += Number(random.uniform() < share);
  return count;
}

test('the shares of all looks sum to the whole and grow', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.2, noNaN: true }), fc.integer({ min: 1, max: 12 }), (alpha, nLooks) => {
      const shares = Array.from({ length: nLooks }, (_, index) => spendableError({ alpha, nLooks }, index + 1));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(alpha, 12);
      expect(shares.every((share) => share >= 0)).toBe(true);
      expect(shares[0]).toBeLessThanOrEqual(shares.at(-1) ?? 0);
    }),
  );
});

test('looking five times at two equal groups raises a false alarm no more often than planned', () => {
  const random = createRandom(17);
  const plan = { alpha: 0.05, nLooks: 5 };
  let alarms = 0;
  for (let round = 0; round < 1000; round += 1) {
    const [a, b] = [
      { successes: 0, trials: 0 },
      { successes: 0, trials: 0 },
    ];
    let isAlarm = false;
    for (let look = 1; look <= 5; look += 1) {
      for (const group of [a, b]) {
        group.successes += successes(random, 200, 0.2);
        group.trials += 200;
      }
      isAlarm ||= testProportions(a, b).pValue < spendableError(plan, look);
    }
    alarms += Number(isAlarm);
  }
  expect(alarms / 1000).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 1000));
  expect(alarms / 1000).toBeGreaterThan(0.02);
});

test('with the rows it asks for, the change is seen as often as demanded', () => {
  const random = createRandom(5);
  const nRows = rowsToSeeChange({ from: 0.1, to: 0.16 }, { alpha: 0.05, power: 0.8 });
  let seen = 0;
  for (let round = 0; round < 800; round += 1) {
    const a = { successes: successes(random, nRows, 0.1), trials: nRows };
    const b = { successes: successes(random, nRows, 0.16), trials: nRows };
    seen += Number(testProportions(a, b).pValue < 0.05);
  }
  expect(Math.abs(seen / 800 - 0.8)).toBeLessThan(0.05);
});

test('what was not planned is refused', () => {
  expect(() => spendableError({ alpha: 0.05, nLooks: 3 }, 4)).toThrow('look 4 of 3 was not planned');
  expect(() => spendableError({ alpha: 0, nLooks: 3 }, 1)).toThrow('alpha 0');
  expect(() => spendableError({ alpha: 0.05, nLooks: 3 }, 0)).toThrow('look 0');
  expect(() => rowsToSeeChange({ from: 0.1, to: 0.1 }, { alpha: 0.05, power: 0.8 })).toThrow('0.1 to 0.1 is not a change');
  expect(() => rowsToSeeChange({ from: 0.1, to: 0.2 }, { alpha: 0.05, power: 1 })).toThrow('power 1');
});
