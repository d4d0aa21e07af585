import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDemo } from '#demo';
import { startTestServer, type TestServer } from '../fixtures/server.ts';

const PROJECT = 'flights';

/** One asked departure, as the Open Inference Protocol carries it. */
const REQUEST = {
  id: 'by-hand',
  inputs: [
    { name: 'origin', datatype: 'BYTES', shape: [1, 1], data: ['ORD'] },
    { name: 'destination', datatype: 'BYTES', shape: [1, 1], data: ['DEN'] },
    { name: 'distance', datatype: 'FP64', shape: [1, 1], data: [888] },
    { name: 'local_hour', datatype: 'FP64', shape: [1, 1], data: [17] },
    { name: 'weekday', datatype: 'FP64', shape: [1, 1], data: [5] },
    { name: 'departed_at', datatype: 'INT64', shape: [1, 1], data: [Date.parse('2001-04-20T22:00:00Z')] },
  ],
};

describe('the loop on 5,000 flights', () => {
  let server: TestServer;
  const lines: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    const output = { note: (text: string) => lines.push(text), answer: (text: string) => lines.push(text) };
    await runDemo({ url: server.url, scale: 'tiny', output });
  }, 120_000);

  afterAll(async () => {
    await server.close();
  });

  it('cuts immutable versions, and sets broken rows aside with a reason', async () => {
    const { items } = await server.client.data.listVersions({ project: PROJECT, dataset: 'arrivals' });
    expect(items.length).toBeGreaterThan(0);
    for (const version of items) expect(version.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('makes every trial a run with parameters, metrics, inputs and a model', async () => {
    const { items } = await server.client.tracking.listRuns({ project: PROJECT });
    expect(items.map((run) => run.name)).toEqual(expect.arrayContaining(['flights-prior', 'flights-logistic', 'flights-gbt']));
    for (const run of items) expect(run.state).toBe('done');
  });

  it('judges the best of them on rows it never saw, with intervals, beside the baseline', async () => {
    const { items } = await server.client.evaluation.listEvaluations({ project: PROJECT });
    const first = items.at(-1);
    expect(first).toBeDefined();
    expect(JSON.stringify(first)).toContain('roc_auc');
  });

  it('ends the first turn promoted, with all seven stages and the digest that the endpoint answers with', async () => {
    const turn = await server.client.loops.getTurn({ project: PROJECT, turn: '1' });
    expect(turn.outcome).toBe('promoted');
    expect(turn.stages.map((stage) => stage.state)).toEqual(Array.from({ length: 7 }, () => 'done'));
    expect(turn.servedDigest).toBe(turn.challenger?.digest);
  });

  it('registers the version with its ONNX file and the alias champion', async () => {
    const { items } = await server.client.registry.listVersions({ project: PROJECT, model: PROJECT });
    const files = items.at(-1)?.files.map((file) => file.path);
    expect(files).toEqual(expect.arrayContaining(['model.json', 'model.onnx']));
    const alias = await server.client.registry.getAlias({ project: PROJECT, model: PROJECT, alias: 'champion' });
    expect(alias).toMatchObject({ alias: 'champion' });
  });

  it('answers over the Open Inference Protocol, and echoes the id', async () => {
    const response = await fetch(`${server.url}/v2/models/flights/infer`, { method: 'POST', body: JSON.stringify(REQUEST) });
    const answer: unknown = await response.json();
    expect(response.status).toBe(200);
    expect(answer).toMatchObject({ id: 'by-hand', model_name: 'flights', outputs: [{ name: 'probability', shape: [1, 1] }] });
  });

  it('answers a request without an input, with an unseen airport and with a wrong type by words', async () => {
    const ask = async (change: (inputs: typeof REQUEST.inputs) => unknown) => {
      const body = JSON.stringify({ inputs: change(structuredClone(REQUEST.inputs)) });
      const response = await fetch(`${server.url}/v2/models/flights/infer`, { method: 'POST', body });
      return { status: response.status, text: await response.text() };
    };
    const missing = await ask((inputs) => inputs.slice(1));
    expect([missing.status, missing.text.includes('origin')]).toEqual([400, true]);
    const unseen = await ask((inputs) => inputs.map((input) => (input.name === 'origin' ? { ...input, data: ['QQQ'] } : input)));
    expect(unseen.status).toBe(200);
    const wrong = await ask((inputs) => inputs.map((input) => (input.name === 'distance' ? { ...input, data: ['far'] } : input)));
    expect([wrong.status, wrong.text.includes('distance')]).toEqual([400, true]);
  });

  it('joins late outcomes to the predictions, and says how many are in', async () => {
    const home = await server.client.loops.home();
    expect(home.rows[0]).toMatchObject({ endpoint: 'flights', model: 'flights' });
    expect(home.rows[0]?.requests).toBeGreaterThan(0);
  });

  it('leaves an audit chain that verifies, and explains a turn from stored facts', async () => {
    const audit = await server.client.governance.verifyAudit();
    expect(audit.verified).toBe(true);
    expect(audit.entries).toBeGreaterThan(20);
    const why = await server.client.governance.why({ project: PROJECT, subject: '1' });
    expect(why.lines.map((line) => line.text).join('\n')).toMatch(/gate \(pass\)/);
    const model = await server.client.governance.why({ project: PROJECT, subject: 'flights@champion' });
    expect(Object.keys(model.digests)).toEqual(
      expect.arrayContaining(['model', 'training table', 'dataset arrivals', 'model.onnx']),
    );
  });

  it('tells the whole story in its summary', () => {
    const text = lines.join('\n');
    for (const word of ['turn 1', 'requests', 'chain verified', '/p/flights/turns/1']) expect(text).toContain(word);
  });
});
