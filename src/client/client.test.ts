import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { Whoami } from '#access/api';
import { parseEvents } from './event-reader.ts';
import { createClient, GyreProblem } from './index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const stops: (() => void)[] = [];

/** A stand-in for a server that answers each call by the next function; the last one stays. */
async function aServer(...answers: readonly Answer[]) {
  const seen: { readonly line: string; readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, headers: request.headers, body });
      answers[Math.min(seen.length, answers.length) - 1]?.(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, seen };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(status, headers).end(JSON.stringify(body));

const problem = (status: number, code: string, retryable: boolean): Answer =>
  json(status, {
    status,
    code,
    detail: `about ${code}`,
    requestId: 'r1',
    errors: [{ pointer: '/a', code, detail: 'd' }],
    retryable,
    help: 'h',
  });

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

describe('the client', () => {
  test('calls a route by its group and gives a typed answer', async () => {
    const server = await aServer(json(200, { principal: 'local-owner' }));
    const client = createClient({ url: `${server.url}/`, token: 'secret' });
    const answer = await client.access.whoami();

    expectTypeOf(answer).toEqualTypeOf<Whoami>();
    expect(answer.principal).toBe('local-owner');
    expect(server.seen[0]?.line).toBe('GET /api/v1/whoami');
    expect(server.seen[0]?.headers.authorization).toBe('Bearer secret');
  });

  test('puts path parameters, query and body where they belong', async () => {
    const server = await aServer(json(200, {}));
    const client = createClient({ url: server.url });
    await client.projects.apply({ project: 'a/b c', body: { text: 'gyre: 1' } });

    expect(server.seen[0]?.line).toBe('PUT /api/v1/projects/a%2Fb%20c');
    expect(server.seen[0]?.body).toBe('{"text":"gyre: 1"}');
  });

  test('throws the problem of the server', async () => {
    const server = await aServer(problem(404, 'projects/not-found', false));
    const error: unknown = await createClient({ url: server.url })
      .projects.list()
      .catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(GyreProblem);
    expect(error).toMatchObject({ status: 404, code: 'projects/not-found', requestId: 'r1', help: 'h', isRetryable: false });
    expect(error).toHaveProperty('problems', [{ pointer: '/a', code: 'projects/not-found', detail: 'd' }]);
    expect(server.seen).toHaveLength(1);
  });

  test('repeats what the server says may be repeated, under one key', async () => {
    const server = await aServer(problem(503, 'http/busy', true), problem(503, 'http/busy', true), json(200, {}));
    await createClient({ url: server.url }).loops.decideTurn({ project: 'p', turn: '1', body: {} as never });
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);

    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
  });

  test('says that nobody answers', async () => {
    const failing = createClient({ url: 'http://127.0.0.1:1', fetch: async () => Promise.reject(new TypeError('fetch failed')) });

    await expect(failing.access.whoami()).rejects.toMatchObject({ code: 'client/unreachable', status: 0 });
  });

  test('says that what answers is not Gyre', async () => {
    const server = await aServer((_request, response) => response.writeHead(502).end('<html>'));

    await expect(createClient({ url: server.url }).access.whoami()).rejects.toMatchObject({
      code: 'client/bad-answer',
      status: 502,
    });
  });

  test('stops at its signal', async () => {
    const server = await aServer(() => undefined);
    const abort = new AbortController();
    const call = createClient({ url: server.url }).access.whoami({}, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);

    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('gives a list page by page, or item by item', async () => {
    const server = await aServer(json(200, { items: [1, 2], nextCursor: 'n' }), json(200, { items: [3] }));
    const client = createClient({ url: server.url });
    const items: unknown[] = [];
    for await (const item of client.tracking.listRuns({ project: 'p' })) items.push(item);

    expect(items).toEqual([1, 2, 3]);
    expect(server.seen.map(({ line }) => line)).toEqual(['GET /api/v1/projects/p/runs', 'GET /api/v1/projects/p/runs?cursor=n']);
  });

  test('follows events, and comes back where it was', async () => {
    const frame = (id: number, event: string, data = '{}'): string => `id: ${String(id)}\nevent: ${event}\ndata: ${data}\n\n`;
    const server = await aServer(
      (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end(
            `retry: 1\n\n${frame(4, 'ready')}: silence\n\n${frame(5, 'change', '{"entity":"run","id":"x","version":1,"topic":"tracking.run-ended"}')}`,
          ),
      (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frame(9, 'reset')),
    );
    const seen: unknown[] = [];
    for await (const event of createClient({ url: server.url }).events({ topics: ['tracking'] })) {
      seen.push(event);
      if (event.type === 'reset') break;
    }

    expect(seen).toEqual([
      { type: 'ready', position: 4 },
      { type: 'change', position: 5, entity: 'run', id: 'x', version: 1, topic: 'tracking.run-ended' },
      { type: 'reset', position: 9 },
    ]);
    expect(server.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '5']);
  });

  test('reads events that are cut anywhere', async () => {
    const bytes = new TextEncoder().encode('id: 7\nevent: change\ndata: {"entity":"ü","id":"1","version":0,"topic":"a.b"}\n\n');
    const pieces = async function* () {
      for (const byte of bytes) yield Uint8Array.of(byte);
    };
    const events = [];
    for await (const event of parseEvents(pieces())) events.push(event);

    expect(events).toEqual([{ type: 'change', position: 7, entity: 'ü', id: '1', version: 0, topic: 'a.b' }]);
  });
});
