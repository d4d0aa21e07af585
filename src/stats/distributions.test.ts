import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  betaCdf,
  betaQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareTail,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from './distributions.ts';

// All expected numbers: SciPy 1.17.1 (`norm`, `t`, `chi2`, `beta`).
const relative = (got: number, expected: number): number => (expected === 0 ? Math.abs(got) : Math.abs(got / expected - 1));

test('the normal distribution equals SciPy, far tails included', () => {
  const cdf = [
    [-10, 7.61985302416047e-24],
    [-5, 2.866515718791933e-7],
    [-2.5, 0.006209665325776132],
    [-1, 0.15865525393145707],
    [-0.1, 0.460172162722971],
    [0.3, 0.6179114221889526],
    [1.5, 0.9331927987311419],
    [4, 0.9999683287581669],
    [9, 1.0],
  ] as const;
  for (const [x, expected] of cdf) expect(relative(normalCdf(x), expected), `cdf ${x}`).toBeLessThan(1e-12);
  const quantiles = [
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798409],
    [1e-5, -4.264890793922825],
    [0.01, -2.3263478740408408],
    [0.07, -1.4757910281791706],
    [0.075, -1.4395314709384563],
    [0.2, -0.8416212335729142],
    [0.5, 0],
    [0.7, 0.5244005127080407],
    [0.93, 1.475791028179171],
    [0.999, 3.090232306167813],
    [0.9999999999, 6.361340889697422],
  ] as const;
  for (const [p, expected] of quantiles) expect(relative(normalQuantile(p), expected), `quantile ${p}`).toBeLessThan(1e-13);
});

test("Student's t distribution equals SciPy", () => {
  const cdf = [
    [-40, 1, 0.007956089912025812],
    [-3, 1, 0.10241638234956672],
    [-0.2, 1, 0.4371670418109989],
    [0.7, 1, 0.6944001122142147],
    [-40, 2.5, 7.09781714524669e-5],
    [-3, 2.5, 0.036288047774515914],
    [5, 2.5, 0.9882744050145691],
    [-40, 9, 9.491499224669911e-12],
    [0.7, 9, 0.7491904803919275],
    [-40, 58, 3.135126156096623e-44],
    [-0.2, 58, 0.42109008724805147],
    [-40, 1000, 5.239426077586636e-210],
    [-3, 1000, 0.0013833545221190963],
    [5, 1000, 0.9999996616371818],
  ] as const;
  for (const [t, degrees, expected] of cdf)
    expect(relative(studentTCdf(t, degrees), expected), `${t} ${degrees}`).toBeLessThan(1e-11);
  const quantiles = [
    [1e-6, 1, -318309.8861827435],
    [0.005, 1, -63.65674116287158],
    [0.3, 1, -0.7265425280053609],
    [0.975, 1, 12.706204736174694],
    [1e-6, 2, -707.1057205259339],
    [0.975, 2, 4.302652729749462],
    [0.6, 4.5, 0.2687518355421751],
    [0.975, 4.5, 2.6589123472044034],
    [0.005, 9, -3.2498355415921263],
    [0.975, 9, 2.262157162798205],
    [0.3, 58, -0.5272950135889825],
    [0.975, 58, 2.0017174841452356],
    [1e-6, 5000, -4.759037953505102],
    [0.975, 5000, 1.9604385517065073],
  ] as const;
  for (const [p, degrees, expected] of quantiles) {
    expect(relative(studentTQuantile(p, degrees), expected), `${p} ${degrees}`).toBeLessThan(1e-10);
  }
});

test('the chi-square distribution equals SciPy in both tails', () => {
  const rows = [
    [0.01, 1, 0.07965567455405799, 0.920344325445942],
    [3, 1, 0.9167354833364496, 0.08326451666355042],
    [12, 1, 0.9994679944948608, 0.0005320055051392492],
    [300, 1, 1.0, 3.2943623833139784e-67],
    [0.01, 4, 1.2458411354275082e-5, 0.9999875415886458],
    [3, 4, 0.4421745996289252, 0.5578254003710748],
    [300, 4, 1.0, 1.083439491947837e-63],
    [0.01, 9, 8.408755369388955e-13, 0.9999999999991591],
    [12, 9, 0.7866906949165835, 0.21330930508341653],
    [3, 226, 8.018352016601988e-166, 1.0],
    [300, 226, 0.9992902580632212, 0.0007097419367787833],
  ] as const;
  for (const [x, degrees, cdf, tail] of rows) {
    expect(relative(chiSquareCdf(x, degrees), cdf), `${x} ${degrees}`).toBeLessThan(1e-11);
    expect(relative(chiSquareTail(x, degrees), tail), `${x} ${degrees}`).toBeLessThan(1e-11);
  }
  const quantiles = [
    [1e-5, 1, 1.5707963268771464e-10],
    [0.95, 1, 3.841458820694124],
    [0.9999, 1, 15.136705226623606],
    [0.05, 4, 0.7107230213973239],
    [0.5, 9, 8.342832692252955],
    [0.95, 9, 16.918977604620448],
    [1e-5, 226, 146.5118611463322],
    [0.9999, 226, 313.7406438216857],
  ] as const;
  for (const [p, degrees, expected] of quantiles)
    expect(relative(chiSquareQuantile(p, degrees), expected), `${p}`).toBeLessThan(1e-10);
});

test('the beta distribution equals SciPy', () => {
  const cdf = [
    [0.001, 0.5, 0.5, 0.020135041633377492],
    [0.9, 0.5, 0.5, 0.7951672353008665],
    [0.001, 2, 3, 5.992003e-6],
    [0.3, 2, 3, 0.3483],
    [0.001, 30, 5, 4.619674069640095e-86],
    [0.3, 30, 5, 2.4245785011514896e-12],
    [0.9, 30, 5, 0.7504082837878774],
    [0.08, 800, 9000, 0.2797446997016527],
  ] as const;
  for (const [x, a, b, expected] of cdf) expect(relative(betaCdf(x, { a, b }), expected), `${x} ${a} ${b}`).toBeLessThan(1e-10);
  const quantiles = [
    [0.001, 0.5, 0.5, 2.4673990709169446e-6],
    [0.975, 0.5, 0.5, 0.9984586668665639],
    [0.025, 2, 3, 0.06758598648854294],
    [0.6, 30, 5, 0.878243439762526],
    [0.025, 800, 9000, 0.07629341513289459],
  ] as const;
  for (const [p, a, b, expected] of quantiles)
    expect(relative(betaQuantile(p, { a, b }), expected), `${p} ${a}`).toBeLessThan(1e-10);
});

test('every quantile function undoes its distribution function', () => {
  const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
  const degrees = fc.double({ min: 1, max: 500, noNaN: true });
  fc.assert(
    fc.property(probability, degrees, degrees, (p, a, b) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      expect(studentTCdf(studentTQuantile(p, a), a)).toBeCloseTo(p, 10);
      expect(chiSquareCdf(chiSquareQuantile(p, a), a)).toBeCloseTo(p, 10);
      expect(betaCdf(betaQuantile(p, { a, b }), { a, b })).toBeCloseTo(p, 9);
    }),
    { numRuns: 60 },
  );
});

test('the ends of the distributions are exact', () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(studentTQuantile(0.5, 4)).toBe(0);
  expect(studentTQuantile(1, 4)).toBe(Number.POSITIVE_INFINITY);
  expect(chiSquareQuantile(1, 4)).toBe(Number.POSITIVE_INFINITY);
  expect(chiSquareCdf(-1, 2)).toBe(0);
  expect(chiSquareTail(Number.POSITIVE_INFINITY, 2)).toBe(0);
  expect(betaCdf(2, { a: 1, b: 1 })).toBe(1);
  expect(betaCdf(-2, { a: 1, b: 1 })).toBe(0);
  expect(betaQuantile(1, { a: 2, b: 3 })).toBe(1);
});

test('impossible arguments are refused with the value', () => {
  expect(() => normalQuantile(1.2)).toThrow('probability 1.2');
  expect(() => studentTCdf(1, 0)).toThrow('degrees of freedom 0');
  expect(() => studentTQuantile(Number.NaN, 3)).toThrow('probability NaN');
  expect(() => chiSquareTail(1, -1)).toThrow('degrees of freedom -1');
  expect(() => betaCdf(0.5, { a: 0, b: 1 })).toThrow('shape a 0');
});
