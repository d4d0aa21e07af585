import { describe, expect, test } from 'vitest';
import { createManualClock } from '#platform/clock';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createMemoryLog } from '#platform/log';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { eventsRoute, serverRoutes } from './api.ts';
import { streamEvents } from './event-stream.ts';
import { describeRoutes } from './index.ts';

async function aLog() {
  const database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, eventMigrations);
  const events = createEventLog({ database, clock: createManualClock(0), log: createMemoryLog() });
  const happen = async (topic: string, projectId = 'p1') =>
    await database.transaction(
      async (tx) => await events.append(tx, { topic, projectId, entity: 'run', entityId: topic, entityVersion: 1 }),
    );
  return { database, events, happen };
}

async function follow(
  log: Awaited<ReturnType<typeof aLog>>,
  options: {
    readonly topics?: readonly string[];
    readonly projectId?: string;
    readonly lastEventId?: string;
    readonly heartbeatMs?: number;
  } = {},
) {
  const abort = new AbortController();
  const stream = streamEvents(
    { ...log, ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }) },
    { topics: options.topics ?? [], projectId: options.projectId, lastEventId: options.lastEventId, signal: abort.signal },
  );
  const read = async (count: number) => {
    const frames: string[] = [];
    for (let i = 0; i < count; i += 1) frames.push(String((await stream.next()).value));
    return frames;
  };
  return { stream, read, abort };
}

describe('the event stream', () => {
  test('begins at the present and tells what happens from then on, by position', async () => {
    const log = await aLog();
    await log.happen('tracking.run-started');
    const { read, abort, stream } = await follow(log);

    expect(await read(2)).toEqual(['retry: 2000\n\n', 'id: 1\nevent: ready\ndata: {}\n\n']);
    const next = read(1);
    await log.happen('tracking.run-ended');
    expect(await next).toEqual([
      'id: 2\nevent: change\ndata: {"entity":"run","id":"tracking.run-ended","version":1,"topic":"tracking.run-ended","projectId":"p1"}\n\n',
    ]);
    abort.abort();
    expect((await stream.next()).done).toBe(true);
    await log.database.close();
  });

  test('goes on behind the last event seen, and leaves out what was not asked for', async () => {
    const log = await aLog();
    for (const topic of ['a.one', 'b.two', 'a.three']) await log.happen(topic);
    await log.happen('a.four', 'p2');
    await log.happen('a.five');
    const { read, abort } = await follow(log, { topics: ['a'], projectId: 'p1', lastEventId: '1' });
    const frames = (await read(4)).slice(1).map((frame) => /^id: (\d+)\nevent: (\w+)/.exec(frame)?.slice(1));

    expect(frames).toEqual([
      ['1', 'ready'],
      ['3', 'change'],
      ['5', 'change'],
    ]);
    abort.abort();
    await log.database.close();
  });

  test('says reset to a position of another store, and refuses what is no position', async () => {
    const log = await aLog();
    const { read, abort } = await follow(log, { lastEventId: '99' });
    const bad = await follow(log, { lastEventId: '-1 OR 1' });

    expect((await read(2))[1]).toBe('id: 0\nevent: reset\ndata: {}\n\n');
    await expect(bad.stream.next()).rejects.toMatchObject({ code: 'server/bad-event-id' });
    abort.abort();
    await log.database.close();
  });

  test('breaks its silence', async () => {
    const log = await aLog();
    const { read, abort } = await follow(log, { heartbeatMs: 10 });

    expect((await read(3))[2]).toBe(': 0\n\n');
    abort.abort();
    await log.database.close();
  });
});

describe('the description of the routes', () => {
  test('names for each operation its right, idempotency, parameters and answers', () => {
    const description = describeRoutes(serverRoutes, '1.2.3') as {
      paths: Record<string, Record<string, Record<string, unknown>>>;
    };
    const operation = description.paths['/api/v1/events']?.['get'];

    expect(description).toMatchObject({ openapi: '3.1.1', info: { version: '1.2.3' } });
    expect(operation).toMatchObject({ operationId: eventsRoute.id, 'x-gyre-right': 'events:read', 'x-gyre-idempotency': 'safe' });
    expect(operation?.['parameters']).toHaveLength(2);
    expect(Object.keys(operation?.['responses'] ?? {})).toEqual(expect.arrayContaining(['200', '400', '403', 'default']));
  });

  test('writes path parameters as OpenAPI does', () => {
    const route = { ...eventsRoute, path: '/a/:b/c/:dE' };

    expect(Object.keys((describeRoutes([route], '1') as { paths: object }).paths)).toEqual(['/a/{b}/c/{dE}']);
  });
});
