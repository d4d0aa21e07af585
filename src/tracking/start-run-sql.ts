import type { Clock, Ids } from '#platform/clock';
import type { EventLog } from '#platform/events';
import type { SqlTx } from '#platform/sql';
import { requireName } from './names.ts';
import type { Run, RunStart } from './run.ts';
import { addInputs, logParams, setTags } from './run-details-sql.ts';
import { loadRuns, requireRunRow } from './run-rows-sql.ts';
import type { RunRow, TrackingTables } from './tables.ts';

/** What writing runs needs of the platform. */
export interface RunPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly events: Pick<EventLog, 'append'>;
}

/** Starts a run, or gives the one that has its key. */
export async function startRun(ports: RunPorts, tx: SqlTx, start: RunStart): Promise<Run> {
  const existing = start.key === undefined ? undefined : await findByKey(tx, start.projectId, start.key);
  if (existing !== undefined) return requireRun(tx, existing);
  if (start.parentRunId !== undefined) await requireRunRow(tx, start.parentRunId);
  const row = await newRunRow(ports, tx, start);
  await tx.tables<TrackingTables>().insertInto('tracking_runs').values(row).execute();
  if (start.params !== undefined) await logParams(tx, row.id, start.params);
  if (start.tags !== undefined) await setTags(tx, row.id, start.tags);
  if (start.inputs !== undefined) await addInputs(tx, row.id, start.inputs);
  const run = await requireRun(tx, row.id);
  await ports.events.append(tx, {
    topic: 'tracking.run-started',
    projectId: run.projectId,
    entity: 'run',
    entityId: run.id,
    entityVersion: run.version,
    data: { number: run.number, experiment: run.experiment, kind: run.kind },
  });
  return run;
}

/** Reads one run, or throws `tracking/run-not-found`. */
export async function requireRun(tx: SqlTx, runId: string): Promise<Run> {
  const [run] = await loadRuns(tx, [(await requireRunRow(tx, runId)).id]);
  if (run === undefined) throw new Error(`run ${runId} has no experiment`);
  return run;
}

async function newRunRow(ports: RunPorts, tx: SqlTx, start: RunStart): Promise<RunRow> {
  const number = await nextNumber(tx, start.projectId);
  return {
    id: ports.ids.next(),
    project_id: start.projectId,
    number,
    experiment_id: await experimentIdOf(ports, tx, start),
    name: requireName('a run', start.name ?? `${start.kind}-${String(number)}`),
    kind: requireName('a kind of run', start.kind),
    state: 'running',
    start_key: start.key ?? null,
    parent_run_id: start.parentRunId ?? null,
    started_at_ms: ports.clock.nowMs(),
    ended_at_ms: null,
    failure_code: null,
    failure_message: null,
    version: 1,
    metrics_told_at_ms: 0,
  };
}

async function findByKey(tx: SqlTx, projectId: string, key: string): Promise<string | undefined> {
  const row = await tx
    .tables<TrackingTables>()
    .selectFrom('tracking_runs')
    .select('id')
    .where('project_id', '=', projectId)
    .where('start_key', '=', key)
    .executeTakeFirst();
  return row?.id;
}

async function nextNumber(tx: SqlTx, projectId: string): Promise<number> {
  const row = await tx
    .tables<TrackingTables>()
    .selectFrom('tracking_runs')
    .select((query) => query.fn.max('number').as('last'))
    .where('project_id', '=', projectId)
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

async function experimentIdOf(ports: RunPorts, tx: SqlTx, start: RunStart): Promise<string> {
  const db = tx.tables<TrackingTables>();
  const name = requireName('an experiment', start.experiment);
  const known = await db
    .selectFrom('tracking_experiments')
    .select('id')
    .where('project_id', '=', start.projectId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = ports.ids.next();
  const row = { id, project_id: start.projectId, name, created_at_ms: ports.clock.nowMs() };
  await db.insertInto('tracking_experiments').values(row).execute();
  return id;
}
