import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aModel, aServingHouse, get, type JsonAnswer, loaded, post, type ServingHouse } from './serving.fixtures.ts';

const versions = [loaded(aModel(0)), loaded(aModel(0.5))];
const [first] = versions;
let house: ServingHouse;

beforeEach(async () => {
  house = await aServingHouse(
    { people: { model: 'm', trafficKey: 'person', rollout: { steps: [50, 100], bake: '1h' } } },
    versions,
  );
});

afterEach(() => house.close());

const path = (rest: string) => `${house.url}/api/v1/projects/p${rest}`;

async function put(rest: string, body: unknown): Promise<JsonAnswer> {
  const response = await fetch(path(rest), {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, body: (await response.json()) as JsonAnswer['body'] };
}

const converged = () => house.until(async () => (await get(path('/endpoints/people'))).body['converged'] === true);

describe('the routes of endpoints', () => {
  test('list what the project file declares before anything is deployed', async () => {
    expect((await get(path('/endpoints'))).body).toEqual({
      items: [
        {
          name: 'people',
          model: 'm',
          trafficKey: 'person',
          inferPath: '/v2/models/people/infer',
          revision: 0,
          desired: [],
          observed: { revision: 0, deployments: [] },
          converged: true,
        },
      ],
    });
    expect((await get(path('/endpoints/nobody'))).status).toBe(404);
  });

  test('deploy a version at once, and tell what answers', async () => {
    const deployed = await put('/endpoints/people/desired', { deployments: [{ version: 1 }], reason: 'first try' });
    expect(deployed.status).toBe(200);
    await converged();

    expect((await get(path('/endpoints/people'))).body).toMatchObject({
      revision: 1,
      desired: [{ name: 'v1', version: 1, weight: 100, modelDigest: first?.digest }],
      observed: { revision: 1, deployments: [{ name: 'v1', servedDigest: first?.digest, requests: 0, latencyP99Ms: 'NaN' }] },
    });
  });

  test('refuse deployments that contradict each other, and versions that are not there', async () => {
    const two = await put('/endpoints/people/desired', { deployments: [{ version: 1 }, { version: 2 }] });

    expect(two.status).toBe(400);
    expect(two.body['code']).toBe('serving/bad-deployments');
    expect((await put('/endpoints/people/desired', { deployments: [{ version: 9 }] })).status).toBe(404);
    expect((await put('/endpoints/people/desired', { deployments: [{ version: 'x' }] })).status).toBe(400);
  });

  test('list the latest predictions, newest first', async () => {
    await put('/endpoints/people/desired', { deployments: [{ version: 1 }] });
    await converged();
    for (const person of ['ann', 'bob', 'cat']) {
      const inputs = [
        { name: 'age', shape: [1], datatype: 'FP32', data: [null] },
        { name: 'colour', shape: [1], datatype: 'BYTES', data: ['blue'] },
        { name: 'person', shape: [1], datatype: 'BYTES', data: [person] },
      ];
      await post(`${house.url}/v2/models/people/infer`, { id: `r-${person}`, inputs });
    }

    const { body } = await get(path('/endpoints/people/predictions?limit=2'));
    expect(body).toMatchObject({
      lost: 0,
      items: [
        {
          id: 'cat',
          requestId: 'r-cat',
          deployment: 'v1',
          modelDigest: first?.digest,
          shadow: false,
          inputs: { age: null, colour: 'blue' },
        },
        { id: 'bob' },
      ],
    });
  });
});

describe('the routes of rollouts', () => {
  test('start, show and decide one', async () => {
    await put('/endpoints/people/desired', { deployments: [{ version: 1 }] });
    await converged();
    const started = await post(path('/endpoints/people/rollouts'), { version: 2 });
    expect(started.status).toBe(201);
    const id = String(started.body['id']);
    await house.until(async () => (await get(path(`/rollouts/${id}`))).body['phase'] === 'baking');
    expect((await get(path('/endpoints/people'))).body['openRollout']).toBe(id);
    expect((await put('/endpoints/people/desired', { deployments: [{ version: 1 }] })).body['code']).toBe('serving/rollout-open');
    const decided = await post(path(`/rollouts/${id}/decisions`), { verb: 'promote', reason: 'sure' });
    expect(decided.status).toBe(202);
    await house.until(async () => (await get(path(`/rollouts/${id}`))).body['phase'] === 'ended');

    const listed = (await get(path('/rollouts?endpoint=people'))).body['items'] as readonly JsonAnswer['body'][];
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ id, outcome: 'promoted', servedDigest: versions[1]?.digest });
    const late = await post(path(`/rollouts/${id}/decisions`), { verb: 'abort', reason: 'too late' });
    expect([late.status, late.body['code']]).toEqual([409, 'serving/rollout-ended']);
  });

  test('say that there is none of an id', async () => {
    expect((await get(path('/rollouts/none'))).body['code']).toBe('serving/rollout-not-found');
    expect((await post(path('/rollouts/none/decisions'), { verb: 'abort', reason: 'x' })).status).toBe(404);
  });
});
