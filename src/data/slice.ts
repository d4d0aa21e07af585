import { join } from 'node:path';
import { type Digest, type Frame, GyreError } from '#kernel';
import type { Platform, SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { AppendReceipt, AppendTarget, BatchListener, BatchSubscription, FileFormat, JsonColumns } from './append.ts';
import { type AppendPorts, appendColumns, appendFile } from './append-store.ts';
import { createBatchListeners } from './batch-listeners.ts';
import { readBatchRows } from './batch-rows-store.ts';
import { type DatasetKey, findBatch, listBatchesSince } from './batch-store-sql.ts';
import { cutVersion } from './cut-store.ts';
import type { Dataset, DatasetColumn, DatasetVersion } from './dataset.ts';
import { DatasetsSchema, type DatasetsSection, datasetProblems } from './dataset-section.ts';
import { type DatasetSource, declaredDataset } from './declared-dataset.ts';
import type { DuckEngine } from './duck-engine.ts';
import { createDuckEngine } from './duck-engine-duckdb.ts';
import { dataMigrations } from './migrations.ts';
import type { ProjectReader } from './project-reader.ts';
import { dataRoutes } from './routes.ts';
import { type StoredFile, storedRelation } from './storage-columns.ts';
import { createTurns } from './turns.ts';
import { lastVersion, requireVersion } from './version-store-sql.ts';

/** The version's files on this machine, for SQL. */
export interface StagedVersion {
  /** Absolute paths that the engine may read. */
  readonly files: readonly string[];
  readonly columns: readonly DatasetColumn[];
  /** SQL table expression in brackets: the version's columns of all rows; times as TIMESTAMP WITH TIME ZONE (`epoch_ms` gives milliseconds), missing as NULL. */
  readonly relation: string;
}

/** Datasets of projects: appends, checks, versions, and the table engine. */
export interface DataSlice extends SliceModule {
  /** The table engine; starts at its first use. */
  readonly engine: DuckEngine;
  /** Gives a declared dataset. Throws `data/no-dataset`. */
  dataset(project: DatasetSource, name: string): Dataset;
  /** Types, checks and durably appends rows given as JSON columns. Nothing of it stays when it throws. */
  appendRows(target: AppendTarget, columns: JsonColumns): Promise<AppendReceipt>;
  /** Streams a file to scratch, then types, checks and durably appends its rows. Nothing of it stays when it throws. */
  appendFile(target: AppendTarget, format: FileFormat, bytes: AsyncIterable<Uint8Array>): Promise<AppendReceipt>;
  /** Makes the version of all facts known before `cutMs`; the same cut again gives the same version. `guard` runs first in its transaction. Throws `data/cut-in-past`. */
  cutVersion(cut: {
    readonly projectId: string;
    readonly dataset: string;
    readonly cutMs: number;
    readonly guard?: (tx: SqlTx) => Promise<void>;
    readonly actor?: string;
  }): Promise<DatasetVersion>;
  /** Gives a version by digest. Throws `data/no-version`. */
  version(tx: SqlTx, digest: string): Promise<DatasetVersion>;
  /** Gives the version with the latest cut, or undefined. */
  latestVersion(tx: SqlTx, projectId: string, dataset: string): Promise<DatasetVersion | undefined>;
  /** Makes a version readable for the engine. */
  stageVersion(digest: Digest): Promise<StagedVersion>;
  /** Calls back with the accepted rows of every batch of every dataset after its commit, in the order of batch numbers of a dataset; large batches in pieces. Returns the way to stop it. */
  onBatch(subscription: BatchListener | BatchSubscription): () => void;
  /** Calls back, in order, with the rows of all batches that may hold facts known at or after a time; for rebuilding after a restart. */
  replayBatches(
    query: { readonly projectId: string; readonly dataset: string; readonly sinceKnownMs: number },
    listener: BatchListener,
  ): Promise<void>;
  /** Reads the accepted rows of one batch, large ones in pieces; for consumers of `data.batch-appended`. Throws `data/no-batch`. */
  readBatch(batchId: string): AsyncIterable<Frame>;
}

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - Where projects are.
 * @returns The slice and what others call.
 */
export function createDataSlice(platform: Platform, upstream: { readonly projects: ProjectReader }): DataSlice {
  const { projects } = upstream;
  const { database, log } = platform;
  const engine = createDuckEngine({ folder: join(platform.scratchFolder, 'tables') });
  const listeners = createBatchListeners((error) => {
    log.write('error', 'a listener of appended rows failed', { error: error instanceof Error ? error.message : String(error) });
  });
  const turns = createTurns();
  const ports = { platform, engine, listeners, turns };
  const declared = async (key: { readonly projectId: string; readonly dataset: string }): Promise<Dataset> =>
    declaredDataset(await database.read((tx) => projects.find(tx, key.projectId)), key.dataset);
  const slice: DataSlice = {
    name: 'data',
    migrations: dataMigrations,
    projectSection: {
      key: 'datasets',
      schema: DatasetsSchema,
      // The host has held the section against the schema before it asks.
      check: (section) => datasetProblems(section as DatasetsSection),
    },
    engine,
    dataset: declaredDataset,
    appendRows: async (target, columns) => await appendColumns(ports, { ...target, declared: await declared(target) }, columns),
    appendFile: async (target, format, bytes) =>
      await appendFile(ports, { ...target, declared: await declared(target) }, { format, bytes }),
    cutVersion: async (cut) => {
      const whole = { ...cut, declared: await declared(cut), actor: cut.actor ?? 'service:data', guard: cut.guard };
      return await turns.take(`cut/${cut.projectId}/${cut.dataset}`, () => cutVersion(ports, whole));
    },
    version: (tx, digest) => requireVersion(tx, digest),
    latestVersion: (tx, projectId, dataset) => lastVersion(tx, { projectId, dataset }),
    stageVersion: (digest) => stageVersion(ports, digest),
    onBatch: (subscription) => {
      const whole =
        typeof subscription === 'function' ? { listener: subscription, since: () => Number.NEGATIVE_INFINITY } : subscription;
      return listeners.add(whole);
    },
    ...batchReading(ports, declared),
    stop: () => engine.stop(),
  };
  return { ...slice, routes: dataRoutes(platform, { projects, slice }) };
}

async function stageVersion({ platform, engine }: AppendPorts, digest: Digest): Promise<StagedVersion> {
  const { manifest } = await platform.database.read((tx) => requireVersion(tx, digest));
  const files: StoredFile[] = [];
  for (const part of manifest.parts) {
    files.push({ path: await engine.admit(await platform.blobs.stage(part.digest), 'parquet'), columns: part.columns });
  }
  return { files: files.map((file) => file.path), columns: manifest.columns, relation: storedRelation(files, manifest.columns) };
}

function batchReading(
  { platform, engine }: AppendPorts,
  declared: (key: DatasetKey) => Promise<Dataset>,
): Pick<DataSlice, 'replayBatches' | 'readBatch'> {
  const source = { blobs: platform.blobs, engine };
  return {
    replayBatches: async (query, listener) => {
      const { projectId, dataset, sinceKnownMs } = query;
      const options = { dataset: await declared(query), sinceKnownMs };
      for (const batch of await platform.database.read((tx) => listBatchesSince(tx, query, sinceKnownMs))) {
        for await (const frame of readBatchRows(source, batch, options)) {
          if (frame.nRows > 0) await listener({ projectId, dataset, frame });
        }
      }
    },
    readBatch: async function* readBatch(batchId) {
      const batch = await platform.database.read((tx) => findBatch(tx, batchId));
      if (batch === undefined)
        throw new GyreError({ kind: 'not-found', code: 'data/no-batch', message: `there is no batch "${batchId}"` });
      yield* readBatchRows(source, batch, { dataset: await declared(batch), sinceKnownMs: Number.NEGATIVE_INFINITY });
    },
  };
}
