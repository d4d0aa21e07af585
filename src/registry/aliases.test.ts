import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AliasRequest } from './model-version.ts';
import { aRegistration, digestOf, openRegistry, type RegistryBench } from './registry.fixtures.ts';

let bench: RegistryBench;
beforeAll(async () => {
  bench = await openRegistry();
});
afterAll(() => bench.close());

/** Registers versions 1 to n whose digests are those of the words `m1`, `m2`, … */
async function register(projectId: string, n: number): Promise<void> {
  await bench.write(async (tx) => {
    for (let i = 1; i <= n; i += 1) {
      await bench.registry.registerVersion(
        tx,
        aRegistration({ projectId, runId: `r${String(i)}`, digest: digestOf(`m${String(i)}`) }),
      );
    }
  });
}

const move = (projectId: string, to: number | undefined, parts: Partial<AliasRequest> = {}) =>
  bench.write((tx) =>
    bench.registry.moveAlias(tx, { projectId, model: 'churn', alias: 'champion', to, actor: 'ann', why: 'better', ...parts }),
  );
const key = (projectId: string) => ({ projectId, model: 'churn', alias: 'champion' });

test('an alias points where it was moved last, and its history tells who, when, from, to and why', async () => {
  await register('history', 2);
  expect(await bench.read((tx) => bench.registry.readAlias(tx, key('history')))).toMatchObject({ number: undefined, version: 0 });
  await move('history', 1);
  bench.clock.advance(5000);
  await move('history', 2, { actor: 'service:loop', why: 'turn 7 promoted it' });
  expect(await bench.read((tx) => bench.registry.versionByAlias(tx, key('history')))).toMatchObject({
    number: 2,
    aliases: ['champion'],
  });
  expect(await bench.read((tx) => bench.registry.aliasHistory(tx, { projectId: 'history', model: 'churn' }))).toEqual([
    {
      model: 'churn',
      alias: 'champion',
      version: 2,
      from: 1,
      to: 2,
      fromDigest: digestOf('m1'),
      toDigest: digestOf('m2'),
      actor: 'service:loop',
      why: 'turn 7 promoted it',
      movedAtMs: 1_005_000,
      businessAtMs: 2_005_000,
    },
    expect.objectContaining({ version: 1, from: undefined, to: 1, actor: 'ann', movedAtMs: 1_000_000 }),
  ]);
});

test('a move is told and audited with both digests; a move to where it is, is not', async () => {
  await register('told', 2);
  await move('told', 1);
  await move('told', 2);
  expect(bench.told.at(-1)).toMatchObject({ topic: 'registry.alias-moved', entityVersion: 2, data: { from: 1, to: 2 } });
  expect(bench.audited.at(-1)).toMatchObject({
    actor: 'ann',
    action: 'registry.move-alias',
    resource: 'alias:churn@champion',
    reason: 'better',
    data: { fromDigest: digestOf('m1'), digest: digestOf('m2') },
  });
  const before = [bench.told.length, bench.audited.length];
  expect(await move('told', 2)).toMatchObject({ number: 2, version: 2 });
  expect([bench.told.length, bench.audited.length]).toEqual(before);
});

test('of two who saw the same alias only the first moves it', async () => {
  await register('raced', 3);
  await move('raced', 1, { expectedVersion: 0 });
  await move('raced', 2, { expectedVersion: 1 });
  await expect(move('raced', 3, { expectedVersion: 1 })).rejects.toMatchObject({ code: 'registry/alias-moved' });
  expect(await bench.read((tx) => bench.registry.readAlias(tx, key('raced')))).toMatchObject({ number: 2, version: 2 });
});

test('an alias can be taken away and set again; an alias of a model that is not there points nowhere', async () => {
  await register('taken', 1);
  await move('taken', 1);
  expect(await move('taken', undefined)).toMatchObject({ number: undefined, version: 2 });
  expect(await bench.read((tx) => bench.registry.versionByAlias(tx, key('taken')))).toBeUndefined();
  expect(await move('taken', 1)).toMatchObject({ number: 1, version: 3 });
  expect(await bench.read((tx) => bench.registry.versionByAlias(tx, key('nowhere')))).toBeUndefined();
});

test('unknown versions and names that look like versions are refused by name', async () => {
  await register('refused', 1);
  await expect(move('refused', 2)).rejects.toMatchObject({ code: 'registry/version-not-found' });
  await expect(move('unknown', 1)).rejects.toMatchObject({ code: 'registry/model-not-found' });
  for (const alias of ['', 'latest', 'LATEST', '7', 'v7', 'a b', 'a/b', 'x'.repeat(251)]) {
    await expect(move('refused', 1, { alias }), alias).rejects.toMatchObject({ code: 'registry/bad-name' });
  }
});

test('whatever is moved, the alias is where the history ends, and each move begins where the one before ended', async () => {
  await register('any', 4);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }), { maxLength: 8 }),
      async (targets) => {
        for (const target of targets) await move('any', target);
        const history = await bench.read((tx) => bench.registry.aliasHistory(tx, { ...key('any') }));
        const alias = await bench.read((tx) => bench.registry.readAlias(tx, key('any')));
        expect(alias.number).toBe(history[0]?.to);
        expect(history.map((each) => each.version)).toEqual(history.map((_, i) => history.length - i));
        expect(history.map((each) => each.from)).toEqual(history.map((_, i) => history[i + 1]?.to));
      },
    ),
    { numRuns: 20 },
  );
});

test('by HTTP an alias is moved only with the ETag that was read', async () => {
  await register('http', 2);
  const params = { project: 'http', model: 'churn', alias: 'champion' };
  const read = await bench.call('registry.getAlias', { params });
  expect(read.headers).toEqual({ etag: '"0"' });
  const put = (headers: Readonly<Record<string, string>>, number: number | null) =>
    bench.call('registry.moveAlias', { params, headers, body: { number, why: 'by hand' } });
  await expect(put({}, 1)).rejects.toMatchObject({ kind: 'precondition-required' });
  await expect(put({ 'if-match': '*' }, 1)).rejects.toMatchObject({ kind: 'precondition-failed' });
  expect((await put({ 'if-match': '"0"' }, 1)).headers).toEqual({ etag: '"1"' });
  await expect(put({ 'if-match': '"0"' }, 2)).rejects.toMatchObject({ kind: 'precondition-failed' });
  expect((await put({ 'if-match': '"1"' }, null)).body).toMatchObject({ version: 2 });
  expect(bench.audited.at(-1)).toMatchObject({ actor: 'ann', requestId: 'request-1', reason: 'by hand' });
  const history = await bench.call('registry.getAliasHistory', { params, query: { alias: 'champion' } });
  expect(history.body).toMatchObject({
    items: [
      { version: 2, from: 1 },
      { version: 1, to: 1 },
    ],
  });
  const missing = bench.call('registry.getAlias', { params: { ...params, model: 'none' } });
  await expect(missing).rejects.toMatchObject({ code: 'registry/model-not-found' });
});
