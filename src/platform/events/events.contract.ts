import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import type { EventConsumer, EventInput, EventLog, OutboxEvent } from '#platform/events';
import type { SqlDatabase, SqlTx } from '#platform/sql';

/** One store with logs on it; `log()` gives a further log on the same store, as a restarted or second server has. */
export interface EventLogHouse {
  readonly database: SqlDatabase;
  log(): EventLog;
  close(): Promise<void>;
}

const anEvent = (event: Partial<EventInput> = {}): EventInput => ({
  topic: 'data.version-created',
  entity: 'dataset-version',
  entityId: 'v1',
  entityVersion: 1,
  ...event,
});

/**
 * Checks the laws of `EventLog` on an adapter.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store for one test.
 */
export function describeEventLog(name: string, open: () => Promise<EventLogHouse>): void {
  describe(`${name} keeps the laws of EventLog`, () => {
    let house: EventLogHouse;
    let log: EventLog;
    const started: EventLog[] = [];
    beforeEach(async () => {
      house = await open();
      log = house.log();
    });
    afterEach(async () => {
      await Promise.all(started.splice(0).map((each) => each.stop()));
      await house.close();
    });
    const start = async (each: EventLog): Promise<void> => {
      started.push(each);
      await each.start();
    };
    const append = (event?: Partial<EventInput>): Promise<number> =>
      house.database.transaction((tx) => log.append(tx, anEvent(event)));
    const readAll = (): Promise<readonly OutboxEvent[]> => house.database.read((tx) => log.readAfter(tx, 0, 10_000));
    const recorder = (consumer: string, topics: readonly string[]): EventConsumer & { readonly seen: number[] } => {
      const seen: number[] = [];
      return {
        name: consumer,
        topics,
        seen,
        handle: async (tx, event) => {
          tx.afterCommit(() => seen.push(event.position));
        },
      };
    };

    test('an event comes back as it was appended', async () => {
      const full = anEvent({ projectId: 'p1', entityVersion: 7, data: { rows: 3, tags: ['a', null] } });
      await append(full);
      await append();
      const [first, second] = await readAll();
      expect(first).toEqual({ ...full, position: 1, atMs: first?.atMs });
      expect(second).toEqual({ ...anEvent(), position: 2, atMs: second?.atMs });
    });

    test('an event of a transaction that failed does not exist, and leaves no gap', async () => {
      await append();
      const failing = house.database.transaction(async (tx) => {
        await log.append(tx, anEvent());
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await append()).toBe(2);
      expect((await readAll()).map((event) => event.position)).toEqual([1, 2]);
      expect(await house.database.read((tx) => log.lastPosition(tx))).toBe(2);
    });

    test('the log begins at position 0', async () => {
      expect(await house.database.read((tx) => log.lastPosition(tx))).toBe(0);
      expect(await readAll()).toEqual([]);
    });

    test('two writers make one log without gaps, in the order of their commits', async () => {
      const other = house.log();
      const committed: number[] = [];
      const write = (writer: EventLog, i: number) =>
        house.database.transaction(async (tx) => {
          const position = await writer.append(tx, anEvent({ entityId: `e${String(i)}` }));
          tx.afterCommit(() => committed.push(position));
          if (i % 7 === 0) throw new Error('planned');
        });
      await Promise.allSettled(Array.from({ length: 100 }, (_, i) => write(i % 2 === 0 ? log : other, i)));
      const positions = (await readAll()).map((event) => event.position);
      expect(positions).toEqual(Array.from({ length: positions.length }, (_, i) => i + 1));
      expect(positions.length).toBe(85);
      expect(committed).toEqual(positions);
    });

    test('reading goes on behind a position, as far as asked', async () => {
      for (let i = 0; i < 5; i += 1) await append();
      const page = await house.database.read((tx) => log.readAfter(tx, 2, 2));
      expect(page.map((event) => event.position)).toEqual([3, 4]);
    });

    test('a consumer handles every event of its topics once, in order, and no other', async () => {
      const consumer = recorder('watch', ['a.x', 'a.y']);
      log.addConsumer(consumer);
      await append({ topic: 'a.x' });
      await start(log);
      await Promise.all(['b.x', 'a.y', 'b.y', 'a.x'].map((topic) => append({ topic })));
      await log.settled();
      const wanted = (await readAll()).filter((event) => event.topic.startsWith('a.'));
      expect(consumer.seen).toEqual(wanted.map((event) => event.position));
    });

    test('consumers keep their place over a restart', async () => {
      const before = recorder('keeps', ['a.x']);
      log.addConsumer(before);
      await start(log);
      for (let i = 0; i < 50; i += 1) await append({ topic: 'a.x' });
      await log.settled();
      await log.stop();
      for (let i = 0; i < 3; i += 1) await append({ topic: 'a.x' });
      const after = recorder('keeps', ['a.x']);
      const next = house.log();
      next.addConsumer(after);
      await start(next);
      await next.settled();
      expect(before.seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
      expect(after.seen).toEqual([51, 52, 53]);
    });

    test('what a consumer writes and its place are one transaction: a throw undoes both, and the event comes again', async () => {
      let attempts = 0;
      const other = recorder('other', ['a.x']);
      log.addConsumer(other);
      log.addConsumer({
        name: 'fails-twice',
        topics: ['a.x'],
        handle: async (tx: SqlTx, event: OutboxEvent) => {
          await log.append(tx, anEvent({ topic: 'made', entityId: String(event.position) }));
          attempts += 1;
          if (event.position === 2 && attempts < 5) throw new Error('not yet');
        },
      });
      await start(log);
      for (let i = 0; i < 3; i += 1) await append({ topic: 'a.x' });
      const outcomes: string[] = [];
      for (let i = 0; i < 10 && outcomes.at(-1) !== 'settled'; i += 1) {
        outcomes.push(
          await log.settled().then(
            () => 'settled',
            (error: unknown) => (isGyreError(error) ? error.code : String(error)),
          ),
        );
      }
      expect(outcomes.slice(0, -1).every((outcome) => outcome === 'events/consumer-failing')).toBe(true);
      expect(outcomes.at(-1)).toBe('settled');
      const made = (await readAll()).filter((event) => event.topic === 'made').map((event) => event.entityId);
      expect(made).toEqual(['1', '2', '3']);
      expect(other.seen.length).toBe(3);
    });

    test('one consumer on two servers handles each event once', async () => {
      const one = recorder('shared', ['a.x']);
      const two = recorder('shared', ['a.x']);
      const second = house.log();
      log.addConsumer(one);
      second.addConsumer(two);
      await start(log);
      await start(second);
      await Promise.all(Array.from({ length: 60 }, () => append({ topic: 'a.x' })));
      await Promise.all([log.settled(), second.settled()]);
      const seen = [...one.seen, ...two.seen].sort((a, b) => a - b);
      expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    });

    test('onAppended calls after the commit until it is stopped', async () => {
      let calls = 0;
      const stop = log.onAppended(() => {
        calls += 1;
      });
      await append();
      expect(calls).toBe(1);
      stop();
      await append();
      expect(calls).toBe(1);
    });

    test('a name is given to one consumer only, and before the start', async () => {
      log.addConsumer(recorder('one', []));
      expect(() => log.addConsumer(recorder('one', []))).toThrow(/two event consumers/);
      await start(log);
      expect(() => log.addConsumer(recorder('two', []))).toThrow(/after the log was started/);
      await log.settled();
    });
  });
}
