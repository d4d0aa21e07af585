/** Paths, heads and bodies that no client would make: each is refused with a word, and the server stays well. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Door, openDoor } from '../fixtures/door.ts';
import { rawRequest, sendRaw } from '../fixtures/raw-http.ts';
import { SHOP, visit } from '../fixtures/shop.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
});

afterEach(async () => {
  await door.assertUntouched();
});

afterAll(async () => {
  await door.server.close();
});

const ROWS = `/api/v1/projects/${SHOP}/datasets/visits/rows`;
const FILES = `/api/v1/projects/${SHOP}/datasets/visits/files`;

describe('names, numbers and ids in paths', () => {
  const tricks = [
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f',
    '..%5c..%5cwindows',
    'a%00b',
    '%00',
    '%ff%fe',
    '%F0%9F%92%A9',
    '%E2%80%AE',
    "'%20OR%201=1--",
    '__proto__',
    'constructor',
    'x'.repeat(300),
    '-1',
    '9007199254740993',
    '1e400',
    'NaN',
    'sha256:zz',
    `sha256:${'0'.repeat(64)}`,
    '%',
    '..;',
  ];
  const places = [
    '/api/v1/projects/@',
    '/api/v1/projects/@/datasets',
    `/api/v1/projects/${SHOP}/datasets/@`,
    `/api/v1/projects/${SHOP}/datasets/visits/versions/@`,
    `/api/v1/projects/${SHOP}/feature-views/@`,
    `/api/v1/projects/${SHOP}/runs/@`,
    `/api/v1/projects/${SHOP}/runs/@/metric-history?metric=@`,
    `/api/v1/projects/${SHOP}/evaluations/@`,
    `/api/v1/projects/${SHOP}/gate-decisions/@`,
    `/api/v1/projects/${SHOP}/models/@`,
    `/api/v1/projects/${SHOP}/models/visits/versions/@`,
    `/api/v1/projects/${SHOP}/models/visits/versions/1/file?path=@`,
    `/api/v1/projects/${SHOP}/models/visits/aliases/@`,
    `/api/v1/projects/${SHOP}/endpoints/@`,
    `/api/v1/projects/${SHOP}/rollouts/@`,
    `/api/v1/projects/${SHOP}/monitors/@/windows`,
    `/api/v1/projects/${SHOP}/pipeline-runs/@`,
    `/api/v1/projects/${SHOP}/pipeline-runs/@/log`,
    `/api/v1/projects/${SHOP}/turns/@`,
    `/api/v1/projects/${SHOP}/why?subject=@`,
    '/v2/models/@',
    '/v2/models/@/ready',
    '/v2/models/shop-visits/versions/@',
    '/assets/@',
    '/@',
  ];

  test.each(places)('%s lead nowhere, whatever stands there', async (place) => {
    for (const trick of tricks) {
      const path = place.replaceAll('@', trick);
      const { status, text } = await sendRaw(door.server.url, [rawRequest(`GET ${path}`)]);
      const said = `${path} -> ${text.slice(0, 800)}`;

      expect(status, said).toBeGreaterThanOrEqual(200);
      expect(status, said).toBeLessThan(500);
      expect(text, said).not.toMatch(/root:|\n\s+at /);
      if (place.startsWith('/api') || place.startsWith('/v2')) expect([400, 404], said).toContain(status);
    }
  });

  test.each([
    ['PUT', `/api/v1/projects/${SHOP}/endpoints/@/desired`, '{"deployments":[{"version":1}]}'],
    ['POST', `/api/v1/projects/${SHOP}/endpoints/@/rollouts`, '{"version":1}'],
    ['POST', `/api/v1/projects/${SHOP}/rollouts/@/decisions`, '{"action":"hold"}'],
    ['POST', `/api/v1/projects/${SHOP}/pipeline-runs/@/cancel`, ''],
    ['POST', `/api/v1/projects/${SHOP}/loops/@/turns`, '{"reason":"x"}'],
    ['POST', `/api/v1/projects/${SHOP}/turns/@/decisions`, '{"action":"abort"}'],
    ['POST', `/api/v1/projects/${SHOP}/outcomes/@`, '{"columns":{}}'],
    ['POST', `/api/v1/projects/${SHOP}/datasets/@/versions`, '{"cutAt":"2020-03-01T00:00:00Z"}'],
    ['POST', '/v2/models/@/infer', '{"inputs":[]}'],
  ])('%s %s change nothing', async (method, place, body) => {
    for (const trick of tricks) {
      const path = place.replace('@', trick);
      const headers = body === '' ? [] : ['content-type: application/json'];
      const { status, text } = await sendRaw(door.server.url, [rawRequest(`${method} ${path}`, { headers, body })]);

      expect([400, 404, 405, 409, 422], `${method} ${path} -> ${text.slice(0, 800)}`).toContain(status);
    }
  });
});

describe('requests that are none', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'json',
    '',
  ])('with the content type "%s" are refused', async (type) => {
    const { status, code } = await door.post(ROWS, visit(), { 'content-type': type });

    expect([status, code]).toEqual([415, 'http/unsupported-media-type']);
  });

  test.each(['DELETE', 'PATCH', 'PUT', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'with the method %s say which there are',
    async (method) => {
      const { status, text } = await sendRaw(door.server.url, [rawRequest(`${method} ${ROWS}`)]);

      expect(status, text).toBe(405);
      expect(text.toLowerCase()).toMatch(/allow: .*post/);
    },
  );

  test.each<[string, string, number]>([
    ['a head of 40 kB', rawRequest('GET /health', { headers: [`x-big: ${'x'.repeat(40_000)}`] }), 431],
    [
      'two thousand heads',
      rawRequest('GET /health', { headers: Array.from({ length: 2000 }, (_, i) => `x-${String(i)}: ${'y'.repeat(20)}`) }),
      431,
    ],
    ['a line of 100 kB', rawRequest(`GET /${'a'.repeat(100_000)}`), 431],
    ['another protocol', 'SSH-2.0-OpenSSH_9.0\r\n\r\n', 400],
    ['two lengths', 'POST /api/v1/home HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST /api/v1/home HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['a negative length', 'POST /api/v1/home HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n', 400],
  ])('with %s are refused', async (_what, request, expected) => {
    const { status, text } = await sendRaw(door.server.url, [request]);

    expect(status, text).toBe(expected);
  });

  test('whose body ends early leave nothing, and hold nothing up', async () => {
    const body = JSON.stringify(visit());
    const head = `POST ${ROWS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
    await Promise.all(
      Array.from({ length: 20 }, async () => await sendRaw(door.server.url, [head, body.slice(0, 40)], { untilMs: 300 })),
    );
    const file = `POST ${FILES}?format=csv HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nvisit,at,shop,amount,items\nw9,2020-03-02,north,1,1\n`;
    await sendRaw(door.server.url, [file], { untilMs: 300 });
  });

  test('that dribble do not keep others waiting', async () => {
    const head = `POST ${ROWS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n`;
    const dribbles = Array.from({ length: 50 }, () =>
      sendRaw(door.server.url, [head, ...'{"columns":{"'.split('')], { pauseMs: 50, untilMs: 1500 }),
    );
    const startedAt = performance.now();
    const { status } = await fetch(`${door.server.url}/api/v1/projects/${SHOP}`);
    const durationMs = performance.now() - startedAt;
    await Promise.all(dribbles);

    expect(status).toBe(200);
    expect(durationMs).toBeLessThan(1000);
  });
});
