import type { Clock, Ids } from '#platform/clock';
import { type Failpoints, NO_FAILPOINTS } from '#platform/failpoint';
import type { Log } from '#platform/log';
import type { MachineEvent, MachineInstance, MachineRuntime } from '#platform/machine';
import type { SqlDatabase, SqlTx } from '#platform/sql';
import { createDefinitions } from './definitions.ts';
import { createEffectRunner } from './effect-runner.ts';
import { findInstance, listInstances, readHistory, toInstance } from './instance-rows.ts';
import type { MachineTables } from './machine-tables.ts';
import { createPulse } from './pulse.ts';
import { countDueTimers, createTimerBeat } from './timers.ts';
import { startInstance, type TransitionHouse, tellInstance } from './transitions.ts';

/** What a machine runtime is made of. */
export interface MachineRuntimeOptions {
  /** The store, with `machineMigrations` applied. */
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Business time of a project, milliseconds since 1970; called inside transactions, so it awaits nothing but `tx`. */
  readonly businessNowMs: (tx: SqlTx, projectId: string) => Promise<number>;
  readonly log: Log;
  readonly failpoints?: Failpoints;
  /** Names this process among all that ever worked on the store; a fresh id for every start. */
  readonly ownerId: string;
  /** How many effects run at once. @defaultValue 4 */
  readonly slots?: number;
  /** How long a holder that is not heard of keeps its effects, milliseconds. @defaultValue 30 000 */
  readonly leaseMs?: number;
  /** Whether this process alone works on the store, so that leases of others are dead. @defaultValue true on SQLite, whose folder is locked */
  readonly isAlone?: boolean;
}

/**
 * Makes the machine runtime of a store.
 *
 * @param options - Store, clocks, ids and limits.
 * @returns The runtime; it executes nothing before `startRunning`.
 */
export function createMachineRuntime(options: MachineRuntimeOptions): MachineRuntime {
  const { database, clock, log } = options;
  const failpoints = options.failpoints ?? NO_FAILPOINTS;
  const definitions = createDefinitions();
  const tell = (tx: SqlTx, told: { readonly instanceId: string; readonly event: MachineEvent }): Promise<MachineInstance> =>
    tellInstance(house, tx, told);
  const runner = createEffectRunner({
    database,
    clock,
    log,
    failpoints,
    definitions,
    owner: options.ownerId,
    slots: options.slots ?? 4,
    leaseMs: options.leaseMs ?? 30_000,
    isAlone: options.isAlone ?? database.dialect === 'sqlite',
    tell,
  });
  const timerBeat = createTimerBeat({ database, clock, log, failpoints, businessNowMs: options.businessNowMs, tell });
  const timers = createPulse({ name: 'timers', log, beat: timerBeat });
  const house: TransitionHouse = {
    clock,
    ids: options.ids,
    definitions,
    businessNowMs: options.businessNowMs,
    moved: (instanceId, { hasTimers }) => {
      runner.moved(instanceId);
      if (hasTimers) timers.wake();
    },
  };
  return {
    define: (definition, listener) => definitions.define(definition, listener),
    handleEffect: (kind, handler) => definitions.handleEffect(kind, handler),
    start: (tx, request) => startInstance(house, tx, request),
    signal: (tx, instanceId, signal) => signalInstance(house, tx, { ...signal, instanceId }),
    get: async (tx, instanceId) => {
      const row = await findInstance(tx, instanceId);
      return row === undefined ? undefined : toInstance(row);
    },
    list: listInstances,
    history: readHistory,
    pending: (tx, projectId) => countPending(options, tx, projectId),
    startRunning: async () => {
      definitions.seal();
      await runner.start();
      timers.start();
    },
    wake: () => {
      timers.wake();
      runner.wake();
    },
    stop: async (graceMs) => {
      await timers.stop();
      await runner.stop(graceMs);
    },
  };
}

async function signalInstance(
  house: TransitionHouse,
  tx: SqlTx,
  signal: { readonly instanceId: string; readonly name: string; readonly data: MachineInstance['state']; readonly key?: string },
): Promise<MachineInstance> {
  const { instanceId, name, data, key } = signal;
  const event: MachineEvent = { type: 'signal', name, data };
  const row = key === undefined ? undefined : await findInstance(tx, instanceId);
  if (row === undefined || key === undefined) return tellInstance(house, tx, { instanceId, event });
  const seen = {
    table: 'machine_signal',
    columns: ['instance_id', 'key'],
    rows: [[instanceId, key]],
    onConflict: 'ignore',
  } as const;
  const isFresh = (await tx.insertMany(seen)) === 1;
  return isFresh ? tellInstance(house, tx, { instanceId, event }) : toInstance(row);
}

async function countPending(options: MachineRuntimeOptions, tx: SqlTx, projectId: string): Promise<number> {
  const open = await tx
    .tables<MachineTables>()
    .selectFrom('machine_effect')
    .select((build) => build.fn.countAll().as('n'))
    .where('project_id', '=', projectId)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  const businessNowMs = await options.businessNowMs(tx, projectId);
  const due = await countDueTimers(tx, { projectId, nowMs: options.clock.nowMs(), businessNowMs });
  return Number(open.n) + due;
}
