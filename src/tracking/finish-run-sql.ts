import { GyreError } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { Run, RunEnd } from './run.ts';
import { requireRunRow } from './run-rows-sql.ts';
import { type RunPorts, requireRun } from './start-run-sql.ts';
import type { TrackingTables } from './tables.ts';

/** Ends a run; ending it again in the same state changes nothing. */
export async function finishRun(ports: RunPorts, tx: SqlTx, runId: string, end: RunEnd): Promise<Run> {
  const row = await requireRunRow(tx, runId);
  if (row.ended_at_ms !== null && row.state === end.state) return requireRun(tx, runId);
  if (row.ended_at_ms !== null) {
    throw new GyreError({
      kind: 'conflict',
      code: 'tracking/run-ended',
      message: `run ${String(row.number)} ended as "${row.state}" and cannot become "${end.state}"; start another run`,
    });
  }
  const version = row.version + 1;
  await tx
    .tables<TrackingTables>()
    .updateTable('tracking_runs')
    .set({
      state: end.state,
      ended_at_ms: ports.clock.nowMs(),
      version,
      failure_code: end.state === 'failed' ? end.failure.code : null,
      failure_message: end.state === 'failed' ? end.failure.message.slice(0, 4000) : null,
    })
    .where('id', '=', runId)
    .execute();
  await ports.events.append(tx, {
    topic: 'tracking.run-finished',
    projectId: row.project_id,
    entity: 'run',
    entityId: runId,
    entityVersion: version,
    data: { number: row.number, kind: row.kind, state: end.state },
  });
  return requireRun(tx, runId);
}

/** Ends the running runs whose key begins with a prefix. */
export async function endOpenRuns(
  ports: RunPorts,
  tx: SqlTx,
  request: { readonly projectId: string; readonly keyPrefix: string; readonly end: RunEnd },
): Promise<void> {
  const open = await tx
    .tables<TrackingTables>()
    .selectFrom('tracking_runs')
    .select(['id', 'start_key'])
    .where('project_id', '=', request.projectId)
    .where('state', '=', 'running')
    .execute();
  // Compared here: keys may hold what LIKE takes for a pattern, and few runs are open at a time.
  const mine = open.filter((row) => row.start_key?.startsWith(request.keyPrefix) === true);
  for (const { id } of mine) await finishRun(ports, tx, id, request.end);
}
