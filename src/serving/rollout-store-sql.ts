import { GyreError } from '#kernel';
import type { MachineInstance } from '#platform/machine';
import type { SqlTx } from '#platform/sql';
import type { Rollout } from './rollout.ts';
import type { RolloutState } from './rollout-state.ts';

interface RolloutRow {
  id: string;
  project_id: string;
  endpoint: string;
  outcome: string;
  phase: string;
  state: string;
  started_at_ms: number;
  ended_at_ms: number | null;
}

interface RolloutTables {
  serving_rollouts: RolloutRow;
}

/** A rollout that is under way, with its whole state. */
export interface OpenRollout {
  readonly id: string;
  readonly state: RolloutState;
}

/** Keeps the row of a rollout in step with its machine. */
export async function writeRollout(tx: SqlTx, instance: MachineInstance, state: RolloutState, nowMs: number): Promise<void> {
  const db = tx.tables<RolloutTables>();
  const changed = {
    outcome: state.outcome,
    phase: state.phase,
    state: JSON.stringify(state),
    ended_at_ms: state.phase === 'ended' ? nowMs : null,
  };
  await db
    .insertInto('serving_rollouts')
    .values({ id: instance.id, project_id: instance.projectId, endpoint: state.endpoint, started_at_ms: nowMs, ...changed })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
}

/** Lists the rollouts that are under way. */
export async function listOpenRollouts(tx: SqlTx): Promise<readonly OpenRollout[]> {
  const rows = await tx
    .tables<RolloutTables>()
    .selectFrom('serving_rollouts')
    .select(['id', 'state'])
    .where('outcome', '=', 'open')
    .execute();
  return rows.map((row) => ({ id: row.id, state: stateOf(row) }));
}

/** Refuses when a rollout of the endpoint is under way: two hands on one wheel. */
export async function requireNoOpenRollout(tx: SqlTx, endpoint: string): Promise<void> {
  const open = (await listOpenRollouts(tx)).find((rollout) => rollout.state.endpoint === endpoint);
  if (open === undefined) return;
  throw new GyreError({
    kind: 'conflict',
    code: 'serving/rollout-open',
    message: `rollout ${open.id} of endpoint "${endpoint}" is still open`,
    help: 'wait for its end, or abort it',
  });
}

/** Reads a rollout. */
export async function findRollout(tx: SqlTx, id: string): Promise<Rollout | undefined> {
  const row = await tx.tables<RolloutTables>().selectFrom('serving_rollouts').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : rolloutOf(row);
}

/** Reads a rollout of a project, or throws. */
export async function requireRollout(tx: SqlTx, id: string, projectId?: string): Promise<Rollout> {
  const rollout = await findRollout(tx, id);
  if (rollout !== undefined && (projectId === undefined || rollout.projectId === projectId)) return rollout;
  throw new GyreError({
    kind: 'not-found',
    code: 'serving/rollout-not-found',
    message: `there is no rollout "${id.slice(0, 64)}"`,
  });
}

/** Lists rollouts of a project, newest first. */
export async function listRollouts(
  tx: SqlTx,
  query: { readonly projectId: string; readonly endpoint?: string | undefined; readonly limit: number },
): Promise<readonly Rollout[]> {
  const { endpoint } = query;
  const base = tx.tables<RolloutTables>().selectFrom('serving_rollouts').selectAll().where('project_id', '=', query.projectId);
  const rows = await (endpoint === undefined ? base : base.where('endpoint', '=', endpoint))
    .orderBy('started_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit)
    .execute();
  return rows.map(rolloutOf);
}

function rolloutOf(row: RolloutRow): Rollout {
  const state = stateOf(row);
  return {
    id: row.id,
    projectId: row.project_id,
    endpoint: state.endpoint,
    model: state.model,
    challenger: state.challenger,
    control: state.control ?? undefined,
    turnId: state.turnId ?? undefined,
    outcome: state.outcome,
    phase: state.phase,
    steps: state.plan.steps,
    step: state.step,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
    servedDigest: state.servedDigest ?? undefined,
    decisions: state.decisions,
  };
}

function stateOf(row: Pick<RolloutRow, 'state'>): RolloutState {
  // Written by writeRollout; `version` inside says by which form.
  return JSON.parse(row.state) as RolloutState;
}
