import { connect } from 'node:net';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GyreError } from '#kernel';
import { bindRoute } from '#platform/http';
import { defineRoute, type ProblemBody } from '#platform/http/api';
import { aHost, rawCall } from './http-host.fixtures.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };

const failRoute = defineRoute({
  id: 'notes.fail',
  method: 'GET',
  path: '/api/v1/fail/:how',
  summary: 'Fails.',
  params: Type.Object({ how: Type.String() }, { additionalProperties: false }),
  answer: Type.Null(),
  authorize: { right: 'notes:read', scope: 'server' },
});

const streamRoute = defineRoute({
  id: 'notes.stream',
  method: 'GET',
  path: '/api/v1/stream',
  summary: 'Streams.',
  answer: Type.Null(),
  answerKind: 'bytes',
  authorize: { right: 'notes:read', scope: 'server' },
});

const fail = bindRoute(failRoute, async ({ params, signal }) => {
  if (params.how === 'defect') throw new TypeError('secret detail');
  if (params.how === 'off-contract') return { body: 'text' as unknown as null };
  if (params.how === 'slow') await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw new GyreError({ kind: 'conflict', code: 'notes/locked', message: 'note 7 is locked', help: 'unlock it' });
});

async function* words(): AsyncGenerator<string> {
  yield 'one ';
  yield 'two';
}

const stream = bindRoute(streamRoute, async () => ({ body: null, stream: words() }));

describe('the HTTP host', () => {
  let app: Awaited<ReturnType<typeof aHost>>;
  beforeAll(async () => {
    app = await aHost({ more: [fail, stream], handlerTimeoutMs: 150 });
  });
  afterAll(async () => {
    await app.close();
  });

  const post = async (body: string, headers: Record<string, string> = JSON_HEADERS) => {
    const response = await fetch(`${app.url}/api/v1/projects/churn/notes`, { method: 'POST', body, headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as ProblemBody };
  };

  test('answers with the status of the contract, request id, version and headers that let a browser do nothing', async () => {
    const { status, headers, body } = await post('{"title":"a"}');

    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'a' });
    expect(headers.get('request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get('gyre-version')).toBe('9.9.9');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('names an unknown field and the nearest known one', async () => {
    const { status, body, headers } = await post('{"titel":"a"}');

    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body.errors).toContainEqual({
      pointer: '/body/titel',
      code: 'http/unknown-field',
      detail: 'unknown field "titel"; did you mean "title"?',
    });
    expect(body.errors).toContainEqual({ pointer: '/body/title', code: 'http/invalid', detail: '"title" is missing' });
    expect(body.requestId).toBe(headers.get('request-id'));
  });

  test.each([
    ['{"title":"a","stars":"3"}', 'http/invalid', /"stars" must be integer; got "3"/],
    ['{"title":"a",}', 'http/bad-json', /line 1, column 14/],
    ['{"title":\n  nope}', 'http/bad-json', /line 2, column 3/],
    ['{"title":"a"', 'http/bad-json', /ends too early/],
    ['', 'http/invalid', /needs a JSON body/],
    ['{"__proto__":{"x":1},"title":"a"}', 'http/forbidden-key', /__proto__/],
    ['{"constructor":{"prototype":{}},"title":"a"}', 'http/forbidden-key', /prototype/],
    ['['.repeat(60) + ']'.repeat(60), 'http/json-too-deep', /40 levels/],
  ])('refuses %s by name', async (body, code, message) => {
    const answer = await post(body);

    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(code);
    expect(answer.body.detail).toMatch(message);
  });

  test('takes no content type that a form of another site can send', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ]) {
      const { status, body } = await post('{"title":"a"}', { 'content-type': type });

      expect([type, status, body.code]).toEqual([type, 415, 'http/unsupported-media-type']);
    }
  });

  test('refuses compressed bodies and other charsets', async () => {
    expect((await post('{}', { ...JSON_HEADERS, 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post('{}', { 'content-type': 'application/json; charset=latin1' })).status).toBe(415);
  });

  test('refuses a body over the limit, announced or not', async () => {
    const announced = await post(JSON.stringify({ title: 'x'.repeat(1024 * 1024) }));
    const streamed = await fetch(`${app.url}/api/v1/files/a`, {
      method: 'PUT',
      body: new ReadableStream({
        start: (controller) => {
          controller.enqueue(new Uint8Array(2000));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);

    expect([announced.status, announced.body.code]).toEqual([413, 'http/body-too-large']);
    expect(streamed.status).toBe(413);
  });

  test('hands bytes to a route as they come', async () => {
    const response = await fetch(`${app.url}/api/v1/files/a`, { method: 'PUT', body: new Uint8Array(999) });

    expect(await response.json()).toEqual({ sizeBytes: 999 });
  });

  test('coerces a query only as its schema says', async () => {
    const get = async (query: string): Promise<unknown> =>
      await (await fetch(`${app.url}/api/v1/projects/churn/notes?${query}`)).json();

    expect(await get('limit=10&full=true')).toEqual({ query: { limit: 10, full: true }, params: { project: 'churn' } });
    expect(await get('limit=ten')).toMatchObject({ status: 400, detail: 'query: "limit" must be integer; got "ten"' });
    expect(await get('limt=10')).toMatchObject({ status: 400, code: 'http/unknown-field' });
    expect(await get('limit=1&limit=2')).toMatchObject({ status: 400 });
    expect(await get('limit=1e999')).toMatchObject({ status: 400 });
  });

  test('tells 404 from 405, with the methods that a path has', async () => {
    const missing = await rawCall(`${app.url}/api/v1/nothing`);
    const wrong = await rawCall(`${app.url}/api/v1/projects/churn/notes`, { method: 'DELETE' });

    expect([missing.status, (JSON.parse(missing.text) as ProblemBody).code]).toEqual([404, 'http/not-found']);
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, POST']);
    expect((JSON.parse(wrong.text) as ProblemBody).code).toBe('http/method-not-allowed');
  });

  test('answers malformed paths, heads and requests with a problem, and goes on', async () => {
    expect((await rawCall(`${app.url}/api/v1/fail/%E0%A4%A`)).status).toBe(400);
    expect((await rawCall(`${app.url}/api/v1/fail/${'x'.repeat(600)}`)).status).toBeGreaterThanOrEqual(400);
    expect((await rawCall(app.url, { headers: { 'x-big': 'x'.repeat(20_000) } })).status).toBe(431);
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write('NOT HTTP\r\n\r\n'));
      socket.on('data', (data) => resolve(data.toString()));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/);
    expect((await post('{"title":"still there"}')).status).toBe(201);
  });

  test('writes a domain failure as it is, and of a defect only its request id', async () => {
    const known = (await (await fetch(`${app.url}/api/v1/fail/known`)).json()) as ProblemBody;
    const defect = await fetch(`${app.url}/api/v1/fail/defect`);
    const text = await defect.text();

    expect(known).toMatchObject({
      status: 409,
      code: 'notes/locked',
      detail: 'note 7 is locked',
      help: 'unlock it',
      retryable: false,
    });
    expect(defect.status).toBe(500);
    expect(text).not.toContain('secret detail');
    expect(JSON.stringify(app.log.lines)).toContain('secret detail');
  });

  test('finds an answer that differs from its contract', async () => {
    const response = await fetch(`${app.url}/api/v1/fail/off-contract`);

    expect(((await response.json()) as ProblemBody).code).toBe('http/answer-off-contract');
  });

  test('gives up a call that takes too long, and tells it so', async () => {
    const response = await fetch(`${app.url}/api/v1/fail/slow`);

    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(((await response.json()) as ProblemBody).code).toBe('http/timed-out');
  });

  test('streams bytes as a download in a sandbox', async () => {
    const response = await fetch(`${app.url}/api/v1/stream`);

    expect(await response.text()).toBe('one two');
    expect(response.headers.get('content-disposition')).toBe('attachment');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('answers only for its own hosts, and says how to allow another', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io']) {
      const answer = await rawCall(app.url, { headers: { host } });

      expect([host, answer.status]).toEqual([host, 403]);
      expect((JSON.parse(answer.text) as ProblemBody).help).toContain('--allow-host');
    }
    for (const host of ['localhost', 'LOCALHOST:1', 'localhost.', '127.0.0.1:99', '[::1]:4973']) {
      expect([host, (await rawCall(`${app.url}/api/v1/stream`, { headers: { host } })).status]).toEqual([host, 200]);
    }
  });

  test('refuses what a page of another site sends', async () => {
    const call = async (method: string, headers: Record<string, string>) =>
      (
        await rawCall(`${app.url}/api/v1/projects/churn/notes`, {
          method,
          headers: { ...JSON_HEADERS, ...headers },
          body: method === 'POST' ? '{"title":"x"}' : '',
        })
      ).status;

    expect(await call('POST', { origin: 'https://evil.example' })).toBe(403);
    expect(await call('POST', { origin: 'null' })).toBe(403);
    expect(await call('POST', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await call('POST', { 'sec-fetch-site': 'same-site', origin: app.url })).toBe(403);
    expect(await call('GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })).toBe(403);
    expect(await call('GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(await call('POST', { origin: app.url })).toBe(201);
    expect(await call('POST', { 'sec-fetch-site': 'same-origin', origin: app.url })).toBe(201);
    expect(await call('POST', {})).toBe(201);
  });
});

describe('a host with little room', () => {
  test('refuses what is over its limit and takes requests again afterwards', async () => {
    const app = await aHost({ more: [fail], requestsInHand: 1, handlerTimeoutMs: 300 });
    const slow = fetch(`${app.url}/api/v1/fail/slow`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const refused = await fetch(`${app.url}/api/v1/fail/known`);

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(((await refused.json()) as ProblemBody).code).toBe('http/busy');
    expect((await slow).status).toBe(503);
    expect((await fetch(`${app.url}/api/v1/fail/known`)).status).toBe(409);
    await app.close();
  });

  test('finishes what is in hand before it closes', async () => {
    const app = await aHost({ more: [fail], handlerTimeoutMs: 200 });
    const slow = fetch(`${app.url}/api/v1/fail/slow`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = app.host.close(5000);

    expect((await slow).status).toBe(503);
    await closing;
    await expect(fetch(app.url)).rejects.toThrow('fetch failed');
    await app.database.close();
  });

  test('lets the data plane finish before it closes, too', async () => {
    const app = await aHost({
      dataPlane: (request, response) => {
        if (request.url !== '/v2/slow') return false;
        setTimeout(() => response.end('answered'), 150);
        return true;
      },
    });
    const answer = fetch(`${app.url}/v2/slow`).then(async (response) => await response.text());
    await new Promise((resolve) => setTimeout(resolve, 30));
    const startedAt = performance.now();
    await app.host.close(5000);

    expect(await answer).toBe('answered');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await app.database.close();
  });

  test('says which port is taken', async () => {
    const first = await aHost();
    const second = await aHost();
    const port = Number(new URL(first.url).port);

    second.host.server.close();
    await expect(second.host.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'http/port-taken' });
    await first.close();
    await second.close();
  });
});
