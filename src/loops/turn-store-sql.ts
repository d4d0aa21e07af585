import { GyreError, type TurnOutcome } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { TurnTrigger } from './turn.ts';

/** One turn as lists show it; its whole record is the machine's state. */
export interface TurnSummary {
  readonly id: string;
  readonly projectId: string;
  /** Counts up per project, from 1, without gaps: for people. */
  readonly number: number;
  readonly loop: string;
  readonly endpoint: string;
  readonly outcome: TurnOutcome;
  /** Stage that is or was open last. */
  readonly stage: string;
  readonly reason: string;
  readonly triggerKind: string;
  readonly version: number;
  readonly startedAtMs: number;
  readonly businessStartedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly businessEndedAtMs: number | undefined;
}

/** What became of a trigger. */
export type TriggerDisposition = 'started' | 'absorbed' | 'cooling-down';

interface TurnRow {
  id: string;
  project_id: string;
  number: number;
  loop: string;
  endpoint: string;
  outcome: string;
  stage: string;
  reason: string;
  trigger_kind: string;
  version: number;
  started_at_ms: number;
  business_started_at_ms: number;
  ended_at_ms: number | null;
  business_ended_at_ms: number | null;
}

interface TriggerRow {
  id: string;
  project_id: string;
  loop: string;
  kind: string;
  source: string;
  reason: string;
  disposition: string;
  turn_id: string | null;
  at_ms: number;
  business_at_ms: number;
}

interface LoopTables {
  loops_turns: TurnRow;
  loops_triggers: TriggerRow;
}

/** Writes a turn's row, new or changed. */
export async function saveTurnRow(tx: SqlTx, turn: TurnSummary): Promise<void> {
  const changing = {
    outcome: turn.outcome,
    stage: turn.stage,
    reason: turn.reason,
    version: turn.version,
    ended_at_ms: turn.endedAtMs ?? null,
    business_ended_at_ms: turn.businessEndedAtMs ?? null,
  };
  await tx
    .tables<LoopTables>()
    .insertInto('loops_turns')
    .values({
      id: turn.id,
      project_id: turn.projectId,
      number: turn.number,
      loop: turn.loop,
      endpoint: turn.endpoint,
      trigger_kind: turn.triggerKind,
      started_at_ms: turn.startedAtMs,
      business_started_at_ms: turn.businessStartedAtMs,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
}

/**
 * Finds a turn.
 *
 * @param tx - The transaction to read in.
 * @param projectId - Its project.
 * @param numberOrId - The number people use, or the id.
 * @returns The turn's row.
 * @throws {@link GyreError} `loops/turn-not-found` when the project has none.
 */
export async function requireTurnRow(tx: SqlTx, projectId: string, numberOrId: string): Promise<TurnSummary> {
  const row = await tx
    .tables<LoopTables>()
    .selectFrom('loops_turns')
    .selectAll()
    .where('project_id', '=', projectId)
    .where((where) =>
      where.or([where('id', '=', numberOrId), where('number', '=', /^\d{1,9}$/.test(numberOrId) ? Number(numberOrId) : -1)]),
    )
    .executeTakeFirst();
  if (row !== undefined) return summaryOf(row);
  throw new GyreError({
    kind: 'not-found',
    code: 'loops/turn-not-found',
    message: `there is no turn "${numberOrId.slice(0, 40)}" in this project`,
  });
}

/**
 * Lists turns, newest first.
 *
 * @param tx - The transaction to read in.
 * @param query - Project, and optionally loop, endpoint, and the number before which to go on.
 * @returns At most `limit` rows.
 */
export async function listTurnRows(
  tx: SqlTx,
  query: {
    readonly projectId: string;
    readonly loop?: string;
    readonly endpoint?: string;
    readonly before?: number;
    readonly limit: number;
  },
): Promise<readonly TurnSummary[]> {
  let select = tx.tables<LoopTables>().selectFrom('loops_turns').selectAll().where('project_id', '=', query.projectId);
  if (query.loop !== undefined) select = select.where('loop', '=', query.loop);
  if (query.endpoint !== undefined) select = select.where('endpoint', '=', query.endpoint);
  if (query.before !== undefined) select = select.where('number', '<', query.before);
  const rows = await select.orderBy('number', 'desc').limit(query.limit).execute();
  return rows.map(summaryOf);
}

/** Gives the number of the project's newest turn; 0 when there is none. */
export async function lastTurnNumber(tx: SqlTx, projectId: string): Promise<number> {
  return (await listTurnRows(tx, { projectId, limit: 1 }))[0]?.number ?? 0;
}

/** Keeps what became of a trigger. */
export async function saveTriggerRow(
  tx: SqlTx,
  row: {
    readonly id: string;
    readonly projectId: string;
    readonly loop: string;
    readonly trigger: TurnTrigger;
    readonly disposition: TriggerDisposition;
    readonly turnId: string | undefined;
    readonly atMs: number;
  },
): Promise<void> {
  await tx
    .tables<LoopTables>()
    .insertInto('loops_triggers')
    .values({
      id: row.id,
      project_id: row.projectId,
      loop: row.loop,
      kind: row.trigger.kind,
      source: row.trigger.source,
      reason: row.trigger.reason,
      disposition: row.disposition,
      turn_id: row.turnId ?? null,
      at_ms: row.atMs,
      business_at_ms: row.trigger.businessAtMs,
    })
    .execute();
}

function summaryOf(row: TurnRow): TurnSummary {
  return {
    id: row.id,
    projectId: row.project_id,
    number: row.number,
    loop: row.loop,
    endpoint: row.endpoint,
    // Written by saveTurnRow from a TurnOutcome.
    outcome: row.outcome as TurnOutcome,
    stage: row.stage,
    reason: row.reason,
    triggerKind: row.trigger_kind,
    version: row.version,
    startedAtMs: row.started_at_ms,
    businessStartedAtMs: row.business_started_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
    businessEndedAtMs: row.business_ended_at_ms ?? undefined,
  };
}
