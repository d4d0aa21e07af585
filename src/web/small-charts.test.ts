import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaugeMarks, gaugeStand } from './gauge-scale.ts';
import { drawSpark, sparkSummary } from './spark-path.ts';

const BOX = { width: 100, height: 20, pad: 2 };
const estimate = (value: number, low: number, high: number) => ({ value, low, high, level: 0.95, n: 10, method: 'x' });
const points = (...values: readonly number[]) => values.map((value, index) => ({ label: String(index), value }));

describe('a gauge', () => {
  it('keeps value, interval and target inside and in order', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: -10, max: 10, noNaN: true }),
        (value, half, target) => {
          const marks = gaugeMarks(estimate(value, value - half, value + half), target);
          for (const mark of Object.values(marks)) expect(mark).toBeGreaterThanOrEqual(0);
          for (const mark of Object.values(marks)) expect(mark).toBeLessThanOrEqual(1);
          expect(marks.low).toBeLessThanOrEqual(marks.value + 1e-9);
          expect(marks.value).toBeLessThanOrEqual(marks.high + 1e-9);
        },
      ),
    );
  });

  it('is reached or missed only by the whole interval, in the direction of the metric', () => {
    expect(gaugeStand(estimate(0.7, 0.66, 0.74), 0.65, 'maximize')).toBe('reached');
    expect(gaugeStand(estimate(0.7, 0.64, 0.76), 0.65, 'maximize')).toBe('unclear');
    expect(gaugeStand(estimate(0.6, 0.58, 0.62), 0.65, 'maximize')).toBe('missed');
    expect(gaugeStand(estimate(0.6, 0.58, 0.62), 0.65, 'minimize')).toBe('reached');
    expect(gaugeStand(estimate(0.7, 0.66, 0.74), 0.65, 'minimize')).toBe('missed');
  });

  it('is unclear without an interval', () => {
    expect(gaugeStand(estimate(0.9, Number.NaN, Number.NaN), 0.65, 'maximize')).toBe('unclear');
  });
});

describe('a small line', () => {
  it('goes from left to right, high values up, with a gap where there is no number', () => {
    const { line, last, targetY } = drawSpark(points(0, 1, Number.NaN, 0.5), BOX, 1);

    expect(line).toBe('M2 18L34 2M98 10');
    expect(last).toEqual({ x: 98, y: 10 });
    expect(targetY).toBe(2);
  });

  it('draws one point at the right border, and nothing for none', () => {
    expect(drawSpark(points(5), BOX).last).toEqual({ x: 98, y: 18 });
    expect(drawSpark([], BOX)).toEqual({ line: '', band: '', targetY: undefined, last: undefined });
  });

  it('is told in a sentence', () => {
    expect(sparkSummary(points(0.61, 0.7, 0.873), 'week')).toBe('rises from 0.61 to 0.873 over 3 weeks');
    expect(sparkSummary(points(0.7, 0.6), 'week')).toBe('falls from 0.7 to 0.6 over 2 weeks');
    expect(sparkSummary(points(0.7, 0.7001), 'week')).toBe('stays near 0.7001 over 2 weeks');
    expect(sparkSummary([], 'week')).toBe('no week yet');
  });
});
