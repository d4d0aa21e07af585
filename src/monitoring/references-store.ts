import { type Digest, parseDigest } from '#kernel';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ModelVersion, RegistrySlice } from '#registry';
import type { MonitorNumerics } from './monitor-protocol.ts';
import { parseReference, REFERENCE_VERSION, type Reference, referenceToJson } from './reference.ts';

/** What making and finding references takes. */
export interface ReferenceDeps {
  readonly platform: Pick<Platform, 'database' | 'blobs' | 'clock' | 'failpoint'>;
  readonly registry: Pick<RegistrySlice, 'listVersions'>;
  readonly numerics: Pick<MonitorNumerics, 'makeReference'>;
}

interface ReferenceRow {
  model_digest: string;
  frame_digest: string;
  made_by: number;
  digest: string;
  made_at_ms: number;
}

interface ReferenceTables {
  monitoring_references: ReferenceRow;
}

const PAGE = 200;

/** Finds the version of a registered model that has a digest; undefined when none has. */
export async function findVersionByDigest(
  registry: Pick<RegistrySlice, 'listVersions'>,
  tx: SqlTx,
  query: { readonly projectId: string; readonly model: string; readonly digest: string },
): Promise<ModelVersion | undefined> {
  const { projectId, model, digest } = query;
  let cursor: string | undefined;
  do {
    const page = await registry.listVersions(tx, { projectId, model, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const found = page.items.find((version) => version.digest === digest);
    if (found !== undefined) return found;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return undefined;
}

/**
 * Gives the summaries of the training table of a version: made once for each model and table, and kept as a blob.
 * Undefined when the version names no table.
 */
export async function referenceOf(deps: ReferenceDeps, version: ModelVersion): Promise<Reference | undefined> {
  const { frameDigest } = version;
  if (frameDigest === undefined) return undefined;
  const key = { modelDigest: version.digest, frameDigest };
  const kept = await deps.platform.database.read((tx) => findReference(tx, key));
  if (kept !== undefined) {
    return parseReference(JSON.parse(new TextDecoder().decode(await deps.platform.blobs.get(kept))));
  }
  const reference = await makeReference(deps, version, frameDigest);
  const { digest } = await deps.platform.blobs.put(new TextEncoder().encode(JSON.stringify(referenceToJson(reference))));
  deps.platform.failpoint('monitoring/reference-stored');
  await deps.platform.database.transaction((tx) =>
    tx.insertMany({
      table: 'monitoring_references',
      columns: ['model_digest', 'frame_digest', 'made_by', 'digest', 'made_at_ms'],
      rows: [[key.modelDigest, key.frameDigest, REFERENCE_VERSION, digest, deps.platform.clock.nowMs()]],
      onConflict: 'ignore',
    }),
  );
  return reference;
}

async function makeReference(deps: ReferenceDeps, version: ModelVersion, frameDigest: Digest): Promise<Reference> {
  const { blobs } = deps.platform;
  const modelFile = version.files.find((file) => file.path === 'model.json')?.digest ?? version.digest;
  const [framePath, modelPath] = [await blobs.stage(frameDigest), await blobs.stage(modelFile)];
  return deps.numerics.makeReference({ framePath, modelPath });
}

async function findReference(
  tx: SqlTx,
  key: { readonly modelDigest: string; readonly frameDigest: string },
): Promise<Digest | undefined> {
  const row = await tx
    .tables<ReferenceTables>()
    .selectFrom('monitoring_references')
    .select('digest')
    .where('model_digest', '=', key.modelDigest)
    .where('frame_digest', '=', key.frameDigest)
    .where('made_by', '=', REFERENCE_VERSION)
    .executeTakeFirst();
  return row === undefined ? undefined : parseDigest(row.digest);
}
