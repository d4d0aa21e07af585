import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addLatencyCounts,
  LATENCY_BUCKETS,
  latencyBucketOf,
  latencyBucketUs,
  latencyQuantileBoundsMs,
  latencyQuantileMs,
} from './latency-buckets.ts';

describe('latency buckets', () => {
  test('hold a latency within 9.1 % of their upper end', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.0001, max: 2e7, noNaN: true }), (latencyUs) => {
        const upper = latencyBucketUs(latencyBucketOf(latencyUs));
        expect(upper).toBeGreaterThanOrEqual(latencyUs * (1 - 1e-12));
        expect(upper).toBeLessThanOrEqual(latencyUs * 2 ** (1 / 8) * (1 + 1e-12));
      }),
    );
  });

  test('take what is below and beyond them', () => {
    expect(latencyBucketOf(0)).toBe(0);
    expect(latencyBucketOf(Number.NaN)).toBe(0);
    expect(latencyBucketOf(1e300)).toBe(LATENCY_BUCKETS - 1);
  });

  test('give quantiles, and NaN of nothing', () => {
    const counts = [90, 0, 0, 0, 0, 0, 0, 0, 10];

    expect(latencyQuantileMs(counts, 0.5)).toBe(0.001);
    expect(latencyQuantileMs(counts, 0.99)).toBe(0.002);
    expect(latencyQuantileMs([], 0.5)).toBeNaN();
  });

  test('bound a quantile, with an open end when there are too few', () => {
    const bounds = latencyQuantileBoundsMs([99, 0, 0, 0, 0, 0, 0, 0, 1], 0.99, 1.96);

    expect(bounds).toEqual({ low: 0.001, high: Number.POSITIVE_INFINITY });
  });

  test('add up place by place', () => {
    expect(addLatencyCounts([1, 2], [1, 1, 1])).toEqual([2, 3, 1]);
  });
});
