import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#kernel';
import type { ProblemBody } from '#platform/http/api';
import { aHost } from './http-host.fixtures.ts';
import { createIdempotencyKeys } from './idempotency.ts';

const add = async (url: string, key: string, title: string) =>
  await fetch(`${url}/api/v1/projects/churn/notes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ title }),
  });

const nothing = { status: 201, headers: {}, text: '{}' };

describe('an Idempotency-Key', () => {
  test('gives the first answer again and changes nothing', async () => {
    const app = await aHost();
    const first = await add(app.url, 'k1', 'a');
    const second = await add(app.url, 'k1', 'a');

    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('etag')).toBe('"1"');
    expect([second.status, await second.json()]).toEqual([201, await first.json()]);
    expect(app.counter.count).toBe(1);
    await app.close();
  });

  test('is refused for another request', async () => {
    const app = await aHost();
    await add(app.url, 'k1', 'a');
    const other = await add(app.url, 'k1', 'b');

    expect([other.status, ((await other.json()) as ProblemBody).code]).toEqual([422, 'http/idempotency-mismatch']);
    await app.close();
  });

  test('runs once however many ask at once', async () => {
    const app = await aHost();
    const statuses = (await Promise.all(Array.from({ length: 8 }, async () => await add(app.url, 'k1', 'a')))).map(
      ({ status }) => status,
    );

    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
    expect(app.counter.count).toBe(1);
    await app.close();
  });

  test('is forgotten after a day', async () => {
    const app = await aHost();
    await add(app.url, 'k1', 'a');
    app.clock.advance(DAY_MS + 1);
    await add(app.url, 'k1', 'a');

    expect(app.counter.count).toBe(2);
    await app.close();
  });

  test('has a form', async () => {
    const app = await aHost();
    const answer = await add(app.url, 'x'.repeat(256), 'a');

    expect(((await answer.json()) as ProblemBody).code).toBe('http/idempotency-key-malformed');
    await app.close();
  });

  test('may be used again when its request failed before it changed anything', async () => {
    const app = await aHost();
    const keys = createIdempotencyKeys({ database: app.database, clock: app.clock, holder: 'a' });
    const call = { key: 'k', principal: 'p', routeId: 'r', request: 1, failure: () => nothing };

    await expect(keys.run({ ...call, answer: async () => Promise.reject(new Error('refused')) })).rejects.toThrow('refused');
    expect(await keys.run({ ...call, answer: async () => nothing })).toMatchObject({ isReplay: false });
    await app.close();
  });

  test('runs again after a crash before the change, and is refused after a crash behind it', async () => {
    const app = await aHost();
    const call = { principal: 'p', routeId: 'r', request: 1, failure: () => nothing };
    const dying = createIdempotencyKeys({ database: app.database, clock: app.clock, holder: 'dead' });
    const reached = Promise.withResolvers<undefined>();
    // These two never come back: what a crash leaves behind.
    void dying.run({ ...call, key: 'before', answer: async () => await new Promise(() => undefined) });
    void dying.run({
      ...call,
      key: 'behind',
      answer: async () => {
        await app.marked.transaction(async () => undefined);
        reached.resolve(undefined);
        return await new Promise(() => undefined);
      },
    });
    await reached.promise;
    const restarted = createIdempotencyKeys({ database: app.database, clock: app.clock, holder: 'alive' });

    expect(await restarted.run({ ...call, key: 'before', answer: async () => nothing })).toMatchObject({ isReplay: false });
    await expect(restarted.run({ ...call, key: 'behind', answer: async () => nothing })).rejects.toThrow('kept the answer');
    await app.close();
  });

  test('lets a request that was given up change nothing afterwards, so that it can be sent again', async () => {
    const app = await aHost();
    const keys = createIdempotencyKeys({ database: app.database, clock: app.clock, holder: 'a' });
    const call = { key: 'k', principal: 'p', routeId: 'r', request: 1, failure: () => nothing };
    const late = Promise.withResolvers<Promise<unknown>>();
    const gone = Promise.withResolvers<undefined>();
    const slow = async () => {
      late.resolve(gone.promise.then(async () => await app.marked.transaction(async () => 'changed')));
      return await Promise.reject(new Error('took too long'));
    };

    await expect(keys.run({ ...call, answer: slow })).rejects.toThrow('took too long');
    gone.resolve(undefined);
    await expect((async () => await await late.promise)()).rejects.toThrow('given up before its change');
    expect(await keys.run({ ...call, answer: async () => nothing })).toMatchObject({ isReplay: false });
    await app.close();
  });

  test('has nothing to do with what follows the commit of its change', async () => {
    const app = await aHost();
    const keys = createIdempotencyKeys({ database: app.database, clock: app.clock, holder: 'a' });
    const call = { key: 'k', principal: 'p', routeId: 'r', request: 1, failure: () => nothing };
    const followed = Promise.withResolvers<string>();
    const answer = async () => {
      // Begins the queue of the store, is undone, and has somebody else's change behind it in the same commit.
      const refused = app.marked.transaction(async () => await Promise.reject(new Error('refused')));
      void app.database.transaction(async (tx) => {
        tx.afterCommit(() => followed.resolve(app.marked.transaction(async () => await Promise.resolve('went on'))));
      });
      return await refused;
    };

    await expect(keys.run({ ...call, answer })).rejects.toThrow('refused');
    expect(await followed.promise).toBe('went on');
    await app.close();
  });
});
