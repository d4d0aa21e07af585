import type { Clock } from '#platform/clock';
import type { Failpoints } from '#platform/failpoint';
import type { Log } from '#platform/log';
import type { MachineEvent } from '#platform/machine';
import type { SqlDatabase, SqlTx } from '#platform/sql';
import type { MachineTables } from './machine-tables.ts';

/** A stored timer. */
type TimerRow = MachineTables['machine_timer'];

/** After a definition failed on a timer, it is left alone for so long. */
const BLOCK_MS = 60_000;

/** What the timers work with. */
export interface TimerOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly failpoints: Failpoints;
  readonly businessNowMs: (tx: SqlTx, projectId: string) => Promise<number>;
  readonly tell: (tx: SqlTx, told: { readonly instanceId: string; readonly event: MachineEvent }) => Promise<unknown>;
}

/** Which timers are due, and how long until the next. */
interface TimerReading {
  readonly due: readonly TimerRow[];
  readonly nextInMs: number | undefined;
}

/**
 * Makes the beat that fires due timers, the longest due first, each in a transaction of its own.
 *
 * @param options - Store, clocks and where the event goes.
 * @returns The beat: fires all, and says in how many milliseconds the next is due.
 */
export function createTimerBeat(options: TimerOptions): () => Promise<number | undefined> {
  const blockedUntilMs = new Map<string, number>();
  const isBlocked = (timer: TimerRow): boolean => (blockedUntilMs.get(keyOf(timer)) ?? 0) > options.clock.monotonicMs();
  const read = (): Promise<TimerReading> => options.database.read((tx) => readTimers(options, tx, isBlocked));
  return async () => {
    let reading = await read();
    while (reading.due.length > 0) {
      for (const timer of reading.due) {
        const isFired = await fire(options, timer);
        if (!isFired) blockedUntilMs.set(keyOf(timer), options.clock.monotonicMs() + BLOCK_MS);
      }
      reading = await read();
    }
    return reading.nextInMs;
  };
}

/**
 * Counts the due timers of a project.
 *
 * @param tx - Any handle.
 * @param moment - The project, with the wall time and its business time.
 * @returns The number.
 */
export async function countDueTimers(
  tx: SqlTx,
  moment: { readonly projectId: string; readonly nowMs: number; readonly businessNowMs: number },
): Promise<number> {
  const rows = await tx
    .tables<MachineTables>()
    .selectFrom('machine_timer')
    .select(['clock', 'fire_at_ms'])
    .where('project_id', '=', moment.projectId)
    .execute();
  return rows.filter((row) => row.fire_at_ms <= (row.clock === 'wall' ? moment.nowMs : moment.businessNowMs)).length;
}

async function readTimers(options: TimerOptions, tx: SqlTx, isBlocked: (timer: TimerRow) => boolean): Promise<TimerReading> {
  const rows = await tx
    .tables<MachineTables>()
    .selectFrom('machine_timer')
    .selectAll()
    .orderBy('fire_at_ms')
    .orderBy('name')
    .execute();
  const businessNow = await businessTimes(options, tx, rows);
  const wallNowMs = options.clock.nowMs();
  const left = rows.map((row) => ({
    row,
    ms: row.fire_at_ms - (row.clock === 'wall' ? wallNowMs : (businessNow.get(row.project_id) ?? 0)),
  }));
  const due = left.filter(({ row, ms }) => ms <= 0 && !isBlocked(row)).map(({ row }) => row);
  const waits = left.filter(({ row, ms }) => ms > 0 || isBlocked(row)).map(({ ms }) => (ms > 0 ? ms : BLOCK_MS));
  return { due, nextInMs: waits.length === 0 ? undefined : waits.reduce((least, ms) => Math.min(least, ms)) };
}

async function businessTimes(options: TimerOptions, tx: SqlTx, rows: readonly TimerRow[]): Promise<ReadonlyMap<string, number>> {
  const projects = new Set(rows.filter((row) => row.clock === 'business').map((row) => row.project_id));
  const times = new Map<string, number>();
  for (const projectId of projects) times.set(projectId, await options.businessNowMs(tx, projectId));
  return times;
}

/** Tells whether the timer is out of the way: fired, or moved by someone else meanwhile. */
async function fire(options: TimerOptions, timer: TimerRow): Promise<boolean> {
  try {
    await options.failpoints.hit('machine/before-timer');
    await options.database.transaction(async (tx) => {
      const removed = await tx
        .tables<MachineTables>()
        .deleteFrom('machine_timer')
        .where('instance_id', '=', timer.instance_id)
        .where('name', '=', timer.name)
        .where('fire_at_ms', '=', timer.fire_at_ms)
        .executeTakeFirstOrThrow();
      if (removed.numDeletedRows === 0n) return;
      await options.tell(tx, {
        instanceId: timer.instance_id,
        event: { type: 'timer', name: timer.name, dueAtMs: timer.fire_at_ms },
      });
    });
    await options.failpoints.hit('machine/after-timer');
    return true;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    options.log.write('error', 'a timer could not be fired; it will be tried again', { ...timer, error: text });
    return false;
  }
}

function keyOf(timer: TimerRow): string {
  return `${timer.instance_id}/${timer.name}`;
}
