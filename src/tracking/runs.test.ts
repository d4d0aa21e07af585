import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOfBytes } from '#platform/digest';
import { aStart, openTracking, type TrackingBench } from './tracking.fixtures.ts';

let bench: TrackingBench;
beforeAll(async () => {
  bench = await openTracking();
});
afterAll(() => bench.close());

const digest = digestOfBytes('bytes');

test('runs are numbered per project without gaps, and experiments are made once by name', async () => {
  const numbers = await bench.write(async (tx) => {
    const a = await bench.tracking.startRun(tx, aStart({ projectId: 'numbers' }));
    const b = await bench.tracking.startRun(tx, aStart({ projectId: 'numbers', name: 'second' }));
    const c = await bench.tracking.startRun(tx, aStart({ projectId: 'others' }));
    return [a, b, c].map((run) => [run.number, run.name]);
  });
  expect(numbers).toEqual([
    [1, 'trial-1'],
    [2, 'second'],
    [1, 'trial-1'],
  ]);
  const experiments = await bench.read((tx) => bench.tracking.listExperiments(tx, 'numbers'));
  expect(experiments.map((experiment) => experiment.name)).toEqual(['churn']);
});

test('starting with a known key gives the run that has it, unchanged, and tells nothing again', async () => {
  const start = aStart({ key: 'turn/train/1', params: { depth: 5 } });
  const first = await bench.write((tx) => bench.tracking.startRun(tx, start));
  const told = bench.told.length;
  const again = await bench.write((tx) => bench.tracking.startRun(tx, { ...start, params: { depth: 6 } }));
  expect(again).toEqual(first);
  expect(again.params).toEqual({ depth: '5' });
  expect(bench.told.length).toBe(told);
});

test('a run keeps its params, tags, estimates, artifacts and inputs', async () => {
  const run = await bench.write(async (tx) => {
    const started = await bench.tracking.startRun(
      tx,
      aStart({ params: { rate: 0.1, early: true }, tags: { owner: 'ann', old: 'x' } }),
    );
    const estimate = { value: 0.8, low: Number.NaN, high: 0.9, level: 0.95, n: 100, method: 'delong' };
    await bench.tracking.logEstimates(tx, started.id, { roc_auc: { ...estimate, value: 0.1 } });
    await bench.tracking.logEstimates(tx, started.id, { roc_auc: estimate });
    await bench.tracking.setTags(tx, started.id, { owner: 'bob', old: undefined });
    await bench.tracking.addArtifact(tx, started.id, { path: 'model/model.json', digest, sizeBytes: 5 });
    const input = { kind: 'feature-frame', name: 'churn', digest };
    await bench.tracking.addInputs(tx, started.id, [input]);
    await bench.tracking.addInputs(tx, started.id, [input]);
    return bench.tracking.findRun(tx, started.id);
  });
  expect(run).toMatchObject({
    state: 'running',
    params: { rate: '0.1', early: 'true' },
    tags: { owner: 'bob' },
    estimates: { roc_auc: { value: 0.8, low: Number.NaN, high: 0.9, level: 0.95, n: 100, method: 'delong' } },
    artifacts: [{ path: 'model/model.json', digest, sizeBytes: 5 }],
    inputs: [{ kind: 'feature-frame', name: 'churn', digest }],
  });
});

test('a param never changes', async () => {
  const run = await bench.write((tx) => bench.tracking.startRun(tx, aStart({ params: { depth: 5 } })));
  await bench.write((tx) => bench.tracking.logParams(tx, run.id, { depth: '5', rounds: 9 }));
  const change = bench.write((tx) => bench.tracking.logParams(tx, run.id, { depth: 6 }));
  await expect(change).rejects.toMatchObject({ code: 'tracking/param-changed' });
});

test('a run ends once: the same end again changes nothing, another one is refused', async () => {
  const { id } = await bench.write((tx) => bench.tracking.startRun(tx, aStart()));
  bench.clock.advance(500);
  const failure = { code: 'training/out-of-memory', message: 'needs 2 GiB' };
  const ended = await bench.write((tx) => bench.tracking.finishRun(tx, id, { state: 'failed', failure }));
  expect(ended).toMatchObject({ state: 'failed', failure });
  expect((ended.endedAtMs ?? 0) - ended.startedAtMs).toBe(500);
  const told = bench.told.length;
  expect(await bench.write((tx) => bench.tracking.finishRun(tx, id, { state: 'failed', failure }))).toEqual(ended);
  expect(bench.told.length).toBe(told);
  const other = bench.write((tx) => bench.tracking.finishRun(tx, id, { state: 'done' }));
  await expect(other).rejects.toMatchObject({ code: 'tracking/run-ended' });
});

test('start and end are told to the log with the version of the run', async () => {
  const { id } = await bench.write((tx) => bench.tracking.startRun(tx, aStart()));
  await bench.write((tx) => bench.tracking.finishRun(tx, id, { state: 'done' }));
  const topics = bench.told.filter((event) => event.entityId === id).map((event) => [event.topic, event.entityVersion]);
  expect(topics).toEqual([
    ['tracking.run-started', 1],
    ['tracking.run-finished', 2],
  ]);
});

test('names and paths out of form are refused by name', async () => {
  const refusals: readonly [string, Promise<unknown>][] = [
    ['tracking/bad-name', bench.write((tx) => bench.tracking.startRun(tx, aStart({ experiment: '' })))],
    ['tracking/bad-name', bench.write((tx) => bench.tracking.startRun(tx, aStart({ name: 'a\u0000b' })))],
    ['tracking/bad-name', bench.write((tx) => bench.tracking.startRun(tx, aStart({ params: { ['x'.repeat(251)]: 1 } })))],
    ['tracking/too-long', bench.write((tx) => bench.tracking.startRun(tx, aStart({ tags: { note: 'x'.repeat(16_385) } })))],
    ['tracking/run-not-found', bench.write((tx) => bench.tracking.startRun(tx, aStart({ parentRunId: 'none' })))],
  ];
  for (const [code, refusal] of refusals) await expect(refusal).rejects.toMatchObject({ code });
  const { id } = await bench.write((tx) => bench.tracking.startRun(tx, aStart()));
  for (const path of ['', '/etc/passwd', '../up', 'a/../b', 'a//b', 'a\\b', './a', 'a/']) {
    const added = bench.write((tx) => bench.tracking.addArtifact(tx, id, { path, digest, sizeBytes: 1 }));
    await expect(added, path).rejects.toMatchObject({ code: 'tracking/bad-path' });
  }
});

test('the routes find a run by id and by number, and say so when there is none', async () => {
  const run = await bench.write((tx) => bench.tracking.startRun(tx, aStart({ projectId: 'routes' })));
  for (const name of [run.id, '1']) {
    const body = await bench.call('tracking.getRun', { params: { project: 'routes', run: name } });
    expect(body).toMatchObject({ id: run.id, number: 1, startedAt: '1970-01-01T00:16:40.500Z' });
  }
  for (const name of ['2', 'x', run.id.replace(/.$/, 'e')]) {
    const missing = bench.call('tracking.getRun', { params: { project: 'routes', run: name } });
    await expect(missing).rejects.toMatchObject({ code: 'tracking/run-not-found' });
  }
  const foreign = bench.call('tracking.getRun', { params: { project: 'p1', run: run.id } });
  await expect(foreign).rejects.toMatchObject({ code: 'tracking/run-not-found' });
  const list = await bench.call('tracking.listExperiments', { params: { project: 'routes' } });
  expect(list).toMatchObject({ items: [{ name: 'churn' }] });
});
