/** A server as its operator meets it: started, asked, locked out, told to stop, killed. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type GyreProcess, gyre, gyreUp, spawnGyre } from '../fixtures/gyre-process.ts';

const root = mkdtempSync(join(tmpdir(), 'gyre-up-'));
const running: GyreProcess[] = [];
let count = 0;

function freshFolder(): string {
  count += 1;
  return join(root, `store-${String(count)}`);
}

async function up(folder: string) {
  const process = await gyreUp(folder);
  running.push(process);
  return process;
}

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('gyre up', () => {
  test('answers, can be found by its folder, and ends with 0 when it is told to', async () => {
    const folder = freshFolder();
    const server = await up(folder);
    const health = await fetch(`${server.url}/health`);
    const status = await gyre(['status', '--data', folder, '--json']);
    const who = await gyre(['whoami', '--data', folder]);
    server.child.kill('SIGTERM');

    expect(await health.json()).toMatchObject({ status: 'ready' });
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, url: server.url, status: 'ready' });
    expect(who.stdout).toContain('local-owner');
    expect((await server.ended).code).toBe(0);
    expect((await gyre(['status', '--data', folder, '--json'])).code).toBe(9);
  });

  test('keeps its files to its user', async () => {
    const folder = freshFolder();
    await up(folder);

    expect(statSync(join(folder, 'connection.json')).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'connection.json'), 'utf8'))).toMatchObject({ pid: running[0]?.child.pid });
  });

  test('refuses a folder that another server has, by its process and port, with exit code 5', async () => {
    const folder = freshFolder();
    const server = await up(folder);
    const second = await gyre(['up', '--port', '0', '--data', folder]);

    expect(second.code).toBe(5);
    expect(second.stderr).toContain('[store/locked]');
    expect(second.stderr).toContain(new URL(server.url).port);
    expect(second.stderr).not.toContain('    at ');
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  test('says which port is taken, with exit code 5, and gives its folder back', async () => {
    const folder = freshFolder();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const refused = await gyre(['up', '--port', String(port), '--data', folder]);
    taken.close();

    expect(refused.code).toBe(5);
    expect(refused.stderr).toMatch(new RegExp(`port ${String(port)} .*taken`));
    expect(refused.stderr).toContain('--port N');
    expect((await up(folder)).url).toContain('http://127.0.0.1:');
  });

  test('says why a folder cannot hold a store', async () => {
    const path = join(root, 'file');
    writeFileSync(path, '');
    const refused = await gyre(['up', '--port', '0', '--data', join(path, 'store')]);

    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('[main/unusable-folder]');
    expect(refused.stderr).toContain('--data DIR');
  });

  test('says that the disk is full, with exit code 9, and starts when there is room again', async (context) => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    const mount = (size: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder]).status === 0;
    context.skip(!mount('size=300k'), 'needs the right to mount a small disk');
    try {
      const refused = await gyre(['up', '--port', '0', '--data', join(folder, 'store')]);
      expect(refused.code).toBe(9);
      expect(refused.stderr).toMatch(/full/);
      expect(mount('remount,size=30m')).toBe(true);
      const server = await up(join(folder, 'store'));
      server.child.kill('SIGTERM');
      expect((await server.ended).code).toBe(0);
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  });

  test('listens on loopback only', async () => {
    const refused = await gyre(['up', '--host', '0.0.0.0', '--port', '0', '--data', freshFolder()]);

    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('[access/needs-sign-in]');
  });

  test('ends event streams and finishes when it drains', async () => {
    const server = await up(freshFolder());
    const stream = await fetch(`${server.url}/api/v1/events`);
    const text = stream.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.child.kill('SIGINT');

    expect(await text).toContain('event: ready');
    expect((await server.ended).code).toBe(0);
  });

  test('starts again on what a kill left behind', async () => {
    const folder = freshFolder();
    const killed = await up(folder);
    await fetch(`${killed.url}/api/v1/projects/kept`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'gyre: 1\nproject: kept\n' }),
    });
    killed.child.kill('SIGKILL');
    await killed.ended;
    const doctor = await gyre(['doctor', '--data', folder, '--json']);
    const again = await up(folder);
    const projects: unknown = await (await fetch(`${again.url}/api/v1/projects`)).json();

    expect(doctor.code).toBe(0);
    expect(projects).toMatchObject({ items: [{ name: 'kept' }] });
  });

  test('ends at once at the second signal', async () => {
    const server = spawnGyre(['up', '--port', '0', '--data', freshFolder(), '--json']);
    running.push(server);
    await server.firstLine;
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    const { code } = await server.ended;

    // The first may already have done the work.
    expect([0, 143]).toContain(code);
  });
});

describe('a command without a running server', () => {
  test('starts one on the store and stops it after, under the lock', async () => {
    const folder = freshFolder();
    const server = await up(folder);
    server.child.kill('SIGTERM');
    await server.ended;
    const who = await gyre(['whoami', '--data', folder, '--json']);
    const again = await gyre(['whoami', '--data', folder, '--json']);

    expect([who.code, again.code]).toEqual([0, 0]);
    expect(JSON.parse(who.stdout)).toMatchObject({ principal: 'local-owner', mode: 'local' });
  });

  test('makes no store where there is none', async () => {
    const { code, stderr } = await gyre(['whoami', '--data', freshFolder()]);

    expect(code).toBe(9);
    expect(stderr).toContain('gyre up');
  });

  test('says with --json what went wrong as a problem document', async () => {
    const { code, stdout, stderr } = await gyre(['whoami', '--server', 'http://127.0.0.1:9', '--json']);

    expect(code).toBe(9);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ code: 'cli/unreachable', retryable: true });
  });
});

describe('gyre doctor', () => {
  test('sees a store whose bytes were changed, with exit code 1', async () => {
    const folder = freshFolder();
    const server = await up(folder);
    server.child.kill('SIGTERM');
    await server.ended;
    const path = join(folder, 'database', 'gyre.db');
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(4096 * 3, 0x5a), 0, 4096 * 3, 4096);
    closeSync(file);
    const { code, stdout } = await gyre(['doctor', '--data', folder]);

    expect(code).toBe(1);
    expect(stdout).toContain('■');
  });
});
