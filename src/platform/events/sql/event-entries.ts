import { sql } from 'kysely';
import type { JsonObject } from '#kernel';
import type { EventInput, OutboxEvent } from '#platform/events';
import type { SqlTx } from '#platform/sql';
import { ENTRY_FORMAT, type EventTables, LOG_NAME } from './event-tables.ts';

/**
 * Appends an event. Moving the one counter row first makes writers wait for each other's commit, so that positions
 * follow commit order; both statements travel together, because the second reads the position that the first left.
 *
 * @param tx - The caller's transaction.
 * @param event - What happened.
 * @param atMs - Wall time, milliseconds since 1970 UTC.
 * @returns The position, from 1.
 */
export async function appendEntry(tx: SqlTx, event: EventInput, atMs: number): Promise<number> {
  const db = tx.tables<EventTables>();
  const moving = db
    .updateTable('events_counter')
    .set({ position: sql<number>`position + 1` })
    .where('log', '=', LOG_NAME)
    .returning('position')
    .executeTakeFirstOrThrow();
  const inserting = sql`INSERT INTO events_entry
    (position, at_ms, topic, project_id, entity, entity_id, entity_version, data, format)
    SELECT position, ${atMs}, ${event.topic}, ${event.projectId ?? null}, ${event.entity}, ${event.entityId},
      ${event.entityVersion}, ${event.data === undefined ? null : JSON.stringify(event.data)}, ${ENTRY_FORMAT}
    FROM events_counter WHERE log = ${LOG_NAME}`.execute(db);
  const [moved] = await Promise.all([moving, inserting]);
  return moved.position;
}

/**
 * Reads entries in order.
 *
 * @param tx - Any handle.
 * @param range - Behind which position, how many at most, and optionally up to which position and of which topics.
 * @returns The entries, oldest first.
 */
export async function readEntries(
  tx: SqlTx,
  range: { readonly after: number; readonly limit: number; readonly upTo?: number; readonly topics?: readonly string[] },
): Promise<readonly OutboxEvent[]> {
  const base = tx.tables<EventTables>().selectFrom('events_entry').selectAll().where('position', '>', range.after);
  const bounded = range.upTo === undefined ? base : base.where('position', '<=', range.upTo);
  const wanted = range.topics === undefined ? bounded : bounded.where('topic', 'in', [...range.topics]);
  const rows = await wanted.orderBy('position').limit(range.limit).execute();
  return rows.map((row) => toEvent(row));
}

/**
 * Reads the position of the newest event.
 *
 * @param tx - Any handle.
 * @returns The position; 0 for an empty log.
 */
export async function readLastPosition(tx: SqlTx): Promise<number> {
  const row = await tx
    .tables<EventTables>()
    .selectFrom('events_counter')
    .select('position')
    .where('log', '=', LOG_NAME)
    .executeTakeFirst();
  return row?.position ?? 0;
}

function toEvent(row: EventTables['events_entry']): OutboxEvent {
  return {
    position: row.position,
    atMs: row.at_ms,
    topic: row.topic,
    ...(row.project_id === null ? {} : { projectId: row.project_id }),
    entity: row.entity,
    entityId: row.entity_id,
    entityVersion: row.entity_version,
    // This file wrote the text from a JSON object.
    ...(row.data === null ? {} : { data: JSON.parse(row.data) as JsonObject }),
  };
}
