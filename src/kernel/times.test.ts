import { describe, expect, test } from 'vitest';
import { isGyreError } from './errors.ts';
import { parseTimeMs } from './times.ts';

describe('a time from outside', () => {
  test.each([
    ['2020-02-29', Date.UTC(2020, 1, 29)],
    ['2020-01-31T23:59:59Z', Date.UTC(2020, 0, 31, 23, 59, 59)],
    ['2020-01-01t00:00z', Date.UTC(2020, 0, 1)],
    ['2020-01-01 00:00:00+05:30', Date.UTC(2019, 11, 31, 18, 30)],
    ['2020-01-01T00:00:00.123999Z', Date.UTC(2020, 0, 1) + 123],
  ])('%s is read', (text, timeMs) => {
    expect(parseTimeMs(text)).toBe(timeMs);
  });

  test.each([
    '2020-02-30',
    '2021-02-29T00:00:00Z',
    '2020-04-31T10:00Z',
    '2020-13-01',
    '2020-01-00',
    '2020-01-01T24:00:00Z',
    '2020-01-01T00:60:00Z',
    '2020-01-01T00:00:60Z',
    '2020-01-01T00:00:00',
    '2020-01-01T00:00:00+24:00',
    '20200101',
    'now',
    '',
  ])('"%s" is refused', (text) => {
    let failure: unknown;
    try {
      parseTimeMs(text);
    } catch (error) {
      failure = error;
    }

    expect(isGyreError(failure, 'kernel/bad-time')).toBe(true);
  });
});
