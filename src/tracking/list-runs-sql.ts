import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type CursorKey, decodeCursor, encodeCursor, GyreError, type Page, toWireNumber } from '#kernel';
import { digestOfJson } from '#platform/digest';
import type { SqlTx } from '#platform/sql';
import type { Run, RunQuery } from './run.ts';
import { loadRuns } from './run-rows-sql.ts';
import type { TrackingTables } from './tables.ts';

const PAGE_LIMIT = 1000;

/** How a list is sorted: the expression of a run's sort value, the join it needs, and the direction. */
interface RunOrder {
  readonly value: RawBuilder<number | string | null>;
  readonly join: RawBuilder<unknown>;
  readonly descending: boolean;
  /** Whether some runs lack the value; they come last. */
  readonly isSparse: boolean;
}

/** Lists runs page by page. */
export async function listRuns(tx: SqlTx, query: RunQuery): Promise<Page<Run>> {
  const limit = requireLimit(query.limit ?? 50);
  const order = orderOf(query.sort ?? '-number');
  const list = listNameOf(query);
  const cursor = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor);
  const direction = order.descending ? sql`DESC` : sql`ASC`;
  const { rows } = await sql<{ id: string; number: number; place: number | string | null }>`
    SELECT run.id AS id, run.number AS number, ${order.value} AS place
    FROM tracking_runs AS run ${order.join}
    WHERE ${sql.join([...filtersOf(query), ...behind(order, cursor)], sql` AND `)}
    ORDER BY ${order.isSparse ? sql`CASE WHEN ${order.value} IS NULL THEN 1 ELSE 0 END, ` : sql``}${order.value} ${direction}, run.number ${direction}
    LIMIT ${limit + 1}`.execute(tx.tables<TrackingTables>());
  const items = await loadRuns(
    tx,
    rows.slice(0, limit).map((row) => row.id),
  );
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { items };
  const place = typeof last.place === 'number' ? toWireNumber(last.place) : last.place;
  return { items, nextCursor: encodeCursor(list, [place, last.number]) };
}

/** Names the list by its filters and order, so that its cursors fit no other. */
function listNameOf(query: RunQuery): string {
  const { limit: _limit, cursor: _cursor, ...rest } = query;
  return `runs:${digestOfJson(rest).slice(7, 19)}`;
}

function filtersOf(query: RunQuery): RawBuilder<SqlBool>[] {
  const filters = [sql<SqlBool>`run.project_id = ${query.projectId}`];
  if (query.state !== undefined) filters.push(sql`run.state = ${query.state}`);
  if (query.kind !== undefined) filters.push(sql`run.kind = ${query.kind}`);
  if (query.parentRunId !== undefined) filters.push(sql`run.parent_run_id = ${query.parentRunId}`);
  if (query.experiment !== undefined) {
    filters.push(sql`run.experiment_id IN (
      SELECT id FROM tracking_experiments WHERE project_id = ${query.projectId} AND name = ${query.experiment}
    )`);
  }
  return filters;
}

/** What lies behind the cursor: later values, equal values of later runs, and at the end runs without the value. */
function behind(order: RunOrder, cursor: CursorKey | undefined): RawBuilder<SqlBool>[] {
  if (cursor === undefined) return [];
  const [place, number] = cursor;
  const after = order.descending ? sql`<` : sql`>`;
  // One comparison of rows: the store can begin at the cursor instead of looking for it.
  if (!order.isSparse) return [sql`(${order.value}, run.number) ${after} (${place}, ${number})`];
  const next = sql<SqlBool>`run.number ${after} ${number}`;
  if (place === null || place === undefined) return [sql`(${order.value} IS NULL AND ${next})`];
  const value = place === 'Infinity' || place === '-Infinity' ? Number(place) : place;
  return [sql`(${order.value} ${after} ${value} OR (${order.value} = ${value} AND ${next}) OR ${order.value} IS NULL)`];
}

function orderOf(sort: string): RunOrder {
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  const none = sql``;
  if (field === 'number') return { value: sql`run.number`, join: none, descending, isSparse: false };
  if (field === 'startedAt') return { value: sql`run.started_at_ms`, join: none, descending, isSparse: false };
  if (field === 'name') return { value: sql`run.name`, join: none, descending, isSparse: false };
  const [table, name] = [field.slice(0, field.indexOf('.')), field.slice(field.indexOf('.') + 1)];
  if (table === 'metrics' && name !== '') {
    const join = sql`LEFT JOIN tracking_last_metrics AS sorted ON sorted.run_id = run.id AND sorted.name = ${name}`;
    return { value: sql`CASE WHEN sorted.is_nan = 0 THEN sorted.value END`, join, descending, isSparse: true };
  }
  if (table === 'estimates' && name !== '') {
    const join = sql`LEFT JOIN tracking_estimates AS sorted ON sorted.run_id = run.id AND sorted.name = ${name}`;
    return { value: sql`sorted.value`, join, descending, isSparse: true };
  }
  throw new GyreError({
    kind: 'invalid',
    code: 'tracking/bad-query',
    message: `cannot sort runs by "${sort.slice(0, 60)}"; sort by number, startedAt, name, metrics.<name> or estimates.<name>, with - in front to turn round`,
  });
}

function requireLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT) return limit;
  throw new GyreError({
    kind: 'invalid',
    code: 'tracking/bad-query',
    message: `limit ${String(limit)} is not a whole number from 1 to ${String(PAGE_LIMIT)}`,
  });
}
