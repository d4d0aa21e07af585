import { createManualClock } from '#platform/clock';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createMemoryLog } from '#platform/log';
import { runMigrations } from '#platform/sql';
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
