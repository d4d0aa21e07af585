import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnOf } from '#kernel';
import {
  aDeployment,
  aModel,
  anEndpoint,
  aPlaneHouse,
  aRuntime,
  aSumModel,
  get,
  loaded,
  logistic,
  type PlaneHouse,
  post,
  scoresOf,
} from '../serving.fixtures.ts';

const people = loaded(aModel());
const later = loaded(aModel(1));
const sums = loaded(aSumModel(3));
let house: PlaneHouse;

beforeAll(async () => {
  house = await aPlaneHouse({ runtime: aRuntime([people, later, sums]) });
  await house.plane.apply({
    version: 1,
    endpoints: [
      anEndpoint([aDeployment(people)], { trafficKey: 'person' }),
      anEndpoint([aDeployment(sums, { name: 'v3', version: 3 })], { endpoint: 'sums' }),
    ],
  });
});

afterAll(() => house.close());

const infer = (body: unknown, endpoint = 'people') => post(`${house.url}/v2/models/${endpoint}/infer`, body);
const age = (...data: unknown[]) => ({ name: 'age', shape: [data.length], datatype: 'FP32', data });
const colour = (...data: unknown[]) => ({ name: 'colour', shape: [data.length], datatype: 'BYTES', data });

describe('the server of the inference protocol', () => {
  test('tells that it lives and is ready', async () => {
    expect(await get(`${house.url}/v2/health/live`)).toEqual({ status: 200, body: { live: true } });
    expect(await get(`${house.url}/v2/health/ready`)).toEqual({ status: 200, body: { ready: true } });
    expect((await get(`${house.url}/v2`)).body['name']).toBe('gyre');
    expect((await get(`${house.url}/v2/`)).body['name']).toBe('gyre');
    expect(await get(`${house.url}/v2/models`)).toEqual({ status: 200, body: { models: ['people', 'sums'] } });
  });

  test('describes a model by the inputs of its endpoint', async () => {
    const { body } = await get(`${house.url}/v2/models/people`);

    expect(body).toEqual({
      name: 'people',
      versions: ['1'],
      platform: 'gyre_compiled_js',
      inputs: [
        { name: 'age', datatype: 'FP32', shape: [-1] },
        { name: 'colour', datatype: 'BYTES', shape: [-1] },
        { name: 'person', datatype: 'BYTES', shape: [-1], parameters: { optional: true } },
      ],
      outputs: [{ name: 'probability', datatype: 'FP64', shape: [-1, 1] }],
    });
  });

  test('tells that a model and a version of it are ready', async () => {
    expect(await get(`${house.url}/v2/models/people/ready`)).toEqual({ status: 200, body: { name: 'people', ready: true } });
    expect((await get(`${house.url}/v2/models/people/versions/1/ready`)).status).toBe(200);
    expect((await get(`${house.url}/v2/models/people/versions/2/ready`)).status).toBe(404);
  });

  test('leaves other paths alone', async () => {
    expect((await fetch(`${house.url}/v2x`)).status).toBe(418);
    expect((await fetch(`${house.url}/api/v1`)).status).toBe(418);
  });

  test.each(['/v2/nothing', '/v2/models/people/infer/more', '/v2/models/people/versions/x/infer', '/v2/models/%zz'])(
    'says that %s leads nowhere',
    async (path) => {
      const { status, body } = await get(`${house.url}${path}`);

      expect(status).toBe(404);
      expect(body['error']).toBeTypeOf('string');
    },
  );

  test('names the method that works', async () => {
    const response = await fetch(`${house.url}/v2/models/people/infer`);

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await post(`${house.url}/v2/health/live`, {})).status).toBe(405);
  });
});

test('before the first snapshot a server is not ready, and says so to whoever asks', async () => {
  const early = await aPlaneHouse({});
  try {
    expect((await get(`${early.url}/v2/health/ready`)).status).toBe(503);
    expect((await get(`${early.url}/v2/health/live`)).status).toBe(200);
    expect((await post(`${early.url}/v2/models/people/infer`, { inputs: [age(1)] })).status).toBe(503);
    await early.plane.apply({ version: 1, endpoints: [] });
    expect((await post(`${early.url}/v2/models/people/infer`, { inputs: [age(1)] })).status).toBe(404);
    await early.plane.drain();
    expect((await get(`${early.url}/v2/health/ready`)).status).toBe(503);
  } finally {
    await early.close();
  }
});

test('a snapshot that cannot be loaded leaves what was served, and is tried again', async () => {
  const models = [people];
  const own = await aPlaneHouse({ runtime: { load: (digest) => aRuntime(models).load(digest) } });
  const ask = async () =>
    (await post(`${own.url}/v2/models/people/infer`, { inputs: [age(1), colour('red')] })).body['model_version'];
  try {
    await own.plane.apply({ version: 1, endpoints: [anEndpoint([aDeployment(people)])] });
    const second = anEndpoint([aDeployment(later, { name: 'v2', version: 2 })], { revision: 2 });
    await own.plane.apply({ version: 2, endpoints: [second] });
    expect(await ask()).toBe('1');
    expect(own.plane.report().endpoints[0]).toMatchObject({ revision: 1, failure: { revision: 2 } });
    models.push(later);
    await own.plane.apply({ version: 3, endpoints: [second] });
    expect(await ask()).toBe('2');
    expect(own.plane.report().endpoints[0]).toMatchObject({ revision: 2, failure: undefined });
    await own.plane.apply({ version: 2, endpoints: [] });
    expect(await ask()).toBe('2');
  } finally {
    await own.close();
  }
});

describe('an inference request', () => {
  test('is answered with the score, the version and the digest that answered', async () => {
    const { status, body } = await infer({ id: 'r-1', inputs: [age(2), colour('blue')] });

    expect(status).toBe(200);
    expect(body).toEqual({
      model_name: 'people',
      model_version: '1',
      id: 'r-1',
      parameters: { model_digest: people.digest, deployment: 'v1' },
      outputs: [{ name: 'probability', datatype: 'FP64', shape: [1, 1], data: [logistic(1)] }],
    });
  });

  test('may name a version', async () => {
    const named = await post(`${house.url}/v2/models/people/versions/1/infer`, { inputs: [age(2), colour('blue')] });

    expect(named.body['model_version']).toBe('1');
  });

  test('gets an id when it brings none, another each time', async () => {
    const first = await infer({ inputs: [age(1), colour('red')] });
    const second = await infer({ inputs: [age(1), colour('red')] });

    expect(first.body['id']).toMatch(/^[0-9a-z-]+$/);
    expect(first.body['id']).not.toBe(second.body['id']);
  });

  test('echoes an id of any characters', async () => {
    const id = 'ä"\\\u0001😀';

    expect((await infer({ id, inputs: [age(1), colour('red')] })).body['id']).toBe(id);
  });

  test('brings several rows, flat or nested', async () => {
    const flat = await infer({ inputs: [age(0, 1, 2), colour('red', 'red', 'blue')] });
    const nested = await infer({
      inputs: [
        { ...age(), shape: [3, 1], data: [[0], [1], [2]] },
        { ...colour(), shape: [3, 1], data: [['red'], ['red'], ['blue']] },
      ],
    });

    expect(scoresOf(flat)).toEqual([logistic(0), logistic(1), logistic(1)]);
    expect(nested.body['outputs']).toEqual(flat.body['outputs']);
  });

  test('of more rows than are scored at once keeps their order', async () => {
    const rows = Array.from({ length: 1000 }, (_, row) => row / 1000);

    const answer = await infer({ inputs: [age(...rows), colour(...rows.map(() => 'red'))] });

    expect(scoresOf(answer)).toEqual(rows.map((row) => logistic(Math.fround(row))));
  });

  test('too big to be read in the event loop is answered all the same', async () => {
    const rows = Array.from({ length: 5000 }, (_, row) => row / 4096);
    const shades = rows.map((_, row) => (row % 2 === 0 ? 'red' : 'blue'));
    const person = { name: 'person', shape: [5000], datatype: 'BYTES', data: rows.map((_, row) => `big-${String(row)}`) };

    const answer = await infer({ inputs: [age(...rows), colour(...shades), person] });
    expect(scoresOf(answer)).toEqual(rows.map((value, row) => logistic(row % 2 === 0 ? value : Math.fround(value - 1))));

    const long = 'x'.repeat(100_000);
    expect(scoresOf(await infer({ inputs: [age(1), colour(long)] }))).toEqual([logistic(1)]);
    const refused = await infer({ inputs: [age(...rows), colour(...shades.slice(1))] });
    expect([refused.status, String(refused.body['error'])]).toEqual([400, expect.stringContaining('4999 rows')]);
  });

  test('takes null as a missing value, and an unseen category', async () => {
    expect(scoresOf(await infer({ inputs: [age(null), colour(null)] }))).toEqual([0.5]);
    expect(scoresOf(await infer({ inputs: [age(1), colour('green')] }))).toEqual([logistic(1)]);
  });

  test('does not remember the values of the request before', async () => {
    await infer({ inputs: [age(1), colour('blue'), { name: 'person', shape: [1], datatype: 'BYTES', data: ['ann'] }] });
    await infer({ id: 'nobody', inputs: [age(1), colour('blue')] });
    await house.plane.flush();

    const ids = house.segments.flatMap(({ frame }) => {
      const column = columnOf(frame, 'id');
      return column.kind === 'levels' ? column.levels : [];
    });
    expect(ids).toContain('ann');
    expect(ids).toContain('nobody');
    expect(ids.filter((id) => id === 'ann')).toHaveLength(1);
  });

  test('of numbers alone may be one matrix', async () => {
    const matrix = { name: 'input', shape: [2, 3], datatype: 'FP32', data: [1, 2, 3, 0, 0, 1] };

    expect(scoresOf(await infer({ inputs: [matrix] }, 'sums'))).toEqual([logistic(6), logistic(1)]);
    expect(
      scoresOf(
        await infer(
          {
            inputs: [
              {
                ...matrix,
                data: [
                  [1, 2, 3],
                  [0, 0, 1],
                ],
              },
            ],
          },
          'sums',
        ),
      ),
    ).toEqual([logistic(6), logistic(1)]);
  });

  test('may choose outputs by name', async () => {
    const inputs = [age(2), colour('blue')];

    expect(scoresOf(await infer({ inputs, outputs: [{ name: 'probability' }] }))).toEqual([logistic(1)]);
    expect((await infer({ inputs, outputs: [{ name: 'probabilty' }] })).body['error']).toContain('did you mean "probability"');
    expect((await infer({ inputs, outputs: [{ name: 'probability' }, { name: 'probability' }] })).status).toBe(400);
  });

  test('of many rows that names no output is refused before anything is scored and logged', async () => {
    await house.plane.flush();
    const before = house.segments.length;
    const rows = Array.from({ length: 300 }, () => 1);
    const inputs = [age(...rows), colour(...rows.map(() => 'red'))];

    expect((await infer({ inputs, outputs: [{ name: 'probabilty' }] })).status).toBe(400);
    await house.plane.flush();
    expect(house.segments.length).toBe(before);
  });

  test('with a text of endless length is scored, and does not fill the log with it', async () => {
    expect((await infer({ inputs: [age(1), colour('y'.repeat(50_000))] })).status).toBe(200);
    await house.plane.flush();
    const logged = columnOf(house.segments.at(-1)?.frame ?? { nRows: 0, columns: [] }, 'colour');

    expect(logged.kind === 'levels' ? logged.levels : []).toContain('(other)');
    expect(logged.kind === 'levels' ? logged.levels.filter((level) => level.length > 1024) : []).toEqual([]);
  });

  test('carries parameters that are strings, numbers or booleans', async () => {
    const inputs = [{ ...age(2), parameters: { a: 'x' } }, colour('blue')];

    expect((await infer({ parameters: { trace: true, n: 1 }, inputs })).status).toBe(200);
    expect((await infer({ parameters: { trace: {} }, inputs })).status).toBe(400);
  });

  test('keeps whole numbers beyond 2^53 exact in a key', async () => {
    const text = `{"inputs":[{"name":"age","shape":[1],"datatype":"FP32","data":[1]},{"name":"colour","shape":[1],"datatype":"BYTES","data":["red"]},{"name":"person","shape":[1],"datatype":"INT64","data":[9007199254740993]}]}`;

    expect((await infer(text)).status).toBe(200);
    await house.plane.flush();

    const ids = house.segments.flatMap(({ frame }) => {
      const column = columnOf(frame, 'id');
      return column.kind === 'levels' ? column.levels : [];
    });
    expect(ids).toContain('9007199254740993');
  });
});

describe('a bad request is refused with 400 and a reason', () => {
  const good = [age(1), colour('red')];

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'not JSON'],
    ['empty', '', 'empty'],
    ['a list', '[]', 'JSON object'],
    ['without inputs', '{}', '"inputs"'],
    ['an input that is no object', { inputs: [1] }, 'inputs[0]'],
    ['an unnamed input', { inputs: [{ shape: [1], datatype: 'FP32', data: [1] }] }, '"name"'],
    ['an unknown input', { inputs: [...good, { ...age(1), name: 'aeg' }] }, 'did you mean "age"'],
    ['a missing input', { inputs: [age(1)] }, 'colour'],
    ['a doubled input', { inputs: [...good, age(1)] }, 'given twice'],
    ['no rows', { inputs: [age(), colour()] }, 'no rows'],
    ['unequal rows', { inputs: [age(1, 2), colour('red')] }, '1 rows'],
    ['a negative size', { inputs: [{ ...age(1), shape: [-1] }, colour('red')] }, '-1'],
    ['a broken size', { inputs: [{ ...age(1), shape: [1.5] }, colour('red')] }, '1.5'],
    ['a shape that overflows', { inputs: [{ ...age(1), shape: [4294967296, 4294967296] }, colour('red')] }, 'values'],
    ['too little data', { inputs: [{ ...age(1), shape: [2] }, colour('red', 'red')] }, 'asks for 2 values'],
    ['data that is no list', { inputs: [{ ...age(1), data: 1 }, colour('red')] }, '"data"'],
    ['data nested against the shape', { inputs: [{ ...age(1), shape: [2, 1], data: [[1], 2] }, colour('a', 'b')] }, 'nested'],
    ['two values a row', { inputs: [{ ...age(1, 2), shape: [1, 2] }, colour('red')] }, 'one value a row'],
    ['text for a number', { inputs: [age('x'), colour('red')] }, '"x"'],
    ['a number for text', { inputs: [age(1), { ...colour(1), datatype: 'FP32' }] }, 'BYTES'],
    ['a string of another type', { inputs: [age(1), colour(1)] }, 'string'],
    ['an unknown datatype', { inputs: [{ ...age(1), datatype: 'FLOAT' }, colour('red')] }, 'FLOAT'],
    ['a datatype without JSON form', { inputs: [{ ...age(1), datatype: 'FP16' }, colour('red')] }, 'no JSON form'],
    ['a number outside its datatype', { inputs: [{ ...age(300), datatype: 'UINT8' }, colour('red')] }, '255'],
    ['a fraction as a whole number', { inputs: [{ ...age(1.5), datatype: 'INT32' }, colour('red')] }, 'whole number'],
    ['a boolean as a number', { inputs: [age(true), colour('red')] }, 'true'],
    ['a number that float32 cannot hold', { inputs: [{ ...age(1e300), datatype: 'FP64' }, colour('red')] }, 'cannot hold'],
    [
      'infinity',
      '{"inputs":[{"name":"age","shape":[1],"datatype":"FP32","data":[1e999]},{"name":"colour","shape":[1],"datatype":"BYTES","data":["red"]}]}',
      'finite',
    ],
    ['NaN', '{"inputs":[{"name":"age","shape":[1],"datatype":"FP32","data":[NaN]}]}', 'not JSON'],
    [
      'a whole number that a double cannot hold',
      '{"inputs":[{"name":"age","shape":[1],"datatype":"INT64","data":[9007199254740993]},{"name":"colour","shape":[1],"datatype":"BYTES","data":["red"]}]}',
      '9007199254740993',
    ],
    ['an id that is no string', { id: 7, inputs: good }, '"id"'],
    ['deep nesting', `{"inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, ''],
    ['deep nesting beside INT64', `{"x":"INT64","inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, ''],
    [
      'a matrix for a model with categories',
      { inputs: [{ name: 'input', shape: [1, 2], datatype: 'FP32', data: [1, 2] }] },
      'unknown',
    ],
    ['too many rows', { inputs: [{ ...age(), shape: [10_001], data: Array.from({ length: 10_001 }, () => 1) }] }, 'too many'],
  ])('%s', async (_what, body, reason) => {
    const { status, body: answer } = await infer(body);

    expect(status).toBe(400);
    expect(Object.keys(answer)).toEqual(['error']);
    expect(String(answer['error'])).toContain(reason);
  });

  test('and 404 when nothing of that name is served', async () => {
    const { status, body } = await infer({ inputs: good }, 'peopel');

    expect(status).toBe(404);
    expect(body['error']).toContain('did you mean "people"');
  });

  test('and 415 when it brings binary tensors', async () => {
    const response = await fetch(`${house.url}/v2/models/people/infer`, {
      method: 'POST',
      body: '{}abcd',
      headers: { 'inference-header-content-length': '2' },
    });

    expect([response.status, await response.json()]).toEqual([415, { error: expect.stringContaining('as JSON') as string }]);
  });

  test('and 413 when the body is too large', async () => {
    const { status, body } = await infer(' '.repeat(5 * 1024 * 1024));

    expect(status).toBe(413);
    expect(body['error']).toContain('fewer rows');
  });
});
