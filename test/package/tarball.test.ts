import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyRepository, installIn, runIn, startIn } from './packed.fixtures.ts';

const scratch = mkdtempSync(join(tmpdir(), 'gyre-package-'));
const copy = join(scratch, 'copy');
const empty = join(scratch, 'empty');
const installed = join(empty, 'node_modules/gyre');

/** The version that the lock file names, so that the package brings what was tested. */
function pinned(name: string): string {
  // The form of package.json is npm's.
  const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  return `${name}@${manifest.devDependencies[name] ?? 'latest'}`;
}

beforeAll(async () => {
  copyRepository(copy);
  await runIn(copy, ['npm', 'pack', '--silent', '--pack-destination', scratch]);
  const tarball = readdirSync(scratch).find((name) => name.endsWith('.tgz')) ?? 'none';
  await installIn(empty, [join(scratch, tarball), pinned('vega-datasets')]);
}, 240_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the published package', () => {
  test('holds JavaScript, declarations and screens, and no source or test', () => {
    const files = globSync('**/*', { cwd: installed, exclude: ['node_modules/**'] });

    expect(files).toEqual(
      expect.arrayContaining([
        'bin/gyre.mjs',
        'dist/main/cli.js',
        'dist/client/index.d.ts',
        'dist/web/index.html',
        'LICENSE',
        'NOTICE',
      ]),
    );
    expect(
      files.filter((path) => /^(src|test|bench|scripts|docs)(\/|$)|\.(test|fixtures|contract)\.|(?<!\.d)\.tsx?$/.test(path)),
    ).toEqual([]);
  });

  test('names no worker file that is not there', () => {
    const missing = globSync('dist/**/*.js', { cwd: installed, exclude: ['dist/web/**'] }).flatMap((path) => {
      const text = readFileSync(join(installed, path), 'utf8');
      const addresses = [...text.matchAll(/new URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g)].map((match) => match[1] ?? '');
      return addresses
        .filter((address) => !existsSync(join(installed, path, '..', address)))
        .map((address) => `${path}: ${address}`);
    });

    expect(missing).toEqual([]);
  });

  test('runs without the native inference engine', () => {
    expect(existsSync(join(empty, 'node_modules/onnxruntime-node'))).toBe(false);
  });

  test('starts a server that shows its screens, and stops when told to', async () => {
    const server = startIn(empty, [
      'node',
      join(installed, 'bin/gyre.mjs'),
      'up',
      '--port',
      '0',
      '--data',
      join(scratch, 'data'),
    ]);
    const url = await server.find(/(http:\/\/127\.0\.0\.1:\d+)/);

    const page = await (await fetch(url)).text();

    expect(page).toContain('<div id="root">');
    expect(await server.stop()).toBe(0);
  });

  test('takes the small demo once round the loop', async () => {
    const demo = ['npx', 'gyre', 'demo', '--scale', 'small', '--exit', '--port', '0', '--data', join(scratch, 'demo')] as const;

    expect(await runIn(empty, [...demo])).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  });
});
