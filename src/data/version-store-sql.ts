import { GyreError, parseDigest } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { DatasetKey } from './batch-store-sql.ts';
import type { DatasetManifest, DatasetVersion } from './dataset.ts';
import { addCounts } from './frame-values.ts';

interface VersionRow {
  project_id: string;
  dataset: string;
  cut_ms: number;
  number: number;
  digest: string;
  rows: number;
  manifest: string;
  profile_digest: string;
  batches: string;
  created_at_ms: number;
}

interface VersionTables {
  data_versions: VersionRow;
}

const rowsOf = (tx: SqlTx, key: DatasetKey) =>
  tx
    .tables<VersionTables>()
    .selectFrom('data_versions')
    .selectAll()
    .where('project_id', '=', key.projectId)
    .where('dataset', '=', key.dataset);

/** Finds the version of one cut. */
export async function findVersionAt(tx: SqlTx, key: DatasetKey, cutMs: number): Promise<DatasetVersion | undefined> {
  const row = await rowsOf(tx, key).where('cut_ms', '=', cutMs).executeTakeFirst();
  return row === undefined ? undefined : versionOf(row);
}

/** Gives the version with the latest cut. */
export async function lastVersion(tx: SqlTx, key: DatasetKey): Promise<DatasetVersion | undefined> {
  const row = await rowsOf(tx, key).orderBy('number', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? undefined : versionOf(row);
}

/** Lists versions, newest first, with numbers below `before`. */
export async function listVersions(
  tx: SqlTx,
  key: DatasetKey,
  page: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly DatasetVersion[]> {
  const all = rowsOf(tx, key).orderBy('number', 'desc').limit(page.limit);
  const rows = await (page.before === undefined ? all : all.where('number', '<', page.before)).execute();
  return rows.map(versionOf);
}

/** Gives a version by digest, in one project or anywhere. Throws `data/no-version`. */
export async function requireVersion(tx: SqlTx, digest: string, projectId?: string): Promise<DatasetVersion> {
  const all = tx.tables<VersionTables>().selectFrom('data_versions').selectAll().where('digest', '=', digest);
  const row = await (projectId === undefined ? all : all.where('project_id', '=', projectId)).limit(1).executeTakeFirst();
  if (row !== undefined) return versionOf(row);
  throw new GyreError({
    kind: 'not-found',
    code: 'data/no-version',
    message: `there is no dataset version "${digest.slice(0, 80)}"`,
  });
}

/** Adds a version. */
export async function insertVersion(tx: SqlTx, version: DatasetVersion): Promise<void> {
  await tx
    .tables<VersionTables>()
    .insertInto('data_versions')
    .values({
      project_id: version.projectId,
      dataset: version.dataset,
      cut_ms: version.cutMs,
      number: version.number,
      digest: version.digest,
      rows: version.rows,
      manifest: JSON.stringify(version.manifest),
      profile_digest: version.profileDigest,
      batches: JSON.stringify(version.batches),
      created_at_ms: version.createdAtMs,
    })
    .execute();
}

function versionOf(row: VersionRow): DatasetVersion {
  // Both were written by insertVersion.
  const manifest = JSON.parse(row.manifest) as DatasetManifest;
  const batches = JSON.parse(row.batches) as readonly number[];
  return {
    digest: parseDigest(row.digest),
    projectId: row.project_id,
    dataset: row.dataset,
    number: row.number,
    cutMs: row.cut_ms,
    rows: row.rows,
    quarantined: {
      rows: manifest.quarantine.reduce((sum, part) => sum + part.rows, 0),
      reasons: manifest.quarantine.reduce((sum, part) => addCounts(sum, part.reasons), {}),
    },
    manifest,
    profileDigest: parseDigest(row.profile_digest),
    batches,
    createdAtMs: row.created_at_ms,
  };
}
