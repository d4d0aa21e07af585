import { GyreError } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { MachineTables } from './machine-tables.ts';

/** A stored effect. */
export type EffectRow = MachineTables['machine_effect'];

/** Which effect, held under which fence. */
export interface Hold {
  readonly instanceId: string;
  readonly step: string;
  readonly fence: number;
}

/**
 * Takes queued effects for a holder.
 *
 * @param tx - A transaction.
 * @param claim - Who takes, of which kinds, how many at most, now and until when (milliseconds since 1970).
 * @returns The effects taken, oldest first, with their new fence.
 */
export async function claimEffects(
  tx: SqlTx,
  claim: {
    readonly owner: string;
    readonly kinds: readonly string[];
    readonly limit: number;
    readonly nowMs: number;
    readonly untilMs: number;
  },
): Promise<readonly EffectRow[]> {
  if (claim.kinds.length === 0 || claim.limit <= 0) return [];
  const db = tx.tables<MachineTables>();
  const queued = await db
    .selectFrom('machine_effect')
    .selectAll()
    .where('state', '=', 'queued')
    .where('kind', 'in', [...claim.kinds])
    .where('not_before_ms', '<=', claim.nowMs)
    .orderBy('queued_at_ms')
    .orderBy('instance_id')
    .orderBy('step')
    .limit(claim.limit)
    .execute();
  const taken: EffectRow[] = [];
  for (const row of queued) {
    const held = { state: 'running', owner: claim.owner, fence: row.fence + 1, lease_until_ms: claim.untilMs } as const;
    const updated = await db
      .updateTable('machine_effect')
      .set(held)
      .where('instance_id', '=', row.instance_id)
      .where('step', '=', row.step)
      .where('state', '=', 'queued')
      .where('fence', '=', row.fence)
      .executeTakeFirstOrThrow();
    if (updated.numUpdatedRows === 1n) taken.push({ ...row, ...held });
  }
  return taken;
}

/**
 * Changes a held effect, if it is still held.
 *
 * @param tx - A transaction.
 * @param hold - Which effect, under which fence.
 * @param change - The new values.
 * @returns Whether it was still held.
 */
export async function changeHeld(
  tx: SqlTx,
  hold: Hold,
  change: Partial<Pick<EffectRow, 'state' | 'owner' | 'attempt' | 'deaths' | 'not_before_ms' | 'fence' | 'lease_until_ms'>>,
): Promise<boolean> {
  const updated = await tx
    .tables<MachineTables>()
    .updateTable('machine_effect')
    .set(change)
    .where('instance_id', '=', hold.instanceId)
    .where('step', '=', hold.step)
    .where('fence', '=', hold.fence)
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow();
  return updated.numUpdatedRows === 1n;
}

/**
 * Makes sure that a holder still holds its effect, and keeps others from taking it until the transaction ends.
 *
 * @param tx - The holder's transaction.
 * @param hold - Which effect, under which fence.
 * @throws {@link GyreError} `machine/lease-lost`.
 */
export async function guardHold(tx: SqlTx, hold: Hold): Promise<void> {
  if (await changeHeld(tx, hold, { fence: hold.fence })) return;
  throw leaseLost(hold);
}

/**
 * Lengthens all leases of a holder.
 *
 * @param tx - A transaction.
 * @param owner - The holder.
 * @param untilMs - Until when, milliseconds since 1970.
 * @returns What it still holds.
 */
export async function renewLeases(tx: SqlTx, owner: string, untilMs: number): Promise<readonly Hold[]> {
  const rows = await tx
    .tables<MachineTables>()
    .updateTable('machine_effect')
    .set({ lease_until_ms: untilMs })
    .where('owner', '=', owner)
    .where('state', '=', 'running')
    .returning(['instance_id', 'step', 'fence'])
    .execute();
  return rows.map((row) => ({ instanceId: row.instance_id, step: row.step, fence: row.fence }));
}

/**
 * Finds effects whose holder is gone.
 *
 * @param tx - Any handle.
 * @param expiredAtMs - Leases that end before this moment count; undefined takes every lease for dead.
 * @returns The effects.
 */
export async function findAbandoned(tx: SqlTx, expiredAtMs: number | undefined): Promise<readonly EffectRow[]> {
  const running = tx.tables<MachineTables>().selectFrom('machine_effect').selectAll().where('state', '=', 'running');
  return (expiredAtMs === undefined ? running : running.where('lease_until_ms', '<', expiredAtMs)).execute();
}

/**
 * Finds when the next queued effect that has to wait may be tried.
 *
 * @param tx - Any handle.
 * @param nowMs - Wall time.
 * @returns The moment, or undefined when none waits.
 */
export async function nextRetryAtMs(tx: SqlTx, nowMs: number): Promise<number | undefined> {
  const row = await tx
    .tables<MachineTables>()
    .selectFrom('machine_effect')
    .select('not_before_ms')
    .where('state', '=', 'queued')
    .where('not_before_ms', '>', nowMs)
    .orderBy('not_before_ms')
    .limit(1)
    .executeTakeFirst();
  return row?.not_before_ms;
}

/**
 * Makes the error of a holder that holds no more.
 *
 * @param hold - What it held.
 * @returns The error.
 */
export function leaseLost(hold: Hold): GyreError {
  return new GyreError({
    kind: 'conflict',
    code: 'machine/lease-lost',
    message: `step ${hold.step} of instance ${hold.instanceId} was cancelled or taken over by another holder`,
  });
}
