import { type Digest, parseDigest } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { FeatureFrame } from './feature-frame.ts';

interface FrameRow {
  request_digest: string;
  project_id: string;
  view: string;
  view_digest: string;
  definition: string;
  request: string;
  digest: string;
  size_bytes: number;
  rows: number;
  labelled: number;
  first_moment_ms: number | null;
  last_moment_ms: number | null;
  created_at_ms: number;
}

interface FrameTables {
  features_frames: FrameRow;
}

/** What a stored table was made of. */
export interface FrameOrigin {
  readonly requestDigest: Digest;
  readonly projectId: string;
  readonly view: string;
  /** Declaration of the view, as JSON text. */
  readonly definition: string;
  /** The request, as canonical JSON. */
  readonly request: string;
}

/** Finds the table that was made for a request. */
export async function findFrame(
  tx: SqlTx,
  origin: Pick<FrameOrigin, 'projectId' | 'requestDigest'>,
): Promise<FeatureFrame | undefined> {
  const row = await tx
    .tables<FrameTables>()
    .selectFrom('features_frames')
    .selectAll()
    .where('project_id', '=', origin.projectId)
    .where('request_digest', '=', origin.requestDigest)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    digest: parseDigest(row.digest),
    sizeBytes: row.size_bytes,
    viewDigest: parseDigest(row.view_digest),
    rows: row.rows,
    labelled: row.labelled,
    firstMomentMs: row.first_moment_ms ?? undefined,
    lastMomentMs: row.last_moment_ms ?? undefined,
  };
}

/** Notes a stored table; one that is noted already stays as it is. */
export async function insertFrame(
  tx: SqlTx,
  origin: FrameOrigin,
  made: { readonly frame: FeatureFrame; readonly atMs: number },
): Promise<void> {
  const { frame } = made;
  await tx
    .tables<FrameTables>()
    .insertInto('features_frames')
    .values({
      request_digest: origin.requestDigest,
      project_id: origin.projectId,
      view: origin.view,
      view_digest: frame.viewDigest,
      definition: origin.definition,
      request: origin.request,
      digest: frame.digest,
      size_bytes: frame.sizeBytes,
      rows: frame.rows,
      labelled: frame.labelled,
      first_moment_ms: frame.firstMomentMs ?? null,
      last_moment_ms: frame.lastMomentMs ?? null,
      created_at_ms: made.atMs,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
