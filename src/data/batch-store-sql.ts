import { parseDigest } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { Batch } from './batch.ts';
import type { DatasetColumn } from './dataset.ts';

interface BatchRow {
  id: string;
  project_id: string;
  dataset: string;
  number: number;
  name: string | null;
  source_digest: string;
  format: string;
  digest: string;
  size_bytes: number;
  rows: number;
  quarantined: number;
  reasons: string;
  min_known_ms: number;
  max_known_ms: number;
  taken_below_ms: number;
  columns: string;
  appended_at_ms: number;
  appended_by: string;
}

interface BatchTables {
  data_batches: BatchRow;
}

/** Names one dataset of one project. */
export interface DatasetKey {
  readonly projectId: string;
  readonly dataset: string;
}

const rowsOf = (tx: SqlTx, key: DatasetKey) =>
  tx
    .tables<BatchTables>()
    .selectFrom('data_batches')
    .selectAll()
    .where('project_id', '=', key.projectId)
    .where('dataset', '=', key.dataset);

/** Finds a batch by the name it was appended under. */
export async function findNamedBatch(tx: SqlTx, key: DatasetKey, name: string): Promise<Batch | undefined> {
  const row = await rowsOf(tx, key).where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : batchOf(row);
}

/** Gives the newest batch of a dataset. */
export async function lastBatch(tx: SqlTx, key: DatasetKey): Promise<Batch | undefined> {
  const row = await rowsOf(tx, key).orderBy('number', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? undefined : batchOf(row);
}

/** Finds a batch by id. */
export async function findBatch(tx: SqlTx, id: string): Promise<Batch | undefined> {
  const row = await tx.tables<BatchTables>().selectFrom('data_batches').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : batchOf(row);
}

/** Lists, oldest first, the batches with rows known before a cut that no version has yet. */
export async function listUncutBatches(tx: SqlTx, key: DatasetKey, cutMs: number): Promise<readonly Batch[]> {
  const rows = await rowsOf(tx, key)
    .where('min_known_ms', '<', cutMs)
    .whereRef('max_known_ms', '>=', 'taken_below_ms')
    .where('taken_below_ms', '<', cutMs)
    .orderBy('number')
    .execute();
  return rows.map(batchOf);
}

/** Lists, oldest first, the batches that may hold rows known at or after a time. */
export async function listBatchesSince(tx: SqlTx, key: DatasetKey, sinceKnownMs: number): Promise<readonly Batch[]> {
  const rows = await rowsOf(tx, key).where('max_known_ms', '>=', sinceKnownMs).orderBy('number').execute();
  return rows.map(batchOf);
}

/** Adds a batch. */
export async function insertBatch(tx: SqlTx, batch: Batch): Promise<void> {
  await tx
    .tables<BatchTables>()
    .insertInto('data_batches')
    .values({
      id: batch.id,
      project_id: batch.projectId,
      dataset: batch.dataset,
      number: batch.number,
      name: batch.name ?? null,
      source_digest: batch.sourceDigest,
      format: batch.format,
      digest: batch.digest,
      size_bytes: batch.sizeBytes,
      rows: batch.rows,
      quarantined: batch.quarantined,
      reasons: JSON.stringify(batch.reasons),
      min_known_ms: batch.minKnownMs,
      max_known_ms: batch.maxKnownMs,
      taken_below_ms: batch.takenBelowMs,
      columns: JSON.stringify(batch.columns),
      appended_at_ms: batch.appendedAtMs,
      appended_by: batch.appendedBy,
    })
    .execute();
}

/** Notes that the rows of some batches known before a cut are in a version now. */
export async function markBatchesTaken(tx: SqlTx, batches: readonly Batch[], cutMs: number): Promise<void> {
  const db = tx.tables<BatchTables>();
  for (let from = 0; from < batches.length; from += 500) {
    const ids = batches.slice(from, from + 500).map((batch) => batch.id);
    await db.updateTable('data_batches').set({ taken_below_ms: cutMs }).where('id', 'in', ids).execute();
  }
}

/** Totals of all batches of a dataset. */
export interface BatchTotals {
  readonly batches: number;
  readonly rows: number;
  readonly quarantined: number;
  readonly lastKnownMs: number | undefined;
}

/** Sums up the batches of a dataset. */
export async function totalBatches(tx: SqlTx, key: DatasetKey): Promise<BatchTotals> {
  const found = await tx
    .tables<BatchTables>()
    .selectFrom('data_batches')
    .select((build) => [
      build.fn.countAll<number>().as('batches'),
      build.fn.sum<number | null>('rows').as('rows'),
      build.fn.sum<number | null>('quarantined').as('quarantined'),
      build.fn.max('max_known_ms').as('last'),
    ])
    .where('project_id', '=', key.projectId)
    .where('dataset', '=', key.dataset)
    .executeTakeFirstOrThrow();
  // An aggregate over no rows is NULL in SQL, whatever the type of its column.
  const last: number | null = found.last;
  return {
    batches: Number(found.batches),
    rows: Number(found.rows ?? 0),
    quarantined: Number(found.quarantined ?? 0),
    lastKnownMs: last ?? undefined,
  };
}

function batchOf(row: BatchRow): Batch {
  return {
    id: row.id,
    projectId: row.project_id,
    dataset: row.dataset,
    number: row.number,
    name: row.name ?? undefined,
    sourceDigest: parseDigest(row.source_digest),
    format: row.format === 'parquet' ? 'parquet' : 'frame',
    digest: parseDigest(row.digest),
    sizeBytes: row.size_bytes,
    rows: row.rows,
    quarantined: row.quarantined,
    // Both were written by insertBatch.
    reasons: JSON.parse(row.reasons) as Readonly<Record<string, number>>,
    columns: JSON.parse(row.columns) as readonly DatasetColumn[],
    minKnownMs: row.min_known_ms,
    maxKnownMs: row.max_known_ms,
    takenBelowMs: row.taken_below_ms,
    appendedAtMs: row.appended_at_ms,
    appendedBy: row.appended_by,
  };
}
