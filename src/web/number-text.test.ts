import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estimate } from '#kernel';
import { countText, estimateSource, estimateText, latencyText, nounText, numberText } from './number-text.ts';

const SPACE = '\u202f';

function anEstimate(part: Partial<Estimate>): Estimate {
  return { value: 0.8731, low: 0.8689, high: 0.8773, level: 0.95, n: 8120, method: 'DeLong', ...part };
}

describe('an estimate', () => {
  it('stops at the first significant digit of its half-width', () => {
    expect(estimateText(anEstimate({}))).toBe('0.873 ± 0.004');
    expect(estimateText(anEstimate({ value: 41.23, low: 39.1, high: 43.4 }))).toBe('41 ± 2');
    expect(estimateText(anEstimate({ value: 1234.5, low: 1194, high: 1275 }))).toBe('1235 ± 41');
  });

  it('has 4 significant digits where it has no interval, and none of its own where it is exact', () => {
    expect(estimateText(anEstimate({ low: Number.NaN, high: Number.NaN, value: 0.123456 }))).toBe('0.1235');
    expect(estimateText(anEstimate({ value: 68_120, low: 68_120, high: 68_120 }))).toBe(`68${SPACE}120`);
  });

  it('shows a gain with its sign, a loss with a minus that is no hyphen', () => {
    expect(estimateText(anEstimate({ value: 0.0121, low: 0.0069, high: 0.0173 }), true)).toBe('+0.012 ± 0.005');
    expect(estimateText(anEstimate({ value: -0.0121, low: -0.0173, high: -0.0069 }), true)).toBe('\u22120.012 ± 0.005');
  });

  it('prints what is no number as such', () => {
    expect(estimateText(anEstimate({ value: Number.NaN }))).toBe('NaN');
    expect(estimateText(anEstimate({ value: Number.POSITIVE_INFINITY }))).toBe('Infinity');
  });

  it('never shows a number outside its own rounding', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        (value, half) => {
          const text = estimateText(anEstimate({ value, low: value - half, high: value + half }));
          const [shown = '', shownHalf = ''] = text.split(' ± ');
          expect(Math.abs(Number(shown.replaceAll(SPACE, '')) - value)).toBeLessThanOrEqual(half);
          expect(Number(shownHalf)).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('says in its tooltip the full value, the interval, level, method and rows', () => {
    expect(estimateSource(anEstimate({}))).toBe(`0.8731; 0.8689 to 0.8773 (95 %, DeLong, n = 8${SPACE}120)`);
    expect(estimateSource(anEstimate({ low: Number.NaN, high: Number.NaN, method: 'none' }))).toBe(
      `0.8731, without an interval, n = 8${SPACE}120`,
    );
  });
});

describe('counts and latencies', () => {
  it('are grouped by narrow spaces and never abbreviated', () => {
    expect([0, 999, 1000, 1_234_567, -4500].map(countText)).toEqual([
      '0',
      '999',
      `1${SPACE}000`,
      `1${SPACE}234${SPACE}567`,
      `\u22124${SPACE}500`,
    ]);
  });

  it('agree with their noun', () => {
    expect([nounText(1, 'turn'), nounText(2, 'turn')]).toEqual(['1 turn', '2 turns']);
  });

  it('keep few digits of a latency', () => {
    expect([0.0412, 1.84, 212.4].map(latencyText)).toEqual(['0.041 ms', '1.8 ms', '212 ms']);
  });

  it('show other numbers with 4 significant digits', () => {
    expect([0.123456, 65, -0.005].map(numberText)).toEqual(['0.1235', '65', '\u22120.005']);
  });
});
