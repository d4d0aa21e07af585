import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ALL_FAILPOINTS } from '../src/main/failpoints.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('every joint in the code is in the list that crash tests go through, and every listed one is in the code', () => {
  const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !/\.(test|contract|fixtures)\.ts$/.test(path));
  const used = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/(?:failpoint|\.hit)\('([a-z/-]+)'\)/g)].map((match) => match[1] ?? ''),
  );
  expect([...new Set(used)].sort()).toEqual([...ALL_FAILPOINTS].sort());
});
