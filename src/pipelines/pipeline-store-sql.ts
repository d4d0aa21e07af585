import { GyreError, type WorkState } from '#kernel';
import type { SqlTx } from '#platform/sql';

/** One pipeline run as lists show it; its steps are the machine's state. */
export interface PipelineRunSummary {
  readonly id: string;
  readonly projectId: string;
  /** Counts up per project, from 1: for people. */
  readonly number: number;
  readonly pipeline: string;
  readonly state: WorkState;
  readonly parentId: string;
  readonly version: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
}

/** One line that a step wrote. */
export interface LogLine {
  /** Counts up per run, from 1. */
  readonly number: number;
  readonly step: string;
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr' | 'gyre';
  readonly atMs: number;
  readonly text: string;
}

interface RunRow {
  id: string;
  project_id: string;
  number: number;
  pipeline: string;
  state: string;
  parent_id: string;
  version: number;
  started_at_ms: number;
  ended_at_ms: number | null;
}

interface LineRow {
  run_id: string;
  number: number;
  step: string;
  attempt: number;
  stream: string;
  at_ms: number;
  text: string;
}

interface PipelineTables {
  pipelines_runs: RunRow;
  pipelines_log_lines: LineRow;
}

/** Writes a run's row, new or changed. */
export async function saveRunRow(tx: SqlTx, run: PipelineRunSummary): Promise<void> {
  const changing = { state: run.state, version: run.version, ended_at_ms: run.endedAtMs ?? null };
  await tx
    .tables<PipelineTables>()
    .insertInto('pipelines_runs')
    .values({
      id: run.id,
      project_id: run.projectId,
      number: run.number,
      pipeline: run.pipeline,
      parent_id: run.parentId,
      started_at_ms: run.startedAtMs,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
}

/** Gives the number of the project's newest run; 0 when there is none. */
export async function lastRunNumber(tx: SqlTx, projectId: string): Promise<number> {
  const row = await tx
    .tables<PipelineTables>()
    .selectFrom('pipelines_runs')
    .select('number')
    .where('project_id', '=', projectId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? 0;
}

/** Finds a run by number or id, or throws `pipelines/run-not-found`. */
export async function requireRunRow(tx: SqlTx, projectId: string, numberOrId: string): Promise<PipelineRunSummary> {
  const row = await tx
    .tables<PipelineTables>()
    .selectFrom('pipelines_runs')
    .selectAll()
    .where('project_id', '=', projectId)
    .where((where) =>
      where.or([where('id', '=', numberOrId), where('number', '=', /^\d{1,9}$/.test(numberOrId) ? Number(numberOrId) : -1)]),
    )
    .executeTakeFirst();
  if (row !== undefined) return summaryOf(row);
  throw new GyreError({
    kind: 'not-found',
    code: 'pipelines/run-not-found',
    message: `there is no pipeline run "${numberOrId.slice(0, 40)}" in this project`,
  });
}

/** Lists runs, newest first. */
export async function listRunRows(
  tx: SqlTx,
  query: { readonly projectId: string; readonly before?: number; readonly limit: number },
): Promise<readonly PipelineRunSummary[]> {
  const rows = await tx
    .tables<PipelineTables>()
    .selectFrom('pipelines_runs')
    .selectAll()
    .where('project_id', '=', query.projectId)
    .where('number', '<', query.before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('number', 'desc')
    .limit(query.limit)
    .execute();
  return rows.map(summaryOf);
}

/** Appends lines of a run and numbers them. */
export async function appendLines(tx: SqlTx, runId: string, lines: readonly Omit<LogLine, 'number'>[]): Promise<void> {
  const last = await tx
    .tables<PipelineTables>()
    .selectFrom('pipelines_log_lines')
    .select('number')
    .where('run_id', '=', runId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const first = (last?.number ?? 0) + 1;
  await tx.insertMany({
    table: 'pipelines_log_lines',
    columns: ['run_id', 'number', 'step', 'attempt', 'stream', 'at_ms', 'text'],
    rows: lines.map((line, index) => [runId, first + index, line.step, line.attempt, line.stream, line.atMs, line.text]),
  });
}

/** Reads lines behind a number, oldest first. */
export async function readLines(
  tx: SqlTx,
  query: { readonly runId: string; readonly after: number; readonly step?: string; readonly limit: number },
): Promise<readonly LogLine[]> {
  let select = tx
    .tables<PipelineTables>()
    .selectFrom('pipelines_log_lines')
    .selectAll()
    .where('run_id', '=', query.runId)
    .where('number', '>', query.after);
  if (query.step !== undefined) select = select.where('step', '=', query.step);
  const rows = await select.orderBy('number').limit(query.limit).execute();
  return rows.map((row) => ({
    number: row.number,
    step: row.step,
    attempt: row.attempt,
    stream: row.stream === 'stderr' || row.stream === 'gyre' ? row.stream : 'stdout',
    atMs: row.at_ms,
    text: row.text,
  }));
}

function summaryOf(row: RunRow): PipelineRunSummary {
  return {
    id: row.id,
    projectId: row.project_id,
    number: row.number,
    pipeline: row.pipeline,
    // Written by saveRunRow from a WorkState.
    state: row.state as WorkState,
    parentId: row.parent_id,
    version: row.version,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
  };
}
