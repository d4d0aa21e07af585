/** Inference requests and targets that no model can take: each is refused with a word, and the endpoint goes on answering. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { JSON_TYPE } from '../fixtures/door.ts';
import { rawRequest, sendRaw } from '../fixtures/raw-http.ts';
import { startTestServer, type TestServer } from '../fixtures/server.ts';
import { openShop, SHOP, SHOP_ENDPOINT, SHOP_INPUTS, type ShopInput, turnOfShop } from '../fixtures/shop.ts';

const PATH = `/v2/models/${SHOP_ENDPOINT}/infer`;

describe('an endpoint', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    await openShop(server.client);
    const turn = await turnOfShop(server.client);
    const deployments = [{ version: turn.challenger?.version ?? 0 }];
    await server.client.serving.deploy({ project: SHOP, endpoint: SHOP_ENDPOINT, body: { deployments } });
    for (let tries = 0; tries < 100 && (await infer(request())).status !== 200; tries += 1) await sleep(50);
  });

  afterEach(async () => {
    expect((await infer(request())).status).toBe(200);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  afterAll(async () => {
    await server.close();
  });

  async function infer(body: unknown): Promise<{ readonly status: number; readonly text: string }> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${server.url}${PATH}`, { method: 'POST', headers: JSON_TYPE, body: text });
    return { status: response.status, text: await response.text() };
  }

  test.each<[string, unknown, RegExp]>([
    ['no inputs', {}, /inputs/],
    ['an empty list of inputs', { inputs: [] }, /inputs/],
    ['a missing column', { inputs: SHOP_INPUTS.slice(1) }, /shop/],
    ['a column twice', request([{ name: 'amount', datatype: 'FP64', shape: [1], data: [1] }]), /amount/],
    ['a column that there is not', request([{ name: 'amuont', datatype: 'FP64', shape: [1], data: [1] }]), /amuont/],
    ['a text for a number', request([], { amount: { datatype: 'BYTES', data: ['ten'] } }), /amount/],
    ['a number that no number is', request([], { amount: { datatype: 'FP64', data: ['NaN'] } }), /NaN/],
    ['a number for a category', request([], { shop: { datatype: 'FP64', data: [1.5] } }), /shop/],
    ['an object for a number', request([], { amount: { datatype: 'FP64', data: [{}] } }), /amount/],
    ['more values than the shape says', request([], { amount: { datatype: 'FP64', data: [1, 2] } }), /amount/],
    ['a shape of billions', request([], { amount: { datatype: 'FP64', shape: [4e9, 4e9], data: [1] } }), /amount/],
    ['a negative shape', request([], { amount: { datatype: 'FP64', shape: [-1], data: [1] } }), /amount/],
    ['a shape of words', request([], { amount: { datatype: 'FP64', shape: ['1'], data: [1] } }), /amount/],
    ['a datatype that there is not', request([], { amount: { datatype: 'FP13', data: [1] } }), /FP13/],
    ['a datatype out of its range', request([], { amount: { datatype: 'INT8', data: [300] } }), /300/],
    [
      'an int64 beyond 2^53',
      raw(`{"name":"amount","datatype":"INT64","shape":[1],"data":[9007199254740993]}`),
      /9007199254740993/,
    ],
    ['a number beyond a double', raw(`{"name":"amount","datatype":"FP64","shape":[1],"data":[1e400]}`), /amount/],
    ['NaN, which JSON has not', raw(`{"name":"amount","datatype":"FP64","shape":[1],"data":[NaN]}`), /JSON/],
    ['a time without a zone', request([], { at: { datatype: 'BYTES', data: ['2020-03-02T00:00:00'] } }), /at/],
    ['a day that does not exist', request([], { at: { datatype: 'BYTES', data: ['2020-02-30T00:00:00Z'] } }), /at/],
    [
      'a nested value of great depth',
      raw(`{"name":"amount","datatype":"FP64","shape":[1],"data":[${'['.repeat(200_000)}${']'.repeat(200_000)}]}`),
      /./,
    ],
    ['an output that there is not', { ...request(), outputs: [{ name: 'wisdom' }] }, /wisdom/],
    ['an id that is no text', { ...request(), id: { a: 1 } }, /id/],
    ['a poisoned key', '{"__proto__":{"inputs":[]}}', /inputs/],
    ['half a body', '{"inputs":[{"name":"shop"', /JSON/],
    ['no body', '', /./],
    ['a list', '[]', /./],
    ['bytes that are no text', '\u0000\u0001', /JSON/],
  ])('refuses %s', async (_what, body, words) => {
    const { status, text } = await infer(body);

    expect(status, text).toBe(400);
    expect(errorOf(text)).toMatch(words);
    expect(text).not.toMatch(/\n\s+at |\.ts:\d+/);
  });

  test('refuses a body over its limit, announced or not', async () => {
    const body = `{"inputs":"${'x'.repeat(50_000_000)}"}`;
    const chunks = new Blob([body]).stream();
    const announced = await infer(body);
    const streamed = fetch(`${server.url}${PATH}`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: chunks,
      duplex: 'half',
    } as RequestInit);

    expect(announced.status).toBe(413);
    // The rest of the body may meet a closed connection before the answer is read.
    expect(
      await streamed.then(
        ({ status }) => status,
        () => 413,
      ),
    ).toBe(413);
  });

  test('answers a category that it never saw, and a value that is missing', async () => {
    const unseen = await infer(request([], { shop: { datatype: 'BYTES', data: ['moon'] } }));
    const missing = await infer(request([], { amount: { datatype: 'FP64', data: [null] } }));

    expect([unseen.status, missing.status], missing.text).toEqual([200, 200]);
  });

  test('says which method it has', async () => {
    const { status, text } = await sendRaw(server.url, [rawRequest(`PUT ${PATH}`)]);

    expect(status).toBe(405);
    expect(text).toMatch(/allow: POST/i);
  });

  test('says that there is no such version to deploy', async () => {
    const deploy = server.client.serving.deploy({
      project: SHOP,
      endpoint: SHOP_ENDPOINT,
      body: { deployments: [{ version: 99 }] },
    });

    await expect(deploy).rejects.toMatchObject({ status: 404 });
    await expect(deploy).rejects.toThrow('99');
  });
});

describe('a target of one class', () => {
  test('fails the run, the step and the turn with its reason, and leaves the server well', async () => {
    const server = await startTestServer();
    await openShop(server.client, () => 0);
    const turn = await turnOfShop(server.client);
    const runs = (await server.client.tracking.listRuns({ project: SHOP })).items;
    const pipeline = await server.client.pipelines.getRun({ project: SHOP, run: String(turn.pipelineRun) });
    const models = await server.client.registry.listModels({ project: SHOP });
    const listed = await server.client.loops.listTurns({ project: SHOP });
    const health = await fetch(`${server.url}/health`);
    const again = await turnOfShop(server.client);
    await server.close();

    expect(turn.outcome).toBe('failed');
    const stage = turn.stages.find((candidate) => candidate.stage === 'training');
    expect([stage?.verdict, stage?.text]).toEqual(['fail', expect.stringContaining('both classes are needed')]);
    expect(listed.items.at(-1)?.reason).toContain('both classes are needed');
    expect(runs.map((run) => run.state)).toEqual(runs.map(() => 'failed'));
    const step = pipeline.steps.find(({ name }) => name === 'train');
    expect(step).toMatchObject({ state: 'failed', error: { code: 'training/one-class' } });
    expect(step?.error?.message).toContain('label 0');
    expect(models.items).toEqual([]);
    expect(health.status).toBe(200);
    expect([again.number, again.outcome]).toEqual([2, 'failed']);
  });
});

/** The protocol's own form of an error, and nothing beside it. */
function errorOf(text: string): unknown {
  const body: unknown = JSON.parse(text);
  expect(Object.keys(Object(body) as object)).toEqual(['error']);
  return Reflect.get(Object(body) as object, 'error');
}

/** A good request, with inputs that come on top and members of inputs that differ. */
function request(more: readonly ShopInput[] = [], changes: Readonly<Record<string, object>> = {}) {
  const inputs = [...SHOP_INPUTS.map((input) => ({ ...input, ...changes[input.name] })), ...more];
  return { inputs };
}

/** A good request whose "amount" is this text: for numbers that `JSON.stringify` cannot write. */
function raw(amount: string): string {
  const others = SHOP_INPUTS.filter(({ name }) => name !== 'amount').map((input) => JSON.stringify(input));
  return `{"inputs":[${[...others, amount].join(',')}]}`;
}
