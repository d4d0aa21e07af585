import { describe, expect, test } from 'vitest';
import { makeRequestReader } from '../input-columns.ts';
import { readRequest } from './read-call.ts';

const reader = () =>
  makeRequestReader(
    { name: 'e', inputs: [{ name: 'left', kind: 'time', storage: 'float64', required: true }], takesMatrix: false },
    4,
  );

function timesOf(datatype: string, ...data: readonly unknown[]): readonly number[] {
  const body = { inputs: [{ name: 'left', shape: [data.length], datatype, data }] };
  const read = readRequest(JSON.stringify(body), reader());
  return [...(read.columns[0]?.values ?? [])].slice(0, read.nRows);
}

describe('a time in a request', () => {
  test('is RFC 3339 text or milliseconds since 1970, and may be missing', () => {
    expect(timesOf('BYTES', '1970-01-02', null, '1970-01-01T02:00:00+01:00')).toEqual([86_400_000, Number.NaN, 3_600_000]);
    expect(timesOf('INT64', 0, -1)).toEqual([0, -1]);
    expect(timesOf('FP64', 8.64e15, null)).toEqual([8.64e15, Number.NaN]);
  });

  test('that has no date is refused: a prediction logged at it could never be shown', () => {
    expect(() => timesOf('FP64', 1e300)).toThrow('100 million days');
    expect(() => timesOf('FP64', -8.64e15 - 1)).toThrow('100 million days');
    expect(() => timesOf('BYTES', '2001-02-30')).toThrow('not a time');
    expect(() => timesOf('BYTES', '2001-02-03T04:05:06')).toThrow('not a time');
  });
});
