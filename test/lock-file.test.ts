import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

interface LockEntry {
  readonly version?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8');
// The form of the file is npm's, lock file version 3.
const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockEntry>> };
const entries = Object.entries(packages).filter(([path]) => path !== '');

describe('the lock file', () => {
  test('pins every package', () => {
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(([, entry]) => entry.version === undefined).map(([path]) => path)).toEqual([]);
  });

  test('names the prebuilt packages of every platform, else npm ci refuses it (npm run lock adds them)', () => {
    const missing = entries.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );

    expect(missing).toEqual([]);
  });

  test('says for which platform a prebuilt package is, so that others skip it', () => {
    const prebuilt = entries.filter(
      ([path, entry]) => entry.optional === true && /(darwin|win32|linux|android|freebsd)-/.test(path),
    );

    expect(prebuilt.length).toBeGreaterThan(20);
    expect(prebuilt.filter(([, entry]) => entry.os === undefined || entry.cpu === undefined).map(([path]) => path)).toEqual([]);
  });

  test('takes packages from no registry in particular', () => {
    const hosts = entries.flatMap(([, entry]) => /^https?:\/\/([^/]+)/.exec(entry.resolved ?? '')?.[1] ?? []);

    expect(hosts).toEqual([]);
  });
});
