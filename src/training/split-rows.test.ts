import { describe, expect, test } from 'vitest';
import type { Frame } from '#kernel';
import { splitRows } from './split-rows.ts';

const at = Float64Array.from({ length: 10 }, (_, row) => row * 10);
const frame: Frame = {
  nRows: 10,
  columns: [
    { kind: 'float64', name: 'at', values: at },
    { kind: 'levels', name: 'text', values: new Int32Array(10), levels: ['x'] },
  ],
};
const labels = Float32Array.from(at, (_, row) => (row === 4 ? Number.NaN : row % 2));

describe('rows are divided', () => {
  test('by time, each part with its begin and without its end, unlabelled rows left out and counted', () => {
    const parts = splitRows({ frame, labels }, { kind: 'time', column: 'at', trainFrom: 10, validationFrom: 50, end: 80 }, 7);

    expect([...parts.trainRows]).toEqual([1, 2, 3]);
    expect([...parts.validationRows]).toEqual([5, 6, 7]);
    expect(parts.unlabelledCount).toBe(1);
  });

  test('by chance, from the seed alone', () => {
    const parts = [7, 7, 8].map((seed) => splitRows({ frame, labels }, { kind: 'shuffled', validationShare: 0.5 }, seed));

    expect(parts[0]).toEqual(parts[1]);
    expect(parts[0]).not.toEqual(parts[2]);
    expect((parts[0]?.trainRows.length ?? 0) + (parts[0]?.validationRows.length ?? 0)).toBe(9);
  });

  test('not by text, not backwards, and not into nothing', () => {
    const split = (rule: Parameters<typeof splitRows>[1]) => () => splitRows({ frame, labels }, rule, 7);

    expect(split({ kind: 'time', column: 'text', validationFrom: 1, end: 2 })).toThrow('holds text');
    expect(split({ kind: 'time', column: 'at', validationFrom: 3, end: 2 })).toThrow('not in order');
    expect(split({ kind: 'time', column: 'gone', validationFrom: 1, end: 2 })).toThrow('no column "gone"');
    expect(split({ kind: 'shuffled', validationShare: 1 })).toThrow('validationShare is 1');
  });
});
