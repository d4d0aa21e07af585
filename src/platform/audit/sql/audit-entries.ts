import { sql } from 'kysely';
import { canonicalJson, type JsonObject } from '#kernel';
import type { AuditEntry, AuditEntryInput } from '#platform/audit';
import type { SqlTx } from '#platform/sql';
import { appendLeaf, type Frontier, leafHash } from '../merkle.ts';
import { type AuditTables, ENTRY_FORMAT, LOG_NAME } from './audit-tables.ts';

type EntryRow = AuditTables['audit_entry'];

/** The tree as the store has it. */
export interface AuditHead {
  readonly size: number;
  readonly frontier: Frontier;
}

/**
 * Appends an entry. Moving the head row first makes writers wait for each other's commit, so that the tree never forks.
 *
 * @param tx - The caller's transaction.
 * @param entry - What was done.
 * @param atMs - Wall time, milliseconds since 1970 UTC.
 * @returns The sequence, from 1.
 */
export async function appendEntry(tx: SqlTx, entry: AuditEntryInput, atMs: number): Promise<number> {
  const db = tx.tables<AuditTables>();
  const moved = await db
    .updateTable('audit_head')
    .set({ size: sql<number>`size + 1` })
    .where('log', '=', LOG_NAME)
    .returning(['size', 'frontier'])
    .executeTakeFirstOrThrow();
  const row = toRow({ entry, sequence: moved.size, atMs });
  const frontier = appendLeaf(parseFrontier(moved.frontier), moved.size - 1, row.leaf_hash);
  await Promise.all([
    db.insertInto('audit_entry').values(row).execute(),
    db
      .updateTable('audit_head')
      .set({ frontier: JSON.stringify(frontier) })
      .where('log', '=', LOG_NAME)
      .execute(),
  ]);
  return moved.size;
}

/**
 * Reads the tree as the store has it.
 *
 * @param tx - Any handle.
 * @returns Size and frontier.
 */
export async function readHead(tx: SqlTx): Promise<AuditHead> {
  const row = await tx.tables<AuditTables>().selectFrom('audit_head').selectAll().where('log', '=', LOG_NAME).executeTakeFirst();
  return { size: row?.size ?? 0, frontier: parseFrontier(row?.frontier ?? '[]') };
}

/**
 * Counts the stored entries, wherever they stand.
 *
 * @param tx - Any handle.
 * @returns The number.
 */
export async function countRows(tx: SqlTx): Promise<number> {
  const row = await tx
    .tables<AuditTables>()
    .selectFrom('audit_entry')
    .select((build) => build.fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/**
 * Reads stored entries in order.
 *
 * @param tx - Any handle.
 * @param range - Behind which sequence, how many at most.
 * @returns The rows.
 */
export function readRows(tx: SqlTx, range: { readonly after: number; readonly limit: number }): Promise<readonly EntryRow[]> {
  return tx
    .tables<AuditTables>()
    .selectFrom('audit_entry')
    .selectAll()
    .where('sequence', '>', range.after)
    .orderBy('sequence')
    .limit(range.limit)
    .execute();
}

/**
 * Reads the leaf hashes of stored entries in order.
 *
 * @param tx - Any handle.
 * @param range - Behind which sequence, how many at most.
 * @returns The hashes.
 */
export async function readLeaves(
  tx: SqlTx,
  range: { readonly after: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await tx
    .tables<AuditTables>()
    .selectFrom('audit_entry')
    .select('leaf_hash')
    .where('sequence', '>', range.after)
    .orderBy('sequence')
    .limit(range.limit)
    .execute();
  return rows.map((row) => row.leaf_hash);
}

/**
 * Reads entries for people, newest first.
 *
 * @param tx - Any handle.
 * @param query - Project and resource where given, before which sequence, how many at most.
 * @returns The entries.
 */
export async function readEntries(
  tx: SqlTx,
  query: { readonly projectId?: string; readonly resource?: string; readonly before?: number; readonly limit: number },
): Promise<readonly AuditEntry[]> {
  const all = tx.tables<AuditTables>().selectFrom('audit_entry').selectAll();
  const ofProject = query.projectId === undefined ? all : all.where('project_id', '=', query.projectId);
  const ofResource = query.resource === undefined ? ofProject : ofProject.where('resource', '=', query.resource);
  const older = query.before === undefined ? ofResource : ofResource.where('sequence', '<', query.before);
  const rows = await older.orderBy('sequence', 'desc').limit(query.limit).execute();
  return rows.map((row) => ({ ...toEntry(row), sequence: row.sequence, atMs: row.at_ms, leafHash: row.leaf_hash }));
}

/**
 * Hashes a stored entry anew, from all of its columns.
 *
 * @param row - The stored entry.
 * @returns Its leaf hash as it should be, or undefined when a column cannot even be read.
 */
export function recomputeLeaf(row: EntryRow): string | undefined {
  try {
    return leafOf({ entry: toEntry(row), sequence: row.sequence, atMs: row.at_ms, format: row.format });
  } catch {
    return undefined;
  }
}

function leafOf(leaf: {
  readonly entry: AuditEntryInput;
  readonly sequence: number;
  readonly atMs: number;
  readonly format: number;
}): string {
  return leafHash(canonicalJson({ ...leaf.entry, sequence: leaf.sequence, atMs: leaf.atMs, format: leaf.format }));
}

function toRow(made: { readonly entry: AuditEntryInput; readonly sequence: number; readonly atMs: number }): EntryRow {
  const { entry } = made;
  return {
    sequence: made.sequence,
    at_ms: made.atMs,
    actor: entry.actor,
    action: entry.action,
    project_id: entry.projectId ?? null,
    resource: entry.resource,
    outcome: entry.outcome,
    reason: entry.reason ?? null,
    request_id: entry.requestId ?? null,
    data: entry.data === undefined ? null : canonicalJson(entry.data),
    format: ENTRY_FORMAT,
    leaf_hash: leafOf({ ...made, format: ENTRY_FORMAT }),
  };
}

function toEntry(row: EntryRow): AuditEntryInput {
  return {
    actor: row.actor,
    action: row.action,
    ...(row.project_id === null ? {} : { projectId: row.project_id }),
    resource: row.resource,
    outcome: row.outcome,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    // `toRow` wrote the text from a JSON object; whoever changed it since changed the hash.
    ...(row.data === null ? {} : { data: JSON.parse(row.data) as JsonObject }),
  };
}

function parseFrontier(text: string): Frontier {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map((hash) => String(hash)) : [];
}
