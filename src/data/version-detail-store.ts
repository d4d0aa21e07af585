import type { Digest } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import type { DatasetVersion } from './dataset.ts';
import type { DuckEngine } from './duck-engine.ts';
import { textAt } from './frame-values.ts';
import type { VersionProfile } from './profile.ts';
import { quoteName, quoteText } from './sql-text.ts';

const SAMPLE_ROWS = 20;

/** Reads the stored profile of a version. */
export async function readProfile(blobs: BlobStore, digest: Digest): Promise<VersionProfile> {
  // Written by cutVersion; the blob store has checked the digest.
  return JSON.parse(new TextDecoder().decode(await blobs.get(digest))) as VersionProfile;
}

/** One row that was set aside, values as text. */
export interface QuarantinedRow {
  readonly reason: string;
  readonly row: Record<string, string | null>;
}

/** Reads some of the newest rows that a version set aside. */
export async function sampleQuarantine(
  ports: { readonly blobs: BlobStore; readonly engine: DuckEngine },
  version: DatasetVersion,
): Promise<QuarantinedRow[]> {
  const part = version.manifest.quarantine.at(-1);
  if (part === undefined) return [];
  const path = await ports.engine.admit(await ports.blobs.stage(part.digest), 'parquet');
  const frame = await ports.engine.query(
    `SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM read_parquet(${quoteText(path)}) ORDER BY ${quoteName(version.manifest.knownTime)} DESC LIMIT ${String(SAMPLE_ROWS)})`,
  );
  const names = frame.columns.map((column) => column.name).filter((name) => name !== 'gyre_reason');
  return Array.from({ length: frame.nRows }, (_, row) => ({
    reason: textAt(frame, 'gyre_reason', row) ?? '',
    row: Object.fromEntries(names.map((name) => [name, textAt(frame, name, row) ?? null])),
  }));
}
