import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { createMemoryLog } from '#platform/log';
import type { MachineDefinition } from '#platform/machine';
import { createMachineRuntime, machineMigrations } from '#platform/machine/sql';
import { runMigrations, type SqlDatabase } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { until } from '../machine.fixtures.ts';

/** One step after the other. */
const chain: MachineDefinition<{ readonly done: readonly string[] }, Record<string, never>> = {
  kind: 'chain',
  version: 1,
  start: () => ({ state: { done: [] }, status: 'open', effects: [{ step: 'first', kind: 'work', input: {} }] }),
  on: (state, event) => {
    if (event.type !== 'effect-done') return undefined;
    const next = { done: [...state.done, event.step] };
    if (event.step === 'second') return { state: next, status: 'ended' };
    return { state: next, status: 'open', effects: [{ step: 'second', kind: 'work', input: {} }] };
  },
};

/** A store whose readers tell what was true a while ago, as those of a busy one do. */
function slowToRead(database: SqlDatabase): SqlDatabase {
  return {
    dialect: database.dialect,
    transaction: (work) => database.transaction(work),
    close: () => database.close(),
    read: async (work) => {
      const value = await database.read(work);
      await delay(40);
      return value;
    },
  };
}

test('an effect that is claimed while the store is asked what was lost goes on', async () => {
  const database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, machineMigrations);
  const machines = createMachineRuntime({
    database: slowToRead(database),
    clock: createManualClock(1000),
    ids: createSequentialIds(),
    businessNowMs: async () => 0,
    log: createMemoryLog(),
    ownerId: 'one',
  });
  machines.define(chain);
  machines.handleEffect('work', async ({ step, signal }) => {
    // The first ends while the runner still looks for the next retry: the second is claimed after that, and asked about before.
    await delay(step === 'first' ? 20 : 120, undefined, { signal });
    return {};
  });
  await machines.startRunning();
  const { id } = await database.transaction((tx) => machines.start(tx, { kind: 'chain', projectId: 'p', input: {} }));

  await until(async () => (await database.read((tx) => machines.get(tx, id)))?.status === 'ended');
  expect((await database.read((tx) => machines.get(tx, id)))?.state).toEqual({ done: ['first', 'second'] });
  await machines.stop(100);
  await database.close();
});
