import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { errorsPage, readErrorsCatalogue } from '../scripts/errors-catalogue.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'gyre-errors-'));
const catalogue = readErrorsCatalogue();
const listed = new Set(catalogue.listed.map((entry) => entry.code));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Prefixes of codes that belong to no folder of their own. */
const OTHER_PREFIXES = ['store'];

const roomNames = new Set(
  ['src', 'src/platform'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => entry.name)
      : [],
  ),
);

describe('error codes', () => {
  test('are read from the source at all', () => {
    expect(catalogue.used.length).toBeGreaterThan(5);
    expect(catalogue.listed.length).toBeGreaterThan(5);
  });

  test('given to an error are listed in the errors.ts of their room', () => {
    expect(catalogue.used.filter((use) => !listed.has(use.code)).map((use) => `${use.code} in ${use.file}`)).toEqual([]);
  });

  test('that are listed are used somewhere', () => {
    expect(
      catalogue.listed.filter((entry) => !catalogue.mentioned.has(entry.code)).map((entry) => `${entry.code} in ${entry.file}`),
    ).toEqual([]);
  });

  test('are listed once, begin with the name of a room and have a meaning', () => {
    const doubled = catalogue.listed.filter(
      (entry, index) => catalogue.listed.findIndex((other) => other.code === entry.code) !== index,
    );
    const strange = catalogue.listed.filter(
      (entry) => ![...roomNames, ...OTHER_PREFIXES].includes(entry.code.split('/')[0] ?? ''),
    );

    expect(doubled).toEqual([]);
    expect(strange).toEqual([]);
    expect(catalogue.listed.filter((entry) => entry.meaning.length < 8)).toEqual([]);
  });

  test('stand in docs/reference/errors.md, exactly these (npm run docs writes it)', () => {
    expect(readFileSync(join(root, 'docs/reference/errors.md'), 'utf8')).toBe(errorsPage(catalogue));
  });
});

describe('the reader of error codes', () => {
  test('sees a code that no list names, and a listed code that nothing uses', () => {
    mkdirSync(join(scratch, 'src/tracking'), { recursive: true });
    writeFileSync(
      join(scratch, 'src/tracking/errors.ts'),
      "export const trackingErrors = { 'tracking/forgotten': 'Nobody throws it' } as const;\n",
    );
    writeFileSync(
      join(scratch, 'src/tracking/run.ts'),
      "throw new GyreError({ kind: 'invalid', code: 'tracking/secret', message: 'm' });\n",
    );

    const planted = readErrorsCatalogue(scratch);

    expect(planted.used).toEqual([{ code: 'tracking/secret', kind: 'invalid', file: 'src/tracking/run.ts' }]);
    expect(planted.listed.map((entry) => entry.code)).toEqual(['tracking/forgotten']);
    expect(planted.mentioned.has('tracking/forgotten')).toBe(false);
  });
});
