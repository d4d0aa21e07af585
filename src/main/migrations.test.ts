import { expect, test } from 'vitest';
import { openAdapters } from './adapters.ts';
import { MIGRATION_RANGES } from './migrations.ts';
import { createSlices } from './slices.ts';

test('every slice numbers its migrations in its own range', async () => {
  const adapters = await openAdapters({ dataFolder: ':memory:', logLevel: 'error' });
  const slices = createSlices(adapters.platform, { serverUrl: () => '', codeRoot: undefined, programVersion: '0' });
  const numbers = slices.all.flatMap((slice) => (slice.migrations ?? []).map(({ number }) => ({ slice: slice.name, number })));
  const strange = numbers.filter(({ slice, number }) => {
    const [first, last] = MIGRATION_RANGES[slice] ?? [0, -1];
    return number < first || number > last;
  });
  await adapters.close();

  expect(numbers.length).toBeGreaterThan(3);
  expect(strange).toEqual([]);
});
