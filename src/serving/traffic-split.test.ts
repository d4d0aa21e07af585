import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pickTarget, targetSeed } from './traffic-split.ts';

const targets = (canary: number) => [
  { seed: targetSeed('e', 'v1'), weight: 100 - canary },
  { seed: targetSeed('e', 'v2'), weight: canary },
];
const keys = Array.from({ length: 20_000 }, (_, number) => `entity-${String(number)}`);

describe('the traffic split', () => {
  test.each([5, 10, 50, 90])('gives a target its %i %% of the keys', (canary) => {
    const share = keys.filter((key) => pickTarget(targets(canary), key) === 1).length / keys.length;

    // Four standard errors of a share of 20,000 keys.
    expect(Math.abs(share - canary / 100)).toBeLessThan(4 * Math.sqrt(((canary / 100) * (1 - canary / 100)) / keys.length));
  });

  test('keeps a key where it is, and moves keys only to the target whose weight rises', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (key, a, b) => {
        const before = pickTarget(targets(Math.min(a, b)), key);
        const after = pickTarget(targets(Math.max(a, b)), key);
        expect(pickTarget(targets(Math.min(a, b)), key)).toBe(before);
        expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  test('gives nothing to a weight of 0, and picks nobody when all are', () => {
    expect(keys.every((key) => pickTarget(targets(0), key) === 0)).toBe(true);
    expect(keys.every((key) => pickTarget(targets(100), key) === 1)).toBe(true);
    expect(pickTarget([{ seed: 1, weight: 0 }], 'key')).toBe(-1);
  });

  test('splits two endpoints independently', () => {
    const other = [
      { seed: targetSeed('f', 'v1'), weight: 50 },
      { seed: targetSeed('f', 'v2'), weight: 50 },
    ];
    const both = keys.filter((key) => pickTarget(targets(50), key) === 1 && pickTarget(other, key) === 1).length / keys.length;

    expect(Math.abs(both - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / keys.length));
  });
});
