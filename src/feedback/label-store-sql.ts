import { sql } from 'kysely';
import { DAY_MS } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { LabelQuery, LatenessPoint } from './feedback-slice.ts';
import type { Label } from './label.ts';

interface LabelRow {
  project_id: string;
  outcome: string;
  entity_id: string;
  known_ms: number;
  event_ms: number;
  value: number;
}

interface LabelTables {
  feedback_labels: LabelRow;
}

const COLUMNS = ['project_id', 'outcome', 'entity_id', 'known_ms', 'event_ms', 'value'] as const;
/** Names asked for in one statement; stores bound the number of parameters. */
const IDS_AT_ONCE = 2000;

/** Writes labels; those that are known already are left out. Returns how many were new. */
export async function writeLabels(
  tx: SqlTx,
  request: { readonly projectId: string; readonly outcome: string; readonly labels: readonly Label[] },
): Promise<number> {
  const { projectId, outcome } = request;
  const rows = request.labels.map(({ entityId, knownMs, eventMs, value }) => [
    projectId,
    outcome,
    entityId,
    Math.round(knownMs),
    Math.round(eventMs),
    value,
  ]);
  if (rows.length === 0) return 0;
  return tx.insertMany({ table: 'feedback_labels', columns: COLUMNS, rows, onConflict: 'ignore' });
}

/** Reads labels: of each entity the one that became known last. */
export async function readLabels(tx: SqlTx, query: LabelQuery): Promise<readonly Label[]> {
  const { ids } = query;
  if (ids === undefined) return newestOf(await readRows(tx, query, undefined));
  const rows: LabelRow[] = [];
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    rows.push(...(await readRows(tx, query, ids.slice(from, from + IDS_AT_ONCE))));
  }
  return newestOf(rows);
}

async function readRows(tx: SqlTx, query: LabelQuery, ids: readonly string[] | undefined): Promise<readonly LabelRow[]> {
  const { projectId, outcome, fromMs, toMs, knownBeforeMs } = query;
  return tx
    .tables<LabelTables>()
    .selectFrom('feedback_labels')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('outcome', '=', outcome)
    .$if(ids !== undefined, (rows) => rows.where('entity_id', 'in', [...(ids ?? [])]))
    .$if(fromMs !== undefined, (rows) => rows.where('event_ms', '>=', fromMs ?? 0))
    .$if(toMs !== undefined, (rows) => rows.where('event_ms', '<', toMs ?? 0))
    .$if(knownBeforeMs !== undefined, (rows) => rows.where('known_ms', '<', knownBeforeMs ?? 0))
    .orderBy('entity_id')
    .orderBy('known_ms')
    .execute();
}

function newestOf(rows: readonly LabelRow[]): readonly Label[] {
  const byEntity = new Map<string, Label>();
  for (const row of rows) {
    byEntity.set(row.entity_id, { entityId: row.entity_id, value: row.value, eventMs: row.event_ms, knownMs: row.known_ms });
  }
  return [...byEntity.values()];
}

/** What a feed has brought. */
export interface LabelCounts {
  readonly labels: number;
  readonly lastKnownMs: number | undefined;
}

/** Counts the labels of a feed. */
export async function countLabels(
  tx: SqlTx,
  feed: { readonly projectId: string; readonly outcome: string },
): Promise<LabelCounts> {
  const row = await tx
    .tables<LabelTables>()
    .selectFrom('feedback_labels')
    .select((select) => [select.fn.countAll<number>().as('labels'), select.fn.max('known_ms').as('lastKnownMs')])
    .where('project_id', '=', feed.projectId)
    .where('outcome', '=', feed.outcome)
    .executeTakeFirst();
  // An aggregate over no rows is null.
  const lastKnownMs = row?.lastKnownMs as number | null | undefined;
  return { labels: Number(row?.labels ?? 0), lastKnownMs: lastKnownMs ?? undefined };
}

/** Tells which share of the labels that arrived was known so many whole days after the event. */
export async function readLateness(
  tx: SqlTx,
  feed: { readonly projectId: string; readonly outcome: string },
): Promise<readonly LatenessPoint[]> {
  const dayOf = sql<number>`(known_ms - event_ms) / ${sql.lit(DAY_MS)}`;
  const rows = await tx
    .tables<LabelTables>()
    .selectFrom('feedback_labels')
    .select((select) => [dayOf.as('day'), select.fn.countAll<number>().as('labels')])
    .where('project_id', '=', feed.projectId)
    .where('outcome', '=', feed.outcome)
    .groupBy(dayOf)
    .orderBy('day')
    .execute();
  const total = rows.reduce((sum, row) => sum + Number(row.labels), 0);
  let known = 0;
  return rows.map((row) => {
    known += Number(row.labels);
    return { days: Math.max(0, Number(row.day)) + 1, share: known / total };
  });
}
