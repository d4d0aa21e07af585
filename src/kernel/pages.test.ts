import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isGyreError } from './errors.ts';
import { decodeCursor, encodeCursor } from './pages.ts';

const keys = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null)), { maxLength: 5 });

test('a cursor gives back the key it was written from, in URL-safe letters', () => {
  fc.assert(
    fc.property(fc.string(), keys, (list, key) => {
      const cursor = encodeCursor(list, key);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(decodeCursor(list, cursor)).toEqual(key);
    }),
  );
});

test('a cursor of another list, and any other text, is refused by name', () => {
  const cursors = [encodeCursor('runs', [1]), '', '%', 'bm9wZQ', encodeCursor('x', [1]).slice(2), 'W10'];
  for (const cursor of cursors) {
    try {
      decodeCursor('models', cursor);
      expect.unreachable(cursor);
    } catch (error) {
      expect(isGyreError(error, 'kernel/bad-cursor'), cursor).toBe(true);
    }
  }
});
