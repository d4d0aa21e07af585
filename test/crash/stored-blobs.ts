import { sql } from 'kysely';
import { isGyreError, parseDigest } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import type { SqlDatabase } from '#platform/sql';

/** Columns that name blobs; a manifest names several. */
const COLUMNS = [
  ['data_batches', 'digest'],
  ['data_versions', 'manifest'],
  ['data_versions', 'profile_digest'],
  ['features_frames', 'digest'],
  ['tracking_artifacts', 'digest'],
  ['registry_files', 'digest'],
  ['serving_segments', 'digest'],
  ['monitoring_references', 'digest'],
] as const;

/** Reads every blob that a row names; gives those that are missing or whose bytes are not those of their digest. */
export async function findBadBlobs(database: SqlDatabase, blobs: BlobStore): Promise<readonly string[]> {
  const named = await database.read(async (tx) => {
    const digests = new Set<string>();
    for (const [table, column] of COLUMNS) {
      const { rows } = await sql.raw<{ text: string }>(`SELECT ${column} AS text FROM ${table}`).execute(tx.tables());
      for (const { text } of rows) for (const digest of text.match(/sha256:[0-9a-f]{64}/g) ?? []) digests.add(digest);
    }
    return digests;
  });
  if (named.size === 0) return ['no row names a blob'];
  const bad: string[] = [];
  for (const digest of named) {
    const problem = await blobs.get(parseDigest(digest)).then(
      () => undefined,
      (error: unknown) => (isGyreError(error) ? error.code : String(error)),
    );
    if (problem !== undefined) bad.push(`${digest} ${problem}`);
  }
  return bad;
}
