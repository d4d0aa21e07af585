import { request as httpRequest } from 'node:http';
import { Type } from 'typebox';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { type BoundRoute, bindRoute } from '#platform/http';
import { defineRoute, ProjectParams } from '#platform/http/api';
import { createMemoryLog } from '#platform/log';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { createHttpHost, type HttpHostOptions, idempotencyMigration, markIdempotencyKeys } from './index.ts';

const Note = Type.Object(
  { title: Type.String({ minLength: 1 }), stars: Type.Optional(Type.Integer({ minimum: 0 })) },
  { additionalProperties: false },
);

export const noteRoute = defineRoute({
  id: 'notes.add',
  method: 'POST',
  path: '/api/v1/projects/:project/notes',
  summary: 'Adds a note.',
  params: ProjectParams,
  body: Note,
  answer: Type.Object({ count: Type.Integer(), title: Type.String() }),
  status: 201,
  authorize: { right: 'notes:write', scope: 'project' },
  idempotency: 'key',
});

export const listRoute = defineRoute({
  id: 'notes.list',
  method: 'GET',
  path: '/api/v1/projects/:project/notes',
  summary: 'Lists notes.',
  params: ProjectParams,
  query: Type.Object(
    { limit: Type.Optional(Type.Integer({ minimum: 1 })), full: Type.Optional(Type.Boolean()) },
    { additionalProperties: false },
  ),
  answer: Type.Unknown(),
  authorize: { right: 'notes:read', scope: 'project' },
});

export const uploadRoute = defineRoute({
  id: 'notes.upload',
  method: 'PUT',
  path: '/api/v1/files/:name',
  summary: 'Counts bytes.',
  params: Type.Object({ name: Type.String() }, { additionalProperties: false }),
  bodyKind: 'bytes',
  bodyLimitBytes: 1000,
  answer: Type.Object({ sizeBytes: Type.Integer() }),
  authorize: { right: 'notes:write', scope: 'server' },
});

/** Starts a host with a few routes on a free port; `close` it. */
export async function aHost(options: Partial<HttpHostOptions> & { readonly more?: readonly BoundRoute[] } = {}) {
  const database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, [idempotencyMigration]);
  const marked = markIdempotencyKeys(database);
  const counter = { count: 0 };
  const clock = createManualClock(1_000_000_000_000);
  const log = createMemoryLog();
  const routes: readonly BoundRoute[] = [
    bindRoute(noteRoute, async ({ body }) => {
      await marked.transaction(async () => {
        counter.count += 1;
      });
      return { body: { count: counter.count, title: body.title }, headers: { etag: `"${String(counter.count)}"` } };
    }),
    bindRoute(listRoute, async ({ query, params }) => ({ body: { query, params } })),
    bindRoute(uploadRoute, async ({ bytes }) => {
      let sizeBytes = 0;
      for await (const chunk of bytes) sizeBytes += chunk.length;
      return { body: { sizeBytes } };
    }),
    ...(options.more ?? []),
  ];
  const host = await createHttpHost({
    routes,
    authenticate: async () => ({ principal: 'someone', displayName: 'Someone' }),
    authorize: async () => ({ allowed: true }),
    database,
    clock,
    ids: createSequentialIds(),
    log,
    allowedHosts: ['localhost', '127.0.0.1', '[::1]'],
    version: '9.9.9',
    checksAnswers: true,
    ...options,
  });
  const url = await host.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    host,
    counter,
    clock,
    log,
    database,
    marked,
    close: async () => {
      await host.close(1000);
      await database.close();
    },
  };
}

/** Sends a request whose headers `fetch` would not let through, such as Host. */
export async function rawCall(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string | Uint8Array } = {},
): Promise<{ readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly text: string }> {
  return await new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(options.body);
  });
}
