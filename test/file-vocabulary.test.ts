import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ROOMS, SLICES } from './architecture/graph.ts';
import { FOLDERS, FORBIDDEN_WORDS, OTHER_FILES, TEST_INFIXES } from './architecture/vocabulary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync('src/**/*', { cwd: root, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length));

const forbiddenWords: ReadonlySet<string> = new Set(FORBIDDEN_WORDS);
const testInfixes: ReadonlySet<string> = new Set(TEST_INFIXES);

/** Says what is wrong with the name of a file below `src/`, or nothing. */
function nameProblem(path: string): string | undefined {
  const [, room = '', ...rest] = path.split('/');
  if (!ROOMS.some((known) => known.name === room)) return 'not a room of test/architecture/graph.ts';
  const name = rest.at(-1) ?? '';
  const folders = rest.slice(0, -1);
  const strangeFolder = SLICES.includes(room)
    ? folders.find((folder, index) => !isKnownFolder(folder, folders.slice(0, index)))
    : undefined;
  if (strangeFolder !== undefined) return `folder "${strangeFolder}" is not in test/architecture/vocabulary.ts`;
  if (OTHER_FILES.test(name)) return undefined;
  return sourceProblem(room, folders, name);
}

function isKnownFolder(folder: string, above: readonly string[]): boolean {
  return folder in FOLDERS || above.includes('ui');
}

function sourceProblem(room: string, folders: readonly string[], name: string): string | undefined {
  const match = /^([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([a-z]+))?\.(ts|tsx)$/.exec(name);
  if (match === null) return 'not kebab-case.ts';
  const [, stem = '', infix, extension] = match;
  if (infix !== undefined && !testInfixes.has(infix)) return `".${infix}." is not one of ${TEST_INFIXES.join(', ')}`;
  const isBrowser = room === 'web' || folders.includes('ui') || name === 'web.tsx';
  if (extension === 'tsx' && !isBrowser) return '.tsx outside the browser side';
  const word = stem.split('-').find((part) => forbiddenWords.has(part));
  return word === undefined ? undefined : `"${word}" does not say what the file is for`;
}

describe('files below src/', () => {
  test('are all there to be judged', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  test('are named by the closed vocabulary', () => {
    const problems = files.flatMap((path) => {
      const problem = nameProblem(path);
      return problem === undefined ? [] : [`${path}: ${problem}`];
    });

    expect(problems).toEqual([]);
  });

  test('in a migrations folder have numbers unique across the repository', () => {
    const numbers = files.filter((path) => path.includes('/migrations/')).flatMap((path) => /^\d{4}/.exec(basename(path)) ?? []);

    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });

  test('leave no note of unfinished work and switch no rule off', () => {
    const marks = new RegExp(
      [
        'TO' + 'DO',
        'FIX' + 'ME',
        'biome-' + 'ignore',
        'oxlint-' + 'disable',
        'eslint-' + 'disable',
        '@ts-' + '(ignore|nocheck|expect-error)',
      ].join('|'),
    );
    const marked = files
      .filter((path) => /\.(tsx?|css)$/.test(path))
      .filter((path) => marks.test(readFileSync(join(root, path), 'utf8')));

    expect(marked).toEqual([]);
  });
});

describe('the judge of names', () => {
  test.each([
    ['src/tracking/run-store.ts', undefined],
    ['src/tracking/run.fixtures.ts', undefined],
    ['src/tracking/ui/run-page.tsx', undefined],
    ['src/tracking/ui/plots/line.tsx', undefined],
    ['src/tracking/mlflow/routes.ts', undefined],
    ['src/tracking/migrations/0001-runs.ts', undefined],
    ['src/tracking/README.md', undefined],
  ])('lets %s pass', (path, expected) => {
    expect(nameProblem(path)).toBe(expected);
  });

  test.each([
    'src/tracking/utils.ts',
    'src/tracking/run-helpers.ts',
    'src/tracking/types.ts',
    'src/tracking/common/run.ts',
    'src/tracking/RunStore.ts',
    'src/tracking/run.mock.ts',
    'src/tracking/run.tsx',
    'src/lib/run.ts',
  ])('refuses %s', (path) => {
    expect(nameProblem(path)).toBeTypeOf('string');
  });
});
