import { type SqlBool, sql } from 'kysely';
import {
  decodeCursor,
  encodeCursor,
  fromWireNumber,
  GyreError,
  type Page,
  SECOND_MS,
  toWireNumber,
  type WireNumber,
} from '#kernel';
import type { SqlTx } from '#platform/sql';
import { requireName } from './names.ts';
import type { MetricHistoryQuery, MetricPoint } from './run.ts';
import { pointOf, requireRunRow } from './run-rows-sql.ts';
import type { RunPorts } from './start-run-sql.ts';
import type { PointRow, TrackingTables } from './tables.ts';

const COLUMNS = ['run_id', 'name', 'step', 'at_ms', 'value', 'is_nan'] as const;
/** Six values a row, and SQLite binds 32,766 at most. */
const ROWS_PER_STATEMENT = 1000;
const HISTORY_LIMIT = 25_000;

/** Adds points as one message, moves the last values on, and tells the log at most once a second a run. */
export async function logMetrics(ports: RunPorts, tx: SqlTx, runId: string, points: readonly MetricPoint[]): Promise<void> {
  await requireRunRow(tx, runId);
  if (points.length === 0) return;
  const rows = points.map((point) => rowOf(runId, point));
  await tx.insertMany({
    table: 'tracking_metrics',
    columns: COLUMNS,
    rows: rows.map((row) => COLUMNS.map((column) => row[column])),
    onConflict: 'ignore',
  });
  const last = lastByName(rows);
  for (let start = 0; start < last.length; start += ROWS_PER_STATEMENT) {
    await moveLastValues(tx, last.slice(start, start + ROWS_PER_STATEMENT));
  }
  await tellMetrics(ports, tx, runId);
}

function rowOf(runId: string, point: MetricPoint): PointRow {
  const isNan = Number.isNaN(point.value);
  if (!Number.isSafeInteger(point.step) || !isTime(point.atMs)) {
    throw new GyreError({
      kind: 'invalid',
      code: 'tracking/bad-point',
      message: `metric "${point.name.slice(0, 60)}" has step ${String(point.step)} at ${String(point.atMs)} ms; both are whole numbers, the time in milliseconds since 1970`,
    });
  }
  return {
    run_id: runId,
    name: requireName('a metric', point.name),
    step: point.step,
    at_ms: point.atMs,
    // Minus zero equals zero in every store but not in every comparison.
    value: isNan ? 0 : point.value + 0,
    is_nan: isNan ? 1 : 0,
  };
}

/** ECMAScript times end 100 million days from 1970. */
function isTime(atMs: number): boolean {
  return Number.isSafeInteger(atMs) && Math.abs(atMs) <= 8.64e15;
}

function lastByName(rows: readonly PointRow[]): readonly PointRow[] {
  const last = new Map<string, PointRow>();
  for (const row of rows) {
    const before = last.get(row.name);
    if (before === undefined || isLater(row, before)) last.set(row.name, row);
  }
  return [...last.values()];
}

function isLater(row: PointRow, before: PointRow): boolean {
  return row.step === before.step ? row.at_ms >= before.at_ms : row.step > before.step;
}

async function moveLastValues(tx: SqlTx, rows: readonly PointRow[]): Promise<void> {
  await tx
    .tables<TrackingTables>()
    .insertInto('tracking_last_metrics')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'name'])
        .doUpdateSet((set) => ({
          step: set.ref('excluded.step'),
          at_ms: set.ref('excluded.at_ms'),
          value: set.ref('excluded.value'),
          is_nan: set.ref('excluded.is_nan'),
        }))
        .where(sql<SqlBool>`(excluded.step, excluded.at_ms) >= (tracking_last_metrics.step, tracking_last_metrics.at_ms)`),
    )
    .execute();
}

async function tellMetrics(ports: RunPorts, tx: SqlTx, runId: string): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const told = await tx
    .tables<TrackingTables>()
    .updateTable('tracking_runs')
    .set((set) => ({ metrics_told_at_ms: nowMs, version: set('version', '+', 1) }))
    .where('id', '=', runId)
    // A clock that was set back must not silence a run.
    .where((where) => where.or([where('metrics_told_at_ms', '<=', nowMs - SECOND_MS), where('metrics_told_at_ms', '>', nowMs)]))
    .returning(['project_id', 'version'])
    .executeTakeFirst();
  if (told === undefined) return;
  await ports.events.append(tx, {
    topic: 'tracking.run-metrics',
    projectId: told.project_id,
    entity: 'run',
    entityId: runId,
    entityVersion: told.version,
  });
}

/** Reads points of one metric by step, then time. */
export async function readMetricHistory(tx: SqlTx, query: MetricHistoryQuery): Promise<Page<MetricPoint>> {
  await requireRunRow(tx, query.runId);
  const limit = requireLimit(query.limit ?? 1000);
  const list = `metric-history:${query.runId}`;
  let select = tx
    .tables<TrackingTables>()
    .selectFrom('tracking_metrics')
    .selectAll()
    .where('run_id', '=', query.runId)
    .where('name', '=', query.name);
  if (query.cursor !== undefined) {
    const [step, atMs, value, isNan] = decodeCursor(list, query.cursor);
    // Written below from a row; a forged one can only point elsewhere in the same history.
    const place = fromWireNumber(value as WireNumber);
    select = select.where(sql<SqlBool>`(step, at_ms, value, is_nan) > (${step}, ${atMs}, ${place}, ${isNan})`);
  }
  const rows = await select
    .orderBy('step')
    .orderBy('at_ms')
    .orderBy('value')
    .orderBy('is_nan')
    .limit(limit + 1)
    .execute();
  const last = rows[limit - 1];
  const items = rows.slice(0, limit).map(pointOf);
  if (rows.length <= limit || last === undefined) return { items };
  return { items, nextCursor: encodeCursor(list, [last.step, last.at_ms, toWireNumber(last.value), last.is_nan]) };
}

function requireLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= HISTORY_LIMIT) return limit;
  throw new GyreError({
    kind: 'invalid',
    code: 'tracking/bad-query',
    message: `limit ${String(limit)} is not a whole number from 1 to ${String(HISTORY_LIMIT)}`,
  });
}
