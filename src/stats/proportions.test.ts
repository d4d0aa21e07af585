import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateProportion, estimateProportionDifference, estimateProportionExactly, testProportions } from './proportions.ts';

test('Wilson and Clopper-Pearson intervals equal SciPy', () => {
  // SciPy 1.17.1, binomtest(k, n).proportion_ci(0.95, 'wilson' | 'exact').
  const rows = [
    [0, 10, 0, 0.27753279986288926, 0, 0.30849710781876294],
    [3, 10, 0.10779126740630102, 0.6032218525388546, 0.06673951117773447, 0.652452850060008],
    [10, 10, 0.7224672001371109, 1, 0.6915028921812371, 1],
    [120, 4000, 0.025147812369685964, 0.035754064322633436, 0.02493420829420365, 0.035766742247265365],
  ] as const;
  for (const [successes, trials, low, high, exactLow, exactHigh] of rows) {
    const wilson = estimateProportion({ successes, trials });
    expect(wilson.low).toBeCloseTo(low, 12);
    expect(wilson.high).toBeCloseTo(high, 12);
    const exact = estimateProportionExactly({ successes, trials });
    expect(exact.low).toBeCloseTo(exactLow, 12);
    expect(exact.high).toBeCloseTo(exactHigh, 12);
    expect(exact.value).toBe(successes / trials);
  }
});

test('the difference of proportions equals the published examples', () => {
  // Newcombe 1998, table II, method 10: 56/70 - 48/80 is 0.0524 to 0.3339; 10/10 - 0/10 is 0.6075 to 1.
  const first = estimateProportionDifference({ successes: 48, trials: 80 }, { successes: 56, trials: 70 });
  expect([first.low.toFixed(4), first.high.toFixed(4)]).toEqual(['0.0524', '0.3339']);
  const extreme = estimateProportionDifference({ successes: 0, trials: 10 }, { successes: 10, trials: 10 });
  expect([extreme.low.toFixed(4), extreme.high.toFixed(4)]).toEqual(['0.6075', '1.0000']);
});

test('intervals hold their value and lie in range', () => {
  const count = fc
    .integer({ min: 1, max: 500 })
    .chain((trials) => fc.integer({ min: 0, max: trials }).map((successes) => ({ successes, trials })));
  fc.assert(
    fc.property(count, count, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (a, b, level) => {
      for (const estimate of [estimateProportion(a, level), estimateProportionExactly(a, level)]) {
        expect(estimate.low >= 0 && estimate.low <= estimate.value && estimate.value <= estimate.high && estimate.high <= 1).toBe(
          true,
        );
      }
      const difference = estimateProportionDifference(a, b, level);
      const back = estimateProportionDifference(b, a, level);
      expect(difference.low <= difference.value && difference.value <= difference.high).toBe(true);
      expect(difference.low).toBeCloseTo(-back.high, 12);
      expect(testProportions(a, b).pValue).toBeCloseTo(testProportions(b, a).pValue, 12);
    }),
  );
});

test('without trials nothing is claimed', () => {
  const none = { successes: 0, trials: 0 };
  expect(estimateProportion(none).low).toBeNaN();
  expect(estimateProportionExactly(none).value).toBeNaN();
  expect(estimateProportionDifference(none, { successes: 1, trials: 2 }).high).toBeNaN();
  expect(testProportions(none, { successes: 1, trials: 2 }).pValue).toBeNaN();
  expect(testProportions({ successes: 0, trials: 5 }, { successes: 0, trials: 9 }).pValue).toBe(1);
});

test('impossible counts and levels are refused', () => {
  expect(() => estimateProportion({ successes: 3, trials: 2 })).toThrow('3 successes in 2 trials');
  expect(() => estimateProportion({ successes: 1.5, trials: 2 })).toThrow('1.5 successes');
  expect(() => estimateProportion({ successes: 1, trials: 2 }, 1)).toThrow('level 1');
  expect(() => testProportions({ successes: -1, trials: 2 }, { successes: 1, trials: 2 })).toThrow('-1 successes');
});
