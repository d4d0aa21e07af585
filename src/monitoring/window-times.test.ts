import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, parseTimeMs } from '#kernel';
import { nameWindow, windowAround, windowFrom } from './window-times.ts';

test('windows follow one another without gaps, each moment in one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 41 }), fc.integer({ min: HOUR_MS, max: 400 * DAY_MS }), (momentMs, windowMs) => {
      const { fromMs, toMs } = windowAround(momentMs, windowMs);
      expect(fromMs <= momentMs && momentMs < toMs).toBe(true);
      expect(windowAround(toMs, windowMs).fromMs).toBe(toMs);
      expect(windowFrom(fromMs + 1, windowMs).fromMs).toBe(toMs);
      expect(windowFrom(fromMs, windowMs).fromMs).toBe(fromMs);
    }),
  );
});

test('windows are named by length and end', () => {
  const toMs = parseTimeMs('2001-03-15');
  const named = (lengthMs: number, endMs = toMs): string => nameWindow({ fromMs: endMs - lengthMs, toMs: endMs });

  expect(named(7 * DAY_MS)).toBe('the week to 2001-03-15');
  expect(named(30 * DAY_MS)).toBe('the 30 days to 2001-03-15');
  expect(named(36 * HOUR_MS, toMs + 12 * HOUR_MS)).toBe('the 1 d 12 h to 2001-03-15T12:00');
});
