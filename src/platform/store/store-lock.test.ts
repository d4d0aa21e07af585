import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import { lockStore, readConnection, storeLayout } from '#platform/store';

const root = mkdtempSync(join(tmpdir(), 'gyre-store-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(root, 'store-'));
const owner = { pid: process.pid, nowMs: 1000 };

const refusalOf = (folder: string) => {
  try {
    lockStore(folder, owner).release();
    return undefined;
  } catch (error) {
    return isGyreError(error) ? error : undefined;
  }
};

describe('the lock of a store folder', () => {
  test('makes the folder with its layout', () => {
    const folder = join(fresh(), 'deep', 'er');
    const lock = lockStore(folder, owner);
    expect(readdirSync(folder).sort()).toEqual([
      'audit',
      'blobs',
      'connection.json',
      'database',
      'format.json',
      'lock.db',
      'run',
    ]);
    expect(statSync(lock.layout.connectionFile).mode & 0o777).toBe(0o600);
    lock.release();
    lock.release();
    expect(readConnection(storeLayout(folder).connectionFile)).toBeUndefined();
  });

  test('refuses a second owner and names the first with its port', () => {
    const folder = fresh();
    const lock = lockStore(folder, owner);
    expect(refusalOf(folder)?.message).toContain(`the process ${String(process.pid)}`);
    lock.publish({ url: 'http://127.0.0.1:4973', port: 4973 });
    const refusal = refusalOf(folder);
    expect([refusal?.code, refusal?.kind]).toEqual(['store/locked', 'conflict']);
    expect(refusal?.message).toContain('port 4973');
    expect(readConnection(lock.layout.connectionFile)).toEqual({
      pid: process.pid,
      startedAtMs: 1000,
      url: 'http://127.0.0.1:4973',
      port: 4973,
    });
    lock.release();
    expect(refusalOf(folder)).toBeUndefined();
  });

  test('holds against another process, and ends with it, even by kill', async () => {
    const folder = fresh();
    const text = `import { lockStore } from '#platform/store'; lockStore(${JSON.stringify(folder)}, { pid: process.pid, nowMs: 1 }); console.log('locked'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--conditions=source', '--input-type=module-typescript', '-e', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const refusal = refusalOf(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(refusal?.message).toContain(`the process ${String(child.pid)}`);
    expect(refusalOf(folder)).toBeUndefined();
  });

  test('refuses a folder of a newer format, and one whose format cannot be read', () => {
    const folder = fresh();
    lockStore(folder, owner).release();
    const { formatFile } = storeLayout(folder);
    expect(JSON.parse(readFileSync(formatFile, 'utf8'))).toEqual({ format: 1 });
    writeFileSync(formatFile, '{"format":2}');
    expect(refusalOf(folder)?.code).toBe('store/newer-format');
    writeFileSync(formatFile, '');
    expect(refusalOf(folder)?.code).toBe('store/bad-format');
    writeFileSync(formatFile, '{"format":1}');
    expect(refusalOf(folder)).toBeUndefined();
  });
});
