/**
 * A process of its own that drives one instance until it ends or is killed: `crash-runner.fixtures.ts FOLDER [FAILPOINT]`.
 */
import { argv } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { randomIds, systemClock } from '#platform/clock/system';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createFailpoints, PLATFORM_FAILPOINTS } from '#platform/failpoint';
import { createMemoryLog } from '#platform/log';
import type { MachineDefinition, MachineEvent, Transition } from '#platform/machine';
import { createMachineRuntime, machineMigrations } from '#platform/machine/sql';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';

type Marching = { readonly seen: readonly string[] };

/** Thirteen steps with a timer between each two. */
const march: MachineDefinition<Marching, Record<string, never>> = {
  kind: 'march',
  version: 1,
  start: () => ({ state: { seen: [] }, status: 'open', effects: [{ step: 's0', kind: 'note', input: {}, maxAttempts: 99 }] }),
  on: (state, event, context) => {
    const seen = [...state.seen, wordFor(event)];
    if (event.type === 'timer') return nextStep(seen);
    const timers = [{ name: 'pause', fireAtMs: context.nowMs + 1, clock: 'wall' as const }];
    return { state: { seen }, status: seen.length >= 25 ? 'ended' : 'open', timers };
  },
};

function nextStep(seen: readonly string[]): Transition<Marching> {
  const step = `s${String(seen.length / 2)}`;
  return { state: { seen }, status: 'open', effects: [{ step, kind: 'note', input: {}, maxAttempts: 99 }] };
}

function wordFor(event: MachineEvent): string {
  return event.type === 'effect-done' ? `done ${event.step}` : event.type;
}

const [, , folder = '', spec] = argv;
const failpoints = createFailpoints({
  spec,
  known: PLATFORM_FAILPOINTS,
  crash: () => process.kill(process.pid, 'SIGKILL'),
});
const clock = systemClock();
const ids = randomIds(clock);
const log = createMemoryLog();
const database = await openSqlite({ folder, failpoints });
await runMigrations(database, [
  ...eventMigrations,
  ...machineMigrations,
  { number: 20, name: 'echoes', statements: () => ['CREATE TABLE echo (position INTEGER NOT NULL) STRICT'] },
]);
const events = createEventLog({ database, clock, log, failpoints });
events.addConsumer({
  name: 'echo',
  topics: ['march.moved'],
  handle: async (tx, event) => {
    // No unique index: a second delivery would show.
    await tx.insertMany({ table: 'echo', columns: ['position'], rows: [[event.position]] });
  },
});
const machines = createMachineRuntime({
  database,
  clock,
  ids,
  log,
  failpoints,
  ownerId: ids.next(),
  businessNowMs: async () => clock.nowMs(),
});
machines.define(march, async (tx, { after }) => {
  await events.append(tx, { topic: 'march.moved', entity: 'march', entityId: after.id, entityVersion: after.version });
});
machines.handleEffect('note', async () => ({}));
const { id } = await database.transaction((tx) => machines.start(tx, { kind: 'march', projectId: 'p', key: 'only', input: {} }));
await events.start();
await machines.startRunning();
while ((await database.read((tx) => machines.get(tx, id)))?.status !== 'ended') await delay(2);
await events.settled();
await machines.stop(1000);
await events.stop();
await database.close();
