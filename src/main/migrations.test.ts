import { expect, test } from 'vitest';
import type { Platform } from '#platform/slice';
import { MIGRATION_RANGES } from './migrations.ts';
import { createSlices } from './slices.ts';

test('every slice numbers its migrations in its own range', () => {
  // Making slices touches no port.
  const slices = createSlices({ scratchFolder: '/nowhere' } as unknown as Platform, {
    serverUrl: () => '',
    codeRoot: undefined,
    version: '0',
  });
  const numbers = slices.all.flatMap((slice) => (slice.migrations ?? []).map(({ number }) => ({ slice: slice.name, number })));
  const strange = numbers.filter(({ slice, number }) => {
    const [first, last] = MIGRATION_RANGES[slice] ?? [0, -1];
    return number < first || number > last;
  });

  expect(numbers.length).toBeGreaterThan(3);
  expect(strange).toEqual([]);
});
