import { afterAll, beforeAll, expect, test } from 'vitest';
import { aFile, aRegistration, digestOf, openRegistry, type RegistryBench } from './registry.fixtures.ts';

let bench: RegistryBench;
beforeAll(async () => {
  bench = await openRegistry();
});
afterAll(() => bench.close());

test('versions are numbered per model without gaps and keep what they were made from', async () => {
  const parts = { projectId: 'numbers', evaluationId: 'e1', frameDigest: digestOf('frame') };
  const datasets = [{ name: 'customers', digest: digestOf('data') }];
  const [first, second, other] = await bench.write(async (tx) => [
    await bench.registry.registerVersion(tx, aRegistration({ ...parts, datasets })),
    await bench.registry.registerVersion(tx, aRegistration({ ...parts, runId: 'run-2' })),
    await bench.registry.registerVersion(tx, aRegistration({ ...parts, model: 'Churn of old, v2' })),
  ]);
  expect([first.number, second.number, other.number]).toEqual([1, 2, 1]);
  expect(first).toMatchObject({
    model: 'churn',
    digest: digestOf('model'),
    evaluationId: 'e1',
    frameDigest: digestOf('frame'),
    datasets,
    files: [aFile()],
    aliases: [],
  });
  const models = await bench.read((tx) => bench.registry.listModels(tx, 'numbers'));
  expect(models.map((model) => [model.name, model.lastNumber, model.description])).toEqual([
    ['Churn of old, v2', 1, ''],
    ['churn', 2, 'Who leaves'],
  ]);
});

test('the same model, digest and run again gives the version there is, and is neither told nor audited again', async () => {
  const first = await bench.write((tx) => bench.registry.registerVersion(tx, aRegistration({ projectId: 'twice' })));
  const [told, audited] = [bench.told.length, bench.audited.length];
  const again = await bench.write((tx) =>
    bench.registry.registerVersion(tx, aRegistration({ projectId: 'twice', files: [aFile('other.json')] })),
  );
  expect(again).toEqual(first);
  expect([bench.told.length, bench.audited.length]).toEqual([told, audited]);
});

test('a version is told and audited with its digests', async () => {
  const version = await bench.write((tx) => bench.registry.registerVersion(tx, aRegistration({ projectId: 'audited' })));
  expect(bench.told.at(-1)).toMatchObject({ topic: 'registry.version-registered', entityId: version.id, data: { number: 1 } });
  expect(bench.audited.at(-1)).toMatchObject({
    actor: 'service:pipeline',
    action: 'registry.register-version',
    resource: 'model-version:churn:1',
    data: { digest: digestOf('model'), runId: 'run-1' },
  });
});

test('a file can be added once; other bytes under its path are refused', async () => {
  const { id } = await bench.write((tx) => bench.registry.registerVersion(tx, aRegistration({ projectId: 'files' })));
  const onnx = { ...aFile('model.onnx'), actor: 'service:pipeline' };
  const version = await bench.write((tx) => bench.registry.addFile(tx, id, onnx));
  expect(version.files.map((file) => file.path)).toEqual(['model.json', 'model.onnx']);
  const told = bench.told.length;
  expect(await bench.write((tx) => bench.registry.addFile(tx, id, onnx))).toEqual(version);
  expect(bench.told.length).toBe(told);
  const other = bench.write((tx) => bench.registry.addFile(tx, id, { ...onnx, digest: digestOf('other') }));
  await expect(other).rejects.toMatchObject({ code: 'registry/file-differs' });
});

test('names out of form, versions without files and unknown ones are refused by name', async () => {
  const register = (parts: Parameters<typeof aRegistration>[0]) =>
    bench.write((tx) => bench.registry.registerVersion(tx, aRegistration({ projectId: 'refused', ...parts })));
  for (const model of ['', ' ', 'a/b', 'a:b', 'x'.repeat(251), 'a\nb']) {
    await expect(register({ model }), model).rejects.toMatchObject({ code: 'registry/bad-name' });
  }
  for (const path of ['', '../x', '/x', 'a\\b', 'a//b']) {
    await expect(register({ files: [aFile(path)] }), path).rejects.toMatchObject({ code: 'registry/bad-name' });
  }
  await expect(register({ files: [] })).rejects.toMatchObject({ code: 'registry/no-file' });
  expect(await bench.read((tx) => bench.registry.listModels(tx, 'refused'))).toEqual([]);
  await register({});
  const find = (key: { model: string; number: number }) =>
    bench.read((tx) => bench.registry.findVersionByNumber(tx, { projectId: 'refused', ...key }));
  await expect(find({ model: 'chrun', number: 1 })).rejects.toThrow('did you mean "churn"?');
  await expect(find({ model: 'churn', number: 2 })).rejects.toThrow('its newest is 1');
  await expect(bench.read((tx) => bench.registry.findVersion(tx, 'x'))).rejects.toMatchObject({
    code: 'registry/version-not-found',
  });
});

test('versions are listed newest first, page by page, while others are registered', async () => {
  const register = (run: number) =>
    bench.write((tx) => bench.registry.registerVersion(tx, aRegistration({ projectId: 'pages', runId: `run-${String(run)}` })));
  for (let run = 1; run <= 5; run += 1) await register(run);
  const list = (query: { limit?: number; cursor?: string }) =>
    bench.read((tx) => bench.registry.listVersions(tx, { projectId: 'pages', model: 'churn', ...query }));
  const first = await list({ limit: 3 });
  await register(6);
  const second = await list({ limit: 3, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...second.items].map((version) => version.number)).toEqual([5, 4, 3, 2, 1]);
  expect(second.nextCursor).toBeUndefined();
  await expect(list({ limit: 0 })).rejects.toMatchObject({ code: 'registry/bad-query' });
  await expect(list({ cursor: 'x' })).rejects.toMatchObject({ code: 'kernel/bad-cursor' });
});

test('the routes show models and versions and give the bytes of a file', async () => {
  await bench.write((tx) => bench.registry.registerVersion(tx, aRegistration({ projectId: 'routes' })));
  const params = { project: 'routes', model: 'churn', number: '1' };
  expect((await bench.call('registry.getVersion', { params })).body).toMatchObject({ number: 1, files: [aFile()] });
  expect((await bench.call('registry.listVersions', { params })).body).toMatchObject({ items: [{ number: 1 }] });
  expect((await bench.call('registry.listModels', { params })).body).toMatchObject({ items: [{ name: 'churn', lastNumber: 1 }] });
  expect((await bench.call('registry.getModel', { params })).body).toMatchObject({ model: { lastNumber: 1 }, aliases: [] });
  const file = await bench.call('registry.downloadFile', { params, query: { path: 'model.json' } });
  const chunks: (string | Uint8Array)[] = [];
  for await (const chunk of file.stream ?? []) chunks.push(chunk);
  expect(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString()).toBe('model.json');
  expect(file.headers).toMatchObject({ 'content-length': '10', etag: `"${digestOf('model.json')}"` });
  const missing = bench.call('registry.downloadFile', { params, query: { path: '../secret' } });
  await expect(missing).rejects.toMatchObject({ code: 'registry/file-not-found' });
});
