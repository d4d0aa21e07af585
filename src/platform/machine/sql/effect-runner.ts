import { GyreError, type JsonObject } from '#kernel';
import type { Clock } from '#platform/clock';
import type { Failpoints } from '#platform/failpoint';
import type { Log } from '#platform/log';
import type { MachineEvent } from '#platform/machine';
import type { SqlDatabase, SqlTx } from '#platform/sql';
import type { Definitions } from './definitions.ts';
import { type AttemptOutcome, holdOf, runAttempt } from './effect-attempt.ts';
import { changeHeld, claimEffects, type EffectRow, findAbandoned, nextRetryAtMs, renewLeases } from './effect-store.ts';
import type { MachineTables } from './machine-tables.ts';
import { createPulse, type Pulse } from './pulse.ts';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
/** A server may well be killed a few times while it trains for hours; an effect that outlives none of ten holders is what kills them. */
const MOST_DEATHS = 10;

/** What the runner works with. */
export interface EffectRunnerOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly failpoints: Failpoints;
  readonly definitions: Definitions;
  readonly owner: string;
  readonly slots: number;
  readonly leaseMs: number;
  /** This process alone works on the store: whatever runs at the start, runs nowhere any more. */
  readonly isAlone: boolean;
  /** Hands an event to an instance. */
  readonly tell: (tx: SqlTx, told: { readonly instanceId: string; readonly event: MachineEvent }) => Promise<unknown>;
}

/** Executes effects. */
export interface EffectRunner {
  /** Takes over what dead holders left, and begins. */
  start(): Promise<void>;
  /** Looks for queued effects. */
  wake(): void;
  /** Asks those effects of an instance to stop that it has cancelled. */
  moved(instanceId: string): void;
  stop(graceMs: number): Promise<void>;
}

interface Held {
  readonly row: EffectRow;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

interface RunnerState {
  readonly options: EffectRunnerOptions;
  readonly held: Map<string, Held>;
  readonly pulse: Pulse;
  /** Attempts whose outcome is not stored yet, beyond those that hold a slot. */
  readonly storing: Set<Promise<void>>;
  isStopping: boolean;
}

/**
 * Makes the runner of a store.
 *
 * @param options - Store, clock, handlers and limits.
 * @returns The runner; it does nothing before `start`.
 */
export function createEffectRunner(options: EffectRunnerOptions): EffectRunner {
  const state: RunnerState = {
    options,
    held: new Map(),
    pulse: createPulse({ beat: () => claimAll(state), log: options.log, name: 'effects' }),
    storing: new Set(),
    isStopping: false,
  };
  let leaseTimer: NodeJS.Timeout | undefined;
  return {
    start: async () => {
      await takeOver(options, options.isAlone ? undefined : options.clock.nowMs());
      leaseTimer = setInterval(() => void keepLeases(state), options.leaseMs / 3).unref();
      state.pulse.start();
    },
    wake: () => state.pulse.wake(),
    moved: (instanceId) => {
      state.pulse.wake();
      if ([...state.held.values()].some(({ row }) => row.instance_id === instanceId))
        void abortLost(state).catch((error: unknown) =>
          logFailure(options.log, 'cancelled effects could not be looked up', error),
        );
    },
    stop: async (graceMs) => {
      state.isStopping = true;
      clearInterval(leaseTimer);
      await state.pulse.stop();
      for (const { controller } of state.held.values()) controller.abort(stopping());
      const ends = [...[...state.held.values()].map(({ ended }) => ended), ...state.storing];
      await withinGrace(Promise.all(ends), graceMs);
      for (const { row } of state.held.values()) await release(options, row);
    },
  };
}

/** Claims as many effects as there are free slots, and says when to look again for those that have to wait. */
async function claimAll(state: RunnerState): Promise<number | undefined> {
  const { options, held } = state;
  const limit = options.slots - held.size;
  const nowMs = options.clock.nowMs();
  const kinds = options.definitions.effectKinds();
  if (limit <= 0) return undefined;
  const claim = { owner: options.owner, kinds, limit, nowMs, untilMs: nowMs + options.leaseMs };
  const taken = await options.database.transaction((tx) => claimEffects(tx, claim));
  await options.failpoints.hit('machine/after-claim');
  for (const row of taken) hold(state, row);
  if (taken.length === limit) return undefined;
  const nextMs = await options.database.read((tx) => nextRetryAtMs(tx, nowMs));
  return nextMs === undefined ? undefined : nextMs - nowMs;
}

function hold(state: RunnerState, row: EffectRow): void {
  const controller = new AbortController();
  const key = `${row.instance_id}/${row.step}/${String(row.fence)}`;
  const ended = runToEnd(state, row, controller).finally(() => {
    state.held.delete(key);
    // Also for a retry that has to wait: the beat says until when.
    state.pulse.wake();
  });
  state.held.set(key, { row, controller, ended });
}

async function runToEnd(state: RunnerState, row: EffectRow, controller: AbortController): Promise<void> {
  const { options } = state;
  const handler = options.definitions.handler(row.kind);
  if (handler === undefined) return;
  await options.failpoints.hit('machine/before-effect');
  const outcome = await runAttempt({ row, handler, controller });
  await options.failpoints.hit('machine/after-effect');
  if (await storeOutcome(options, row, outcome)) return;
  // A store that is full or a definition that throws must not cost a slot for as long as it lasts.
  const storing = storeLater(state, row, outcome);
  state.storing.add(storing);
  void storing.finally(() => state.storing.delete(storing));
}

async function storeLater(state: RunnerState, row: EffectRow, outcome: AttemptOutcome): Promise<void> {
  for (let waitMs = FIRST_RETRY_MS; !state.isStopping; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
    await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    if (state.isStopping || (await storeOutcome(state.options, row, outcome))) return;
  }
}

/** Tells whether the outcome is stored, or has become meaningless. */
async function storeOutcome(options: EffectRunnerOptions, row: EffectRow, outcome: AttemptOutcome): Promise<boolean> {
  try {
    await options.failpoints.hit('machine/before-completion');
    await options.database.transaction((tx) => writeOutcome(options, tx, row, outcome));
    await options.failpoints.hit('machine/after-completion');
    return true;
  } catch (error) {
    options.log.write('error', 'the outcome of an effect could not be stored; it will be tried again', {
      instanceId: row.instance_id,
      step: row.step,
      error: error instanceof Error ? error.message : String(error),
    });
    return false;
  }
}

async function writeOutcome(options: EffectRunnerOptions, tx: SqlTx, row: EffectRow, outcome: AttemptOutcome): Promise<void> {
  switch (outcome.outcome) {
    case 'dropped':
      return;
    case 'released':
      await changeHeld(tx, holdOf(row), { state: 'queued', owner: null, fence: row.fence + 1 });
      return;
    case 'done':
      await complete(options, tx, { row, state: 'done', event: doneEvent(row, outcome.output) });
      return;
    case 'died':
      if (row.deaths + 1 < MOST_DEATHS) await tryAgain(tx, row, { notBeforeMs: 0, deaths: row.deaths + 1 });
      else await complete(options, tx, { row, state: 'failed', event: failedEvent(row, holderDied(row)) });
      return;
    case 'failed':
      if (outcome.isRetryable && failuresOf(row) < row.max_attempts)
        await tryAgain(tx, row, { notBeforeMs: retryAtMs(options.clock, row), deaths: row.deaths });
      else await complete(options, tx, { row, state: 'failed', event: failedEvent(row, outcome) });
  }
}

async function complete(
  options: EffectRunnerOptions,
  tx: SqlTx,
  end: { readonly row: EffectRow; readonly state: 'done' | 'failed'; readonly event: MachineEvent },
): Promise<void> {
  const isHeld = await changeHeld(tx, holdOf(end.row), { state: end.state, owner: null });
  if (isHeld) await options.tell(tx, { instanceId: end.row.instance_id, event: end.event });
}

async function tryAgain(
  tx: SqlTx,
  row: EffectRow,
  next: { readonly notBeforeMs: number; readonly deaths: number },
): Promise<void> {
  await changeHeld(tx, holdOf(row), {
    state: 'queued',
    owner: null,
    attempt: row.attempt + 1,
    deaths: next.deaths,
    fence: row.fence + 1,
    not_before_ms: next.notBeforeMs,
  });
}

/** Attempts that ended in an error of their own, if this one does. */
function failuresOf(row: EffectRow): number {
  return row.attempt - row.deaths;
}

function retryAtMs(clock: Clock, row: EffectRow): number {
  return clock.nowMs() + Math.min(FIRST_RETRY_MS * 2 ** (failuresOf(row) - 1), LAST_RETRY_MS);
}

function holderDied(row: EffectRow): { readonly code: string; readonly message: string } {
  const message = `the process that ran step ${row.step} ended, for the ${String(MOST_DEATHS)}th time`;
  return { code: 'machine/holder-died', message };
}

function doneEvent(row: EffectRow, output: JsonObject): MachineEvent {
  return { type: 'effect-done', step: row.step, attempt: row.attempt, output };
}

function failedEvent(row: EffectRow, error: { readonly code: string; readonly message: string }): MachineEvent {
  return { type: 'effect-failed', step: row.step, attempt: row.attempt, error: { code: error.code, message: error.message } };
}

/** Queues again what dead holders left, as a further attempt; fails what outlived none of its holders. */
async function takeOver(options: EffectRunnerOptions, expiredAtMs: number | undefined): Promise<void> {
  const abandoned = await options.database.read((tx) => findAbandoned(tx, expiredAtMs));
  for (const row of abandoned) {
    options.log.write('warn', 'taking over an effect whose holder is gone', {
      instanceId: row.instance_id,
      step: row.step,
      owner: row.owner,
    });
    await storeOutcome(options, row, { outcome: 'died' });
  }
}

async function keepLeases(state: RunnerState): Promise<void> {
  const { options, held } = state;
  try {
    if (held.size > 0) {
      await options.database.transaction((tx) => renewLeases(tx, options.owner, options.clock.nowMs() + options.leaseMs));
      await abortLost(state);
    }
    if (options.isAlone) return;
    await takeOver(options, options.clock.nowMs());
    state.pulse.wake();
  } catch (error) {
    logFailure(options.log, 'leases could not be renewed', error);
  }
}

/**
 * Asks every effect to stop that the store no longer gives to this holder. Only what was held before the store is asked
 * counts: what is claimed meanwhile cannot be in its answer.
 */
async function abortLost(state: RunnerState): Promise<void> {
  const heldBefore = [...state.held];
  const rows = await state.options.database.read((tx) =>
    tx
      .tables<MachineTables>()
      .selectFrom('machine_effect')
      .selectAll()
      .where('owner', '=', state.options.owner)
      .where('state', '=', 'running')
      .execute(),
  );
  const kept = new Set(rows.map((row) => `${row.instance_id}/${row.step}/${String(row.fence)}`));
  for (const [key, { controller }] of heldBefore) if (!kept.has(key)) controller.abort(cancelled(key));
}

function logFailure(log: Log, message: string, error: unknown): void {
  log.write('error', message, { error: error instanceof Error ? error.message : String(error) });
}

async function release(options: EffectRunnerOptions, row: EffectRow): Promise<void> {
  await storeOutcome(options, row, { outcome: 'released' });
}

async function withinGrace(work: Promise<unknown>, graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function stopping(): GyreError {
  return new GyreError({ kind: 'unavailable', code: 'machine/stopping', message: 'the server is stopping' });
}

function cancelled(key: string): GyreError {
  return new GyreError({
    kind: 'conflict',
    code: 'machine/effect-cancelled',
    message: `the effect ${key} was cancelled or taken over`,
  });
}
