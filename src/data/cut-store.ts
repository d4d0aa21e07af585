import { canonicalJson, GyreError } from '#kernel';
import { digestOfJson } from '#platform/digest';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Batch } from './batch.ts';
import { type DatasetKey, listUncutBatches, markBatchesTaken } from './batch-store-sql.ts';
import { buildParts, type CutOutput } from './build-part-duckdb.ts';
import type { Dataset, DatasetManifest, DatasetVersion } from './dataset.ts';
import type { DuckEngine } from './duck-engine.ts';
import { findVersionAt, insertVersion, lastVersion } from './version-store-sql.ts';

/** What cuts work with. */
export interface CutPorts {
  readonly platform: Pick<Platform, 'database' | 'blobs' | 'events' | 'audit' | 'clock' | 'failpoint'>;
  readonly engine: DuckEngine;
}

/** One cut to make. */
export interface Cut extends DatasetKey {
  readonly declared: Dataset;
  readonly cutMs: number;
  readonly actor: string;
  readonly guard: ((tx: SqlTx) => Promise<void>) | undefined;
}

/**
 * Makes the version of all facts known before a cut, or gives the one that was made. Callers take turns per dataset.
 *
 * @param ports - Store, blobs, engine.
 * @param cut - Which dataset, up to when.
 * @returns The version.
 * @throws {@link GyreError} `data/cut-in-past` when a later cut exists.
 */
export async function cutVersion(ports: CutPorts, cut: Cut): Promise<DatasetVersion> {
  const found = await ports.platform.database.read(async (tx) => ({
    same: await findVersionAt(tx, cut, cut.cutMs),
    previous: await lastVersion(tx, cut),
    batches: await listUncutBatches(tx, cut, cut.cutMs),
  }));
  if (found.same !== undefined) return found.same;
  assertLater(cut, found.previous);
  const { previous, batches } = found;
  const { engine, platform } = ports;
  const output = await buildParts({ engine, blobs: platform.blobs, dataset: cut.declared, cutMs: cut.cutMs, batches, previous });
  const profile = await platform.blobs.put(new TextEncoder().encode(canonicalJson(output.profile)));
  platform.failpoint('data/cut-blobs-stored');
  const version: DatasetVersion = {
    ...identityOf(cut, output),
    number: (previous?.number ?? 0) + 1,
    profileDigest: profile.digest,
    batches: batches.map((batch) => batch.number),
    createdAtMs: platform.clock.nowMs(),
  };
  const saved = await platform.database.transaction((tx) => save(ports, tx, { cut, version, batches }));
  platform.failpoint('data/cut-committed');
  return saved;
}

function assertLater(cut: Cut, previous: DatasetVersion | undefined): void {
  if (previous === undefined || previous.cutMs < cut.cutMs) return;
  throw new GyreError({
    kind: 'conflict',
    code: 'data/cut-in-past',
    message: `dataset "${cut.dataset}" was cut at ${new Date(previous.cutMs).toISOString()} already, which is after ${new Date(cut.cutMs).toISOString()}; ask for a later cut or for that version`,
  });
}

function identityOf(
  cut: Cut,
  output: CutOutput,
): Pick<DatasetVersion, 'digest' | 'projectId' | 'dataset' | 'cutMs' | 'rows' | 'quarantined' | 'manifest'> {
  const { declared } = cut;
  const manifest: DatasetManifest = {
    format: 'gyre-dataset',
    version: 1,
    dataset: cut.dataset,
    id: declared.id,
    eventTime: declared.eventTime,
    knownTime: declared.knownTime,
    columns: declared.columns,
    cutMs: cut.cutMs,
    parts: output.parts,
    quarantine: output.quarantine,
  };
  return {
    digest: digestOfJson(manifest),
    projectId: cut.projectId,
    dataset: cut.dataset,
    cutMs: cut.cutMs,
    rows: output.parts.reduce((sum, part) => sum + part.rows, 0),
    quarantined: {
      rows: output.quarantine.reduce((sum, part) => sum + part.rows, 0),
      reasons: {},
    },
    manifest,
  };
}

async function save(
  { platform }: CutPorts,
  tx: SqlTx,
  input: { readonly cut: Cut; readonly version: DatasetVersion; readonly batches: readonly Batch[] },
): Promise<DatasetVersion> {
  const { cut, version, batches } = input;
  await cut.guard?.(tx);
  const same = await findVersionAt(tx, cut, cut.cutMs);
  if (same !== undefined) return same;
  const newest = await lastVersion(tx, cut);
  if ((newest?.number ?? 0) + 1 !== version.number) {
    throw new GyreError({
      kind: 'unavailable',
      code: 'data/cut-in-past',
      message: `dataset "${cut.dataset}" was cut by someone else meanwhile; try again`,
    });
  }
  await insertVersion(tx, version);
  await markBatchesTaken(tx, batches, cut.cutMs);
  const facts = { dataset: version.dataset, version: version.number, digest: version.digest, cutMs: version.cutMs };
  await platform.events.append(tx, {
    topic: 'data.version-created',
    projectId: version.projectId,
    entity: 'dataset-version',
    entityId: version.digest,
    entityVersion: version.number,
    data: { ...facts, rows: version.rows, quarantined: version.quarantined.rows },
  });
  await platform.audit.append(tx, {
    actor: cut.actor,
    action: 'data.cut',
    projectId: version.projectId,
    resource: `dataset-version:${version.dataset}:${String(version.number)}`,
    outcome: 'done',
    data: facts,
  });
  const saved = await findVersionAt(tx, cut, cut.cutMs);
  return saved ?? version;
}
