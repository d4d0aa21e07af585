import { expect, test } from 'vitest';
import { createManualClock } from '#platform/clock';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createMemoryLog } from '#platform/log';
import { runMigrations, type SqlDatabase } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { describeEventLog } from '../events.contract.ts';

describeEventLog('the event log on SQLite', async () => {
  const database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, eventMigrations);
  const clock = createManualClock(1_790_000_000_000);
  return {
    database,
    log: () => createEventLog({ database, clock, log: createMemoryLog() }),
    close: () => database.close(),
  };
});

/** A store whose commits are seen by readers some time before the process that made them is told. */
function withLateWord(database: SqlDatabase, delayMs: number): SqlDatabase {
  return {
    ...database,
    transaction: (work) =>
      database.transaction((tx) => work({ ...tx, afterCommit: (act) => tx.afterCommit(() => void setTimeout(act, delayMs)) })),
  };
}

test('settling waits for an event whose commit this process has not heard of yet', async () => {
  const opened = await openSqlite({ folder: ':memory:' });
  await runMigrations(opened, eventMigrations);
  const database = withLateWord(opened, 50);
  const log = createEventLog({ database, clock: createManualClock(0), log: createMemoryLog() });
  const seen: number[] = [];
  log.addConsumer({
    name: 'reader',
    topics: ['shop.opened'],
    handle: async (_, event) => {
      seen.push(event.position);
    },
  });
  await log.start();
  await log.settled();
  const position = await database.transaction((tx) =>
    log.append(tx, { topic: 'shop.opened', entity: 'shop', entityId: 's', entityVersion: 1 }),
  );
  await log.settled();

  expect(seen).toEqual([position]);
  await log.stop();
  await opened.close();
});
