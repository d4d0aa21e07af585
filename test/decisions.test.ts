import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const records = globSync('docs/adr/[0-9]*.md', { cwd: root }).sort();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const PARTS = ['## Context', '## Decision', '## Consequences', '## Enforced by'];

/** The files and folders that the last part of a record names. */
function enforcers(record: string): readonly string[] {
  const last = record.slice(record.indexOf('## Enforced by'));
  const quoted = [...last.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  return quoted.filter((text) => /^(src|test|docs|bin|scripts|bench)\/|^[.a-z][a-z.-]*\.json$/.test(text) && !text.includes('*'));
}

describe('decision records', () => {
  test('are numbered without a gap', () => {
    expect(records.length).toBeGreaterThan(20);
    expect(records.map((path) => Number(path.slice('docs/adr/'.length).slice(0, 4)))).toEqual(
      records.map((_path, index) => index + 1),
    );
  });

  test('have context, decision, consequences and what enforces them', () => {
    const incomplete = records.filter((path) => !PARTS.every((part) => read(path).includes(`${part}\n`)));

    expect(incomplete).toEqual([]);
  });

  test('stand in the list', () => {
    const list = read('docs/adr/README.md');

    expect(records.filter((path) => !list.includes(`(${path.slice('docs/adr/'.length)})`))).toEqual([]);
  });

  test('name only checks that exist', () => {
    const missing = records.flatMap((path) =>
      enforcers(read(path))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path}: ${target}`),
    );

    expect(missing).toEqual([]);
  });

  test('give every dependency of package.json its line', () => {
    // The form of package.json is npm's.
    const manifest = JSON.parse(read('package.json')) as Readonly<
      Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
    >;
    const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    const page = read('docs/adr/0003-dependencies.md');

    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
