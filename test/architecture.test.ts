import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { inspect } from './architecture/cruise.ts';
import { PLANTED } from './architecture/planted.ts';
import { RULES } from './architecture/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const planted = mkdtempSync(join(tmpdir(), 'gyre-architecture-'));

afterAll(() => rmSync(planted, { recursive: true, force: true }));

function plant(name: string, files: Readonly<Record<string, string>>): string {
  const tree = join(planted, name);
  mkdirSync(join(tree, 'src'), { recursive: true });
  writeFileSync(join(tree, 'package.json'), readFileSync(join(root, 'package.json')));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return tree;
}

describe('the import graph', () => {
  test('holds in the whole tree, and every file on disk was read', async () => {
    const onDisk = globSync('{src,test,bench,scripts}/**/*.{ts,tsx}', {
      cwd: root,
      exclude: ['test/architecture/planted/**'],
    }).sort();
    const folders = [...new Set(onDisk.map((path) => path.split('/')[0] ?? path))];

    const findings = await inspect(root, folders);

    const seen = new Set(findings.modules);
    expect(onDisk.filter((path) => !seen.has(path))).toEqual([]);
    expect(seen.size).toBeGreaterThanOrEqual(onDisk.length);
    expect(onDisk.length).toBeGreaterThan(20);
    const lines = findings.violations.map(({ rule, from, to, advice }) => `${rule}: ${from} -> ${to}\n    ${advice}`);
    expect(lines.join('\n')).toBe('');
  });

  test('refuses nothing in a small tree that keeps every rule', async () => {
    const tree = plant('clean', PLANTED['clean']?.files ?? {});

    const findings = await inspect(tree, ['src']);

    expect(findings.violations).toEqual([]);
    expect(findings.modules.length).toBe(Object.keys(PLANTED['clean']?.files ?? {}).length);
  });

  test('has a planted violation for every rule', () => {
    const ruleNames = RULES.map((rule) => rule.name ?? '').sort();

    expect(
      Object.keys(PLANTED)
        .filter((name) => name !== 'clean')
        .sort(),
    ).toEqual(ruleNames);
  });

  test('gives advice with every rule', () => {
    expect(RULES.filter((rule) => (rule.comment ?? '').length < 20)).toEqual([]);
  });
});

describe('a planted violation is caught by', () => {
  test.each(Object.keys(PLANTED).filter((name) => name !== 'clean'))('%s', async (name) => {
    const files = PLANTED[name]?.files ?? {};
    const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))];

    const findings = await inspect(plant(name, files), folders);

    expect(findings.violations.filter((violation) => violation.rule === name).map((violation) => violation.from)).toContain(
      PLANTED[name]?.culprit,
    );
  });
});
