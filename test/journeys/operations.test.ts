/** A server under load, when its operator stops it, when it is killed, and when its disk is full: nothing acknowledged is lost. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { missingOf, prepareLoad, startLoad, tally, untilAcknowledged } from '../fixtures/append-load.ts';
import { type GyreProcess, gyre, gyreUp } from '../fixtures/gyre-process.ts';
import { startTestServer } from '../fixtures/server.ts';
import { openShop, SHOP, SHOP_ENDPOINT, SHOP_INPUTS, turnOfShop } from '../fixtures/shop.ts';

const root = mkdtempSync(join(tmpdir(), 'gyre-operations-'));
const running: GyreProcess[] = [];
const mounts: string[] = [];

async function up(folder: string) {
  const server = await gyreUp(folder);
  running.push(server);
  return server;
}

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  for (const mount of mounts.splice(0)) spawnSync('umount', [mount]);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('SIGTERM under load', () => {
  test('answers what is in hand, takes nothing more, ends with 0 and has kept what it acknowledged', async () => {
    const folder = join(root, 'drained');
    const server = await up(folder);
    await prepareLoad(server.url);
    const load = startLoad(server.url, { writers: 8, rowBytes: 100 });
    const path = '/api/v1/projects/load/datasets/events/files?format=csv&batch=upload';
    const upload = slowPost(`${server.url}${path}`, 'id,at,note\nupload,2020-01-01T00:00:00Z,slow\n');
    await untilAcknowledged(load, 40);
    server.child.kill('SIGTERM');
    await sleep(300);
    upload.finish();
    const status = await upload.status;
    const { code } = await server.ended;
    await load.ended;
    const again = await up(folder);
    const counts = await tally(again.url);

    expect([status, code]).toEqual([201, 0]);
    expect(load.acknowledged.length).toBeGreaterThanOrEqual(40);
    expect(counts).toMatchObject({ verified: true });
    // Every append was answered: what is there is what was acknowledged, and the one upload.
    expect(counts.batches - load.acknowledged.length).toBeLessThanOrEqual(1 + 8);
    expect(await missingOf(again.url, load, 100)).toEqual([]);
  });
});

describe('a server that closes', () => {
  test('answers an inference request whose body was still on its way', async () => {
    const server = await startTestServer();
    await openShop(server.client);
    const turn = await turnOfShop(server.client);
    const deployments = [{ version: turn.challenger?.version ?? 0 }];
    await server.client.serving.deploy({ project: SHOP, endpoint: SHOP_ENDPOINT, body: { deployments } });
    await untilReady(server.url);
    const call = slowPost(`${server.url}/v2/models/${SHOP_ENDPOINT}/infer`, JSON.stringify({ inputs: SHOP_INPUTS }));
    await sleep(200);
    const closing = server.close();
    await sleep(200);
    call.finish();

    expect(await call.status).toBe(200);
    await closing;
  });
});

describe('kill -9 under load', () => {
  test('loses nothing acknowledged, counts nothing twice, and the audit log verifies', async () => {
    const folder = join(root, 'killed');
    const server = await up(folder);
    await prepareLoad(server.url);
    const load = startLoad(server.url, { writers: 8, rowBytes: 100 });
    await untilAcknowledged(load, 100);
    server.child.kill('SIGKILL');
    await server.ended;
    await load.ended;
    const again = await up(folder);
    const counts = await tally(again.url);

    expect(load.acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(load.startedRuns.length).toBeGreaterThan(0);
    expect(counts).toMatchObject({ rows: counts.batches, verified: true });
    // Each writer had one append in flight at most.
    expect(counts.batches - load.acknowledged.length).toBeGreaterThanOrEqual(0);
    expect(counts.batches - load.acknowledged.length).toBeLessThanOrEqual(8);
    expect(await missingOf(again.url, load, 100)).toEqual([]);
    expect((await gyre(['audit', 'verify', '--data', folder])).code).toBe(0);
  });
});

const hasMounts = canMount();

describe.runIf(hasMounts)('a full disk (a file system of its own, which needs root)', () => {
  test('is named in the answer, loses nothing acknowledged, and is over when there is space again', async () => {
    const disk = mountDisk(24);
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(8 * 1024 ** 2));
    const server = await up(join(disk, 'store'));
    await prepareLoad(server.url);
    const load = startLoad(server.url, { writers: 4, rowBytes: 40_000 });
    await load.ended;
    const upload = await uploadOf(server.url, 12);
    const health = await fetch(`${server.url}/health`);
    rmSync(ballast);
    const after = startLoad(server.url, { name: 'later', writers: 1, rowBytes: 1000 });
    await untilAcknowledged(after, 1);
    after.stop();
    await after.ended;

    expect(load.refusals).toHaveLength(4);
    for (const { status, message } of load.refusals) expect([status, message]).toEqual([503, expect.stringMatching(/full/)]);
    expect([upload.status, await upload.text()]).toEqual([503, expect.stringContaining('full')]);
    expect(health.status).toBeLessThan(500);
    expect(load.acknowledged.length).toBeGreaterThan(4);
    expect(after.refusals).toEqual([]);
    expect(await missingOf(server.url, load, 40_000)).toEqual([]);
    expect(await tally(server.url)).toMatchObject({ verified: true });
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    const again = await up(join(disk, 'store'));
    expect(await missingOf(again.url, load, 40_000)).toEqual([]);
  });

  test('is named at the start, with exit code 9', async () => {
    const disk = mountDisk(1);
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=4096']);
    const { code, stderr } = await gyre(['up', '--port', '0', '--data', join(disk, 'store')]);

    expect(stderr).toMatch(/full/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(9);
  });
});

test.runIf(!hasMounts)('a full disk cannot be tried here: mounting a small file system needs root', () => {
  expect(hasMounts).toBe(false);
});

function canMount(): boolean {
  const folder = join(root, 'probe');
  mkdirSync(folder);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status !== 0) return false;
  return spawnSync('umount', [folder]).status === 0;
}

function mountDisk(sizeMiB: number): string {
  const folder = mkdtempSync(join(root, 'disk-'));
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(sizeMiB)}m`, 'tmpfs', folder]);
  mounts.push(folder);
  return folder;
}

/** Sends a file of some MiB. */
async function uploadOf(url: string, sizeMiB: number): Promise<Response> {
  const line = `x,2020-01-01T00:00:00Z,${'.'.repeat(1000)}\n`;
  const body = `id,at,note\n${line.repeat(sizeMiB * 1024)}`;
  return await fetch(`${url}/api/v1/projects/load/datasets/events/files?format=csv`, { method: 'POST', body });
}

/** Resolves when the endpoint answers with what was deployed. */
async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await fetch(`${url}/v2/models/${SHOP_ENDPOINT}/ready`)).ok) return;
    await sleep(50);
  }
}

/** A body whose second half comes when it is told. */
function slowPost(url: string, body: string): { readonly status: Promise<number>; finish(): void } {
  const half = Math.floor(body.length / 2);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(url, { method: 'POST', agent: false }, (response) => {
    response.resume();
    response.once('end', () => resolve(response.statusCode ?? 0));
  });
  sent.once('error', reject);
  sent.write(body.slice(0, half));
  return { status: promise, finish: () => void sent.end(body.slice(half)) };
}
