import { type Estimate, GyreError, isId, parseDigest, WorkState } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { Experiment, MetricPoint, Run } from './run.ts';
import type { EstimateRow, PointRow, RunRow, TrackingTables } from './tables.ts';

/** A run row with the name of its experiment. */
export interface NamedRunRow extends RunRow {
  readonly experiment: string;
}

/** Finds a run row by its id, or throws `tracking/run-not-found`. */
export async function requireRunRow(tx: SqlTx, runId: string): Promise<RunRow> {
  const row = await tx
    .tables<TrackingTables>()
    .selectFrom('tracking_runs')
    .selectAll()
    .where('id', '=', runId)
    .executeTakeFirst();
  if (row === undefined) throw runNotFound(runId);
  return row;
}

/** Finds the id of a run of a project by its id or number, or throws `tracking/run-not-found`. */
export async function requireRunId(tx: SqlTx, projectId: string, idOrNumber: string): Promise<string> {
  const query = tx.tables<TrackingTables>().selectFrom('tracking_runs').select('id').where('project_id', '=', projectId);
  const row = await (isId(idOrNumber)
    ? query.where('id', '=', idOrNumber)
    : query.where('number', '=', runNumberOf(idOrNumber))
  ).executeTakeFirst();
  if (row === undefined) throw runNotFound(idOrNumber);
  return row.id;
}

/** Reads runs with all they have but histories, in the order of the ids. */
export async function loadRuns(tx: SqlTx, ids: readonly string[]): Promise<readonly Run[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .tables<TrackingTables>()
    .selectFrom('tracking_runs as run')
    .innerJoin('tracking_experiments as experiment', 'experiment.id', 'run.experiment_id')
    .selectAll('run')
    .select('experiment.name as experiment')
    .where('run.id', 'in', ids)
    .execute();
  const details = await loadDetails(tx, ids);
  const byId = new Map(rows.map((row) => [row.id, runOf(row, details)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Lists the experiments of a project by name. */
export async function listExperimentRows(tx: SqlTx, projectId: string): Promise<readonly Experiment[]> {
  const rows = await tx
    .tables<TrackingTables>()
    .selectFrom('tracking_experiments')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ id: row.id, projectId: row.project_id, name: row.name, createdAtMs: row.created_at_ms }));
}

/** Makes a point of its row. */
export function pointOf(row: PointRow): MetricPoint {
  return { name: row.name, value: row.is_nan === 1 ? Number.NaN : row.value, step: row.step, atMs: row.at_ms };
}

type Details = Awaited<ReturnType<typeof loadDetails>>;

async function loadDetails(tx: SqlTx, ids: readonly string[]) {
  const db = tx.tables<TrackingTables>();
  const of = <Table extends 'tracking_params' | 'tracking_tags'>(table: Table) =>
    db.selectFrom<'tracking_params' | 'tracking_tags'>(table).selectAll().where('run_id', 'in', ids).orderBy('name').execute();
  const metrics = db.selectFrom('tracking_last_metrics').selectAll().where('run_id', 'in', ids).orderBy('name');
  const estimates = db.selectFrom('tracking_estimates').selectAll().where('run_id', 'in', ids).orderBy('name');
  const artifacts = db.selectFrom('tracking_artifacts').selectAll().where('run_id', 'in', ids).orderBy('path');
  const inputs = db.selectFrom('tracking_inputs').selectAll().where('run_id', 'in', ids).orderBy('kind').orderBy('name');
  return {
    params: byRun(await of('tracking_params')),
    tags: byRun(await of('tracking_tags')),
    metrics: byRun(await metrics.execute()),
    estimates: byRun(await estimates.execute()),
    artifacts: byRun(await artifacts.execute()),
    inputs: byRun(await inputs.execute()),
  };
}

function byRun<Row extends { readonly run_id: string }>(rows: readonly Row[]): (runId: string) => readonly Row[] {
  const groups = Map.groupBy(rows, (row) => row.run_id);
  return (runId) => groups.get(runId) ?? [];
}

function runOf(row: NamedRunRow, details: Details): Run {
  const { id } = row;
  return {
    id,
    number: row.number,
    projectId: row.project_id,
    experimentId: row.experiment_id,
    experiment: row.experiment,
    name: row.name,
    kind: row.kind,
    state: stateOf(row.state),
    parentRunId: row.parent_run_id ?? undefined,
    params: Object.fromEntries(details.params(id).map((param) => [param.name, param.value])),
    metrics: Object.fromEntries(details.metrics(id).map((point) => [point.name, pointOf(point)])),
    estimates: Object.fromEntries(details.estimates(id).map((estimate) => [estimate.name, estimateOf(estimate)])),
    tags: Object.fromEntries(details.tags(id).map((tag) => [tag.name, tag.value])),
    artifacts: details
      .artifacts(id)
      .map(({ path, digest, size_bytes }) => ({ path, digest: parseDigest(digest), sizeBytes: size_bytes })),
    inputs: details.inputs(id).map(({ kind, name, digest }) => ({ kind, name, digest: parseDigest(digest) })),
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
    failure: row.failure_code === null ? undefined : { code: row.failure_code, message: row.failure_message ?? row.failure_code },
    version: row.version,
  };
}

function estimateOf(row: EstimateRow): Estimate {
  const { level, n, method } = row;
  return { value: row.value ?? Number.NaN, low: row.low ?? Number.NaN, high: row.high ?? Number.NaN, level, n, method };
}

function stateOf(text: string): Run['state'] {
  return WorkState.find((state) => state === text) ?? 'failed';
}

function runNumberOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

function runNotFound(idOrNumber: string): GyreError {
  return new GyreError({
    kind: 'not-found',
    code: 'tracking/run-not-found',
    message: `there is no run ${JSON.stringify(idOrNumber.slice(0, 60))}; name it by its id of 32 hex digits or by its number`,
  });
}
