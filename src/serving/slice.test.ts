import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columnOf } from '#kernel';
import type { LoadedModel } from './model-runtime.ts';
import type { Rollout } from './rollout.ts';
import { aModel, aServingHouse, loaded, post, type ServingHouse } from './serving.fixtures.ts';

const first = loaded(aModel(0));
const second = loaded(aModel(0.5));
const broken: LoadedModel = { ...loaded(aModel(0.25)), predict: (_rows, _nRows, out) => void out.fill(Number.NaN) };
const failing: LoadedModel = {
  ...loaded(aModel(0.75)),
  // Answers while it is tried out without values, fails on real rows.
  predict: (rows, _nRows, out) => void out.fill(Number.isNaN(rows[0]) ? 0.5 : Number.NaN),
};
const versions = [first, second, broken, failing];
// A busy machine is slow on both sides: latency is judged in rollout-guards.test.ts.
const guards = { errorRateIncrease: 0.2, latencyP99Ms: 60_000 };
const rollout = { steps: [50, 100], bake: '1s', minimumRequests: 20, guards };

let house: ServingHouse;

beforeEach(async () => {
  house = await aServingHouse({ people: { model: 'm', trafficKey: 'person', rollout } }, versions);
});

afterEach(() => house.close());

const inputs = (person: string) => [
  { name: 'age', shape: [1], datatype: 'FP32', data: [1] },
  { name: 'colour', shape: [1], datatype: 'BYTES', data: ['red'] },
  { name: 'person', shape: [1], datatype: 'BYTES', data: [person] },
];
const ask = (person: string) => post(`${house.url}/v2/models/people/infer`, { inputs: inputs(person) });

async function askMany(count: number, from = 0): Promise<void> {
  for (let number = from; number < from + count; number += 1) await ask(`person-${String(number)}`);
}

function startRollout(version: number, key?: string): Promise<Rollout> {
  const keyed = key === undefined ? {} : { key };
  return house.platform.database.transaction((tx) =>
    house.slice.startRollout(tx, { projectId: 'p', endpoint: 'people', version, actor: 'ann', ...keyed }),
  );
}

async function reading(id: string): Promise<Rollout> {
  const found = await house.platform.database.read((tx) => house.slice.rollout(tx, id));
  if (found === undefined) throw new Error('no such rollout');
  return found;
}

const inPhase = (id: string, phase: string) => house.until(async () => (await reading(id)).phase === phase);

async function deployFirst(): Promise<void> {
  const { id } = await startRollout(1);
  await inPhase(id, 'ended');
}

describe('a first rollout', () => {
  test('serves the version and ends promoted with the digest that answers', async () => {
    const { id } = await startRollout(1);
    await inPhase(id, 'ended');

    expect(await reading(id)).toMatchObject({ outcome: 'promoted', servedDigest: first.digest, control: undefined });
    expect((await ask('ann')).body['parameters']).toEqual({ model_digest: first.digest, deployment: 'v1' });
  });

  test('of a model that cannot answer ends failed and serves nothing', async () => {
    const { id } = await startRollout(3);
    await inPhase(id, 'ended');

    expect((await reading(id)).outcome).toBe('failed');
    expect((await ask('ann')).status).toBe(404);
  });

  test('is the same when it is asked for twice by one key, and refused while another is open', async () => {
    const one = await startRollout(1, 'k');
    const again = await startRollout(1, 'k');

    expect(again.id).toBe(one.id);
    await inPhase(one.id, 'ended');
    const two = await startRollout(2);
    await expect(startRollout(2)).rejects.toMatchObject({ code: 'serving/rollout-open' });
    expect(two.control?.name).toBe('v1');
  });
});

describe('a rollout beside a control', () => {
  test('splits traffic by the key, bakes, and promotes on evidence', async () => {
    await deployFirst();
    const { id } = await startRollout(2);
    await inPhase(id, 'baking');
    await askMany(150);
    house.advance(1000);
    await inPhase(id, 'ended');

    const ended = await reading(id);
    expect(ended).toMatchObject({ outcome: 'promoted', servedDigest: second.digest });
    const errors = ended.decisions[0]?.reasons.find((reason) => reason.rule === 'errors');
    expect(errors?.verdict).toBe('pass');
    expect((await ask('ann')).body['model_version']).toBe('2');
  });

  test('gives a key the same version as long as weights do not move', async () => {
    await deployFirst();
    const { id } = await startRollout(2);
    await inPhase(id, 'baking');

    const versionsOf = async () =>
      Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(async (key) => (await ask(key)).body['model_version']));
    const once = await versionsOf();

    expect(await versionsOf()).toEqual(once);
    expect(new Set(once)).toEqual(new Set(['1', '2']));
  });

  test('rolls a failing version back by itself, proven by the digest', async () => {
    await deployFirst();
    const { id } = await startRollout(4);
    await inPhase(id, 'baking');
    await askMany(60);
    await inPhase(id, 'ended');

    const ended = await reading(id);
    expect(ended).toMatchObject({ outcome: 'rolled-back', servedDigest: first.digest });
    expect(ended.decisions.at(-1)?.action).toBe('roll back');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => ask(`later-${String(number)}`)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  });

  test('of a version that cannot answer leaves the control serving all along', async () => {
    await deployFirst();
    const { id } = await startRollout(3);
    await inPhase(id, 'ended');

    expect(await reading(id)).toMatchObject({ outcome: 'failed' });
    expect((await ask('ann')).body['model_version']).toBe('1');
  });

  test('is held when too few asked within its longest bake', async () => {
    await deployFirst();
    const { id } = await startRollout(2);
    await inPhase(id, 'baking');
    await askMany(4);
    house.advance(7000);
    await inPhase(id, 'ended');

    expect(await reading(id)).toMatchObject({ outcome: 'held', servedDigest: first.digest });
  });

  test('obeys a person, and tells so in the audit log', async () => {
    await deployFirst();
    const { id } = await startRollout(2);
    await inPhase(id, 'baking');
    await house.platform.database.transaction((tx) =>
      house.slice.signalRollout(tx, { rolloutId: id, verb: 'abort', actor: 'bob', reason: 'wrong data' }),
    );
    await inPhase(id, 'ended');

    expect(await reading(id)).toMatchObject({ outcome: 'aborted', servedDigest: first.digest });
    const entries = await house.platform.database.read((tx) =>
      house.platform.audit.read(tx, { resource: `rollout:${id}`, limit: 50 }),
    );
    expect(entries.map((entry) => `${entry.action} by ${entry.actor}`)).toEqual(
      expect.arrayContaining([
        'serving.start-rollout by ann',
        'serving.rollout-abort by bob',
        'serving.rollout-roll-back by bob',
      ]),
    );
    await expect(
      house.platform.database.transaction((tx) =>
        house.slice.signalRollout(tx, { rolloutId: id, verb: 'promote', actor: 'ann', reason: 'no' }),
      ),
    ).rejects.toMatchObject({ code: 'serving/rollout-ended' });
  });

  test('tells its end as one event', async () => {
    const { id } = await startRollout(1);
    await inPhase(id, 'ended');

    const events = await house.platform.database.read((tx) => house.platform.events.readAfter(tx, 0, 1000));
    const ends = events.filter((event) => event.topic === 'serving.rollout-ended');
    expect(ends.map((event) => event.data)).toEqual([
      { rollout: id, endpoint: 'people', outcome: 'promoted', version: 1, servedDigest: first.digest, turnId: null },
    ]);
  });
});

describe('an endpoint', () => {
  test('is observed as it is served, with its traffic', async () => {
    await deployFirst();
    await askMany(5);
    await house.until(async () => {
      const observed = await house.platform.database.read((tx) => house.slice.observed(tx, 'people'));
      return observed.deployments[0]?.requests === 5;
    });

    const observed = await house.platform.database.read((tx) => house.slice.observed(tx, 'people'));
    expect(observed.deployments[0]).toMatchObject({ name: 'v1', servedDigest: first.digest, errors: 0, rows: 5 });
    expect(observed.deployments[0]?.latency.p99Ms).toBeGreaterThan(0);
  });

  test('refuses weights that do not sum to 100', async () => {
    const deployment = { name: 'v1', model: 'm', version: 1, modelDigest: first.digest, weight: 50, shadow: false };
    const change = { projectId: 'p', endpoint: 'people', deployments: [deployment], actor: 'ann', reason: 'x' };

    await expect(house.platform.database.transaction((tx) => house.slice.setDesired(tx, change))).rejects.toMatchObject({
      code: 'serving/bad-deployments',
    });
  });

  test('belongs to one project', async () => {
    await deployFirst();
    const change = { projectId: 'q', endpoint: 'people', deployments: [], actor: 'ann', reason: 'x' };

    await expect(house.platform.database.transaction((tx) => house.slice.setDesired(tx, change))).rejects.toMatchObject({
      code: 'serving/endpoint-taken',
    });
  });

  test('lets a shadow score copies that only the log sees', async () => {
    const side = (model: LoadedModel, version: number, shadow: boolean) => ({
      name: `v${String(version)}`,
      model: 'm',
      version,
      modelDigest: model.digest,
      weight: shadow ? 0 : 100,
      shadow,
    });
    const deployments = [side(first, 1, false), side(second, 2, true)];
    await house.platform.database.transaction((tx) =>
      house.slice.setDesired(tx, { projectId: 'p', endpoint: 'people', deployments, actor: 'ann', reason: 'try' }),
    );
    await house.until(async () => (await ask('ann')).status === 200);
    await askMany(3);

    const frame = await house.slice.readPredictions({ projectId: 'p', endpoint: 'people', fromMs: 0, toMs: 1e15 });
    const shadows = [...columnOf(frame, 'shadow').values];
    expect(shadows.filter((shadow) => shadow === 1).length).toBe(shadows.length / 2);
  });
});

describe('logged predictions', () => {
  test('are read back by moment, with inputs, ids and digests', async () => {
    await deployFirst();
    await askMany(3);
    house.advance(10_000);

    const frame = await house.slice.readPredictions({ projectId: 'p', endpoint: 'people', fromMs: 1_000_000, toMs: 1_000_001 });
    const ids = columnOf(frame, 'id');
    const models = columnOf(frame, 'model');
    expect(frame.nRows).toBe(3);
    expect(ids.kind === 'levels' ? ids.levels : []).toEqual(['person-0', 'person-1', 'person-2']);
    expect(models.kind === 'levels' ? models.levels : []).toEqual([first.digest]);
    expect([...columnOf(frame, 'age').values]).toEqual([1, 1, 1]);
    expect(columnOf(frame, 'colour')).toMatchObject({ kind: 'levels', levels: ['red'] });
    expect([...columnOf(frame, 'score').values].every((score) => score > 0.5)).toBe(true);
    expect((await house.slice.readPredictions({ projectId: 'p', endpoint: 'people', fromMs: 0, toMs: 1 })).nRows).toBe(0);
  });
});
