import type { SqlTx } from '#platform/sql';

interface BatchRow {
  batch_id: string;
  outcome: string;
  project_id: string;
  position: number;
}

interface BatchTables {
  feedback_batches: BatchRow;
}

/** Batches of one list. */
const BATCHES_AT_ONCE = 100;

/** A batch whose labels are still to be read. */
export interface WaitingBatch {
  readonly batchId: string;
  readonly projectId: string;
  readonly outcome: string;
}

/** Remembers that a batch waits, in the transaction that also moves the cursor of the event log. */
export async function rememberBatch(tx: SqlTx, batch: WaitingBatch & { readonly position: number }): Promise<void> {
  const { batchId, projectId, outcome, position } = batch;
  await tx.insertMany({
    table: 'feedback_batches',
    columns: ['batch_id', 'outcome', 'project_id', 'position'],
    rows: [[batchId, outcome, projectId, position]],
    onConflict: 'ignore',
  });
}

/** Lists the first waiting batches in the order of their events. */
export async function listWaitingBatches(tx: SqlTx): Promise<readonly WaitingBatch[]> {
  const rows = await tx
    .tables<BatchTables>()
    .selectFrom('feedback_batches')
    .selectAll()
    .orderBy('position')
    .limit(BATCHES_AT_ONCE)
    .execute();
  return rows.map((row) => ({ batchId: row.batch_id, projectId: row.project_id, outcome: row.outcome }));
}

/** Forgets a batch whose labels are written. */
export async function forgetBatch(tx: SqlTx, batch: WaitingBatch): Promise<void> {
  await tx
    .tables<BatchTables>()
    .deleteFrom('feedback_batches')
    .where('batch_id', '=', batch.batchId)
    .where('outcome', '=', batch.outcome)
    .execute();
}
