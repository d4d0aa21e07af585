import { decodeFrame, type Frame } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import { acceptedRows } from './accepted-rows.ts';
import type { Batch } from './batch.ts';
import type { Dataset } from './dataset.ts';
import type { DuckEngine } from './duck-engine.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { framedColumn, workingColumn } from './storage-columns.ts';

/** Rows of one piece of a large batch. */
const PIECE_ROWS = 20_000;

/**
 * Reads the accepted rows of a batch, large ones in pieces.
 *
 * @param ports - Where batches and the engine are.
 * @param batch - The batch.
 * @param options - What the dataset declares, and from which known time on rows of large batches are wanted.
 * @returns Frames as `acceptedRows` gives them; those of a file in order of known time and id.
 */
export async function* readBatchRows(
  ports: { readonly blobs: BlobStore; readonly engine: DuckEngine },
  batch: Batch,
  options: { readonly dataset: Dataset; readonly sinceKnownMs: number },
): AsyncGenerator<Frame> {
  const { dataset } = options;
  if (batch.format === 'frame') {
    yield acceptedRows(decodeFrame(await ports.blobs.get(batch.digest)), dataset);
    return;
  }
  const path = await ports.engine.admit(await ports.blobs.stage(batch.digest), 'parquet');
  const present = new Set(batch.columns.map((column) => column.name));
  const columns = dataset.columns.filter((column) => present.has(column.name));
  const since = Number.isFinite(options.sinceKnownMs)
    ? ` AND epoch_ms(${quoteName(dataset.knownTime)}) >= ${String(options.sinceKnownMs)}`
    : '';
  const rows = `SELECT ${columns.map(workingColumn).join(', ')} FROM read_parquet(${quoteText(path)}) WHERE gyre_reason IS NULL${since}`;
  const order = `${quoteName(dataset.knownTime)}, ${quoteName(dataset.id)}`;
  for (let from = 0; ; from += PIECE_ROWS) {
    const frame = await ports.engine.query(
      `SELECT ${columns.map(framedColumn).join(', ')} FROM (${rows}) ORDER BY ${order} LIMIT ${String(PIECE_ROWS)} OFFSET ${String(from)}`,
    );
    if (frame.nRows > 0) yield acceptedRows(frame, dataset);
    if (frame.nRows < PIECE_ROWS) return;
  }
}
