import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutPoints, writeBins } from './bins.ts';
import { foldMeans } from './fold-means.ts';
import { minimise } from './lbfgs.ts';
import { HESSIAN_LIMIT } from './row-block.ts';
import { findSplit, gradientOf, hessianOf } from './split-search.ts';

describe('cut points', () => {
  const column = fc
    .array(
      fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -5, max: 5 }), fc.constant(Number.NaN)),
      {
        minLength: 1,
        maxLength: 300,
      },
    )
    .map((values) => Float32Array.from(values));

  test('put every value into the bin that the comparison x <= t says, and missing ones behind them all', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 254 }), (values, maxBins) => {
        const cuts = cutPoints(values, maxBins);
        const bins = new Uint8Array(values.length);
        writeBins(bins, 1, 0, values, cuts);
        expect(cuts.length).toBeLessThan(maxBins);
        values.forEach((value, row) => {
          const below = cuts.filter((cut) => value > cut).length;
          expect(bins[row]).toBe(Number.isNaN(value) ? cuts.length + 1 : below);
        });
        expect(cuts.every((cut, index) => index === 0 || cut > (cuts[index - 1] ?? 0))).toBe(true);
      }),
    );
  });

  test('part all values when there are no more than bins', () => {
    expect([...cutPoints(Float32Array.of(3, 1, 2, 2, Number.NaN), 254)]).toEqual([1.5, 2.5]);
  });

  test('make bins of like weight, and give a frequent value one of its own', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, row) => (row % 2 === 0 ? 0 : row));
    const cuts = cutPoints(values, 10);
    const bins = new Uint8Array(values.length);
    writeBins(bins, 1, 0, values, cuts);
    const counts = Array.from({ length: cuts.length + 1 }, (_, bin) => bins.filter((found) => found === bin).length);

    expect(counts[0]).toBe(5000);
    expect(Math.max(...counts.slice(1))).toBeLessThan(2 * Math.min(...counts.slice(1)));
    expect(counts.length).toBe(10);
  });
});

describe('the search for a split', () => {
  const pack = (gradient: number, hessian: number): number => gradient * HESSIAN_LIMIT + hessian;

  test('takes packed sums apart again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 26) + 1, max: 2 ** 26 - 1 }),
        fc.integer({ min: 0, max: 2 ** 26 - 1 }),
        (gradient, hessian) => {
          expect(gradientOf(pack(gradient, hessian))).toBe(gradient);
          expect(hessianOf(pack(gradient, hessian))).toBe(hessian);
        },
      ),
    );
  });

  test('finds the gain that trying every split finds', () => {
    const bin = fc.record({ gradient: fc.integer({ min: -50, max: 50 }), hessian: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(bin, { minLength: 2, maxLength: 12 }), (bins) => {
        const histogram = new Float64Array(256);
        bins.forEach(({ gradient, hessian }, index) => {
          histogram[index] = pack(gradient, hessian);
        });
        const total = histogram.reduce((sum, cell) => sum + cell, 0);
        const missing = bins.length - 1;
        const score = (part: typeof bins): number => {
          const gradient = part.reduce((sum, cell) => sum + cell.gradient, 0);
          return gradient ** 2 / (part.reduce((sum, cell) => sum + cell.hessian, 0) + 1);
        };
        const sides = bins.slice(0, missing).flatMap((_, last) => {
          const left = bins.slice(0, last + 1);
          const right = bins.slice(last + 1, missing);
          const gap = bins.slice(missing);
          return [score(left) + score([...right, ...gap]), right.length === 0 ? 0 : score([...left, ...gap]) + score(right)];
        });
        const best = Math.max(...sides) - score(bins);

        const split = findSplit(histogram, 0, Int32Array.of(missing), total, { l2: 1, minHessian: 1, minGain: 0 });

        if (best < 1e-9) expect(split?.gain ?? 0).toBeLessThan(1e-6);
        else expect(split?.gain).toBeCloseTo(best, 6);
      }),
    );
  });
});

describe('the search for a minimum', () => {
  test('solves a bent valley', () => {
    const found = minimise(
      (at, gradient) => {
        const [x, y] = [at[0] ?? 0, at[1] ?? 0];
        gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
        gradient[1] = 200 * (y - x * x);
        return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { maxIterations: 200, tolerance: 1e-9 },
    );

    expect(found.isConverged).toBe(true);
    expect(found.at[0]).toBeCloseTo(1, 8);
    expect(found.at[1]).toBeCloseTo(1, 8);
  });
});

describe('smoothed means of levels', () => {
  test('draw a level to the mean, and never show a row its own label', () => {
    const means = foldMeans({
      codes: Int32Array.of(0, 0, 1, -1),
      labels: Float32Array.of(1, 1, 0, 0),
      folds: Uint8Array.of(0, 1, 0, 1),
      nLevels: 2,
      nFolds: 2,
      smoothing: 2,
    });

    expect(means.overall).toBe(0.5);
    expect([...means.values]).toEqual([(2 + 1) / 4, (0 + 1) / 3, (0 + 1) / 3]);
    expect([...means.outOfFold]).toEqual([(1 + 1) / 3, (1 + 1) / 3, 0.5, 0.5].map(Math.fround));
  });
});
