import { rm } from 'node:fs/promises';
import { type Digest, encodeFrame, type Frame, GyreError } from '#kernel';
import { digestOfBytes } from '#platform/digest';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { acceptedRows } from './accepted-rows.ts';
import type { AppendReceipt, AppendTarget, FileFormat, JsonColumns } from './append.ts';
import type { Batch } from './batch.ts';
import type { BatchListeners } from './batch-listeners.ts';
import { readBatchRows } from './batch-rows-store.ts';
import { findNamedBatch, insertBatch, lastBatch } from './batch-store-sql.ts';
import { failOnBreach } from './breach-error.ts';
import { checkRows } from './check-rows.ts';
import type { Dataset } from './dataset.ts';
import type { DuckEngine } from './duck-engine.ts';
import { countReasons } from './frame-values.ts';
import { type IngestedFile, ingestFile } from './ingest-file-duckdb.ts';
import { FIRST_INSTANT_MS } from './parse-instant.ts';
import type { Turns } from './turns.ts';
import { typeColumns } from './type-columns.ts';
import { receiveFile } from './uploaded-file.ts';

/** What appends work with. */
export interface AppendPorts {
  readonly platform: Pick<Platform, 'database' | 'blobs' | 'events' | 'audit' | 'clock' | 'ids' | 'failpoint'>;
  readonly engine: DuckEngine;
  readonly listeners: BatchListeners;
  readonly turns: Turns;
}

/** A batch before it has its place. */
type Draft = Omit<Batch, 'id' | 'number' | 'appendedAtMs' | 'takenBelowMs'>;

/** Types, checks and durably appends rows given as JSON columns. */
export async function appendColumns(
  ports: AppendPorts,
  target: AppendTarget & { readonly declared: Dataset },
  columns: JsonColumns,
): Promise<AppendReceipt> {
  const { declared } = target;
  const typed = typeColumns(declared, columns);
  const verdicts = checkRows(typed, declared.checks);
  failOnBreach(declared.name, verdicts.findings);
  const { reasons } = verdicts;
  const frame: Frame = reasons === undefined ? typed : { nRows: typed.nRows, columns: [...typed.columns, reasons] };
  const bytes = encodeFrame(frame);
  const blob = await ports.platform.blobs.put(bytes);
  const aside = reasons === undefined ? [] : [...reasons.values].flatMap((code) => reasons.levels[code] ?? []);
  const draft: Draft = {
    ...draftOf(target),
    sourceDigest: reasons === undefined ? blob.digest : digestOfBytes(encodeFrame(typed)),
    format: 'frame',
    digest: blob.digest,
    sizeBytes: blob.sizeBytes,
    rows: typed.nRows - aside.length,
    quarantined: aside.length,
    reasons: countReasons(aside.map((reason) => [reason, 1])),
    ...knownRange(typed, declared.knownTime),
  };
  return await commit(ports, declared, draft, async (batch) => {
    const rows = acceptedRows(frame, declared);
    if (rows.nRows > 0) await ports.listeners.tell({ projectId: batch.projectId, dataset: batch.dataset, frame: rows });
  });
}

/** Streams a file to scratch, then types, checks and durably appends its rows. */
export async function appendFile(
  ports: AppendPorts,
  target: AppendTarget & { readonly declared: Dataset },
  file: { readonly format: FileFormat; readonly bytes: AsyncIterable<Uint8Array> },
): Promise<AppendReceipt> {
  const path = await ports.engine.freshPath(file.format);
  const leftovers = [path];
  try {
    const received = await receiveFile(path, file.bytes);
    const known = await replayed(ports, target, received.digest);
    if (known !== undefined) return known;
    const ingested = await ingestFile(ports.engine, target.declared, { path, format: file.format });
    leftovers.push(ingested.path);
    return await appendIngested(ports, target, { ingested, sourceDigest: received.digest });
  } finally {
    for (const leftover of leftovers) await rm(leftover, { force: true });
  }
}

async function appendIngested(
  ports: AppendPorts,
  target: AppendTarget & { readonly declared: Dataset },
  file: { readonly ingested: IngestedFile; readonly sourceDigest: Digest },
): Promise<AppendReceipt> {
  const { path, ...facts } = file.ingested;
  const blob = await ports.platform.blobs.putFile(path, { consume: true });
  const draft: Draft = { ...draftOf(target), ...facts, sourceDigest: file.sourceDigest, format: 'parquet', ...blob };
  return await commit(ports, target.declared, draft, async (batch) => {
    const sinceKnownMs = ports.listeners.wantedSince(batch);
    if (sinceKnownMs === undefined || batch.maxKnownMs < sinceKnownMs) return;
    const source = { blobs: ports.platform.blobs, engine: ports.engine };
    for await (const frame of readBatchRows(source, batch, { dataset: target.declared, sinceKnownMs })) {
      await ports.listeners.tell({ projectId: batch.projectId, dataset: batch.dataset, frame });
    }
  });
}

function draftOf(
  target: AppendTarget & { readonly declared: Dataset },
): Pick<Draft, 'projectId' | 'dataset' | 'name' | 'columns' | 'appendedBy'> {
  return {
    projectId: target.projectId,
    dataset: target.dataset,
    name: target.batch,
    columns: target.declared.columns,
    appendedBy: target.actor ?? 'service:data',
  };
}

function knownRange(frame: Frame, knownTime: string): { readonly minKnownMs: number; readonly maxKnownMs: number } {
  const values = frame.columns.find((column) => column.name === knownTime)?.values ?? [];
  let minKnownMs = Number.POSITIVE_INFINITY;
  let maxKnownMs = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < minKnownMs) minKnownMs = value;
    if (value > maxKnownMs) maxKnownMs = value;
  }
  return { minKnownMs, maxKnownMs };
}

/** Writes the row of a batch whose blob is stored, and tells listeners, in the order of numbers. */
async function commit(
  ports: AppendPorts,
  declared: Dataset,
  draft: Draft,
  tell: (batch: Batch) => Promise<void>,
): Promise<AppendReceipt> {
  const { platform } = ports;
  platform.failpoint('data/append-blob-stored');
  return await ports.turns.take(`${draft.projectId}/${draft.dataset}`, async () => {
    const outcome = await platform.database.transaction((tx) => place(platform, tx, { declared, draft }));
    platform.failpoint('data/append-committed');
    if (!outcome.replayed) await tell(outcome.batch);
    return receiptOf(outcome.batch, outcome.replayed);
  });
}

async function place(
  platform: AppendPorts['platform'],
  tx: SqlTx,
  input: { readonly declared: Dataset; readonly draft: Draft },
): Promise<{ readonly batch: Batch; readonly replayed: boolean }> {
  const { draft, declared } = input;
  const same = draft.name === undefined ? undefined : await findNamedBatch(tx, draft, draft.name);
  if (same !== undefined) return { batch: assertSame(same, draft.sourceDigest), replayed: true };
  const last = await lastBatch(tx, draft);
  assertTypesKept(declared, last);
  const batch: Batch = {
    ...draft,
    id: platform.ids.next(),
    number: (last?.number ?? 0) + 1,
    takenBelowMs: FIRST_INSTANT_MS,
    appendedAtMs: platform.clock.nowMs(),
  };
  await insertBatch(tx, batch);
  const facts = { dataset: batch.dataset, batch: batch.number, rows: batch.rows, quarantined: batch.quarantined };
  await platform.events.append(tx, {
    topic: 'data.batch-appended',
    projectId: batch.projectId,
    entity: 'dataset',
    entityId: batch.dataset,
    entityVersion: batch.number,
    data: { ...facts, batchId: batch.id, format: batch.format },
  });
  await platform.audit.append(tx, {
    actor: batch.appendedBy,
    action: 'data.append',
    projectId: batch.projectId,
    resource: `dataset:${batch.dataset}`,
    outcome: 'done',
    data: { ...facts, digest: batch.digest },
  });
  return { batch, replayed: false };
}

async function replayed(ports: AppendPorts, target: AppendTarget, sourceDigest: Digest): Promise<AppendReceipt | undefined> {
  const name = target.batch;
  if (name === undefined) return undefined;
  const same = await ports.platform.database.read((tx) => findNamedBatch(tx, target, name));
  return same === undefined ? undefined : receiptOf(assertSame(same, sourceDigest), true);
}

function assertSame(batch: Batch, sourceDigest: Digest): Batch {
  if (batch.sourceDigest === sourceDigest) return batch;
  throw new GyreError({
    kind: 'conflict',
    code: 'data/batch-differs',
    message: `batch "${batch.name ?? ''}" of dataset "${batch.dataset}" was appended before with other rows; use another name for other rows`,
  });
}

function assertTypesKept(declared: Dataset, last: Batch | undefined): void {
  const before = new Map((last?.columns ?? []).map((column) => [column.name, column.type]));
  const changed = declared.columns.find((column) => (before.get(column.name) ?? column.type) !== column.type);
  if (changed === undefined) return;
  throw new GyreError({
    kind: 'conflict',
    code: 'data/schema-changed',
    message: `column "${changed.name}" of dataset "${declared.name}" was ${before.get(changed.name) ?? ''} when rows were appended and is ${changed.type} now; declare a column or dataset of another name`,
  });
}

function receiptOf(batch: Batch, isReplayed: boolean): AppendReceipt {
  return { batchId: batch.id, number: batch.number, rows: batch.rows, quarantined: batch.quarantined, replayed: isReplayed };
}
