import { decodeFrame, encodeFrame, type Frame, parseDigest } from '#kernel';
import type { BlobRef, BlobStore } from '#platform/blobs';
import type { Clock, Ids } from '#platform/clock';
import type { SqlDatabase, SqlValue } from '#platform/sql';
import type { PredictionSegment } from './prediction-log-service.ts';
import { joinSegments, momentsOf, withinMoments } from './prediction-segments.ts';
import type { PredictionQuery } from './serving-slice.ts';

interface SegmentRow {
  id: string;
  project_id: string;
  endpoint: string;
  digest: string;
  n_rows: number;
  first_moment_ms: number;
  last_moment_ms: number;
  size_bytes: number;
  logged_at_ms: number;
}

interface SegmentTables {
  serving_segments: SegmentRow;
}

const COLUMNS = [
  'id',
  'project_id',
  'endpoint',
  'digest',
  'n_rows',
  'first_moment_ms',
  'last_moment_ms',
  'size_bytes',
  'logged_at_ms',
] as const;

/** Where segments are kept. */
export interface SegmentPorts {
  readonly database: SqlDatabase;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Writes pieces of the prediction log: first the blobs, then their rows in one transaction.
 *
 * @param ports - Where they are kept.
 * @param segments - The pieces; each is encoded in a turn of its own.
 */
export async function writeSegments(
  ports: SegmentPorts & { readonly failpoint: (name: string) => void },
  segments: readonly PredictionSegment[],
): Promise<void> {
  const rows: SqlValue[][] = [];
  for (const segment of segments) {
    // One encoding a turn: each is bounded by the size of a segment.
    await new Promise((resolve) => setImmediate(resolve));
    rows.push(segmentRow(ports, segment, await ports.blobs.put(encodeFrame(segment.frame))));
  }
  ports.failpoint('serving/segments-stored');
  await ports.database.transaction(async (tx) => {
    await tx.insertMany({ table: 'serving_segments', columns: COLUMNS, rows });
  });
  ports.failpoint('serving/segments-kept');
}

function segmentRow(ports: SegmentPorts, segment: PredictionSegment, blob: BlobRef): SqlValue[] {
  const moments = momentsOf(segment.frame);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const momentMs of moments) {
    if (momentMs < first) first = momentMs;
    if (momentMs > last) last = momentMs;
  }
  const { projectId, endpoint, frame } = segment;
  return [ports.ids.next(), projectId, endpoint, blob.digest, frame.nRows, first, last, blob.sizeBytes, ports.clock.nowMs()];
}

/**
 * Reads the logged predictions of a range of moments.
 *
 * @param ports - Where they are kept.
 * @param query - Whose, and from when to when.
 * @returns One frame, in the order of logging; no rows when there were none.
 */
export async function readSegments(ports: SegmentPorts, query: PredictionQuery): Promise<Frame> {
  const rows = await ports.database.read((tx) =>
    tx
      .tables<SegmentTables>()
      .selectFrom('serving_segments')
      .select(['digest'])
      .where('project_id', '=', query.projectId)
      .where('endpoint', '=', query.endpoint)
      .where('last_moment_ms', '>=', query.fromMs)
      .where('first_moment_ms', '<', query.toMs)
      .orderBy('id')
      .execute(),
  );
  return joinSegments(
    await readFrames(
      ports,
      rows.map((row) => row.digest),
      query,
    ),
  );
}

/** Reads the newest logged predictions, at least `nRows` of them where there are so many. */
export async function readNewestSegments(
  ports: SegmentPorts,
  query: { readonly projectId: string; readonly endpoint: string; readonly nRows: number },
): Promise<Frame> {
  const rows = await ports.database.read((tx) =>
    tx
      .tables<SegmentTables>()
      .selectFrom('serving_segments')
      .select(['digest', 'n_rows'])
      .where('project_id', '=', query.projectId)
      .where('endpoint', '=', query.endpoint)
      .orderBy('id', 'desc')
      .limit(200)
      .execute(),
  );
  const wanted: string[] = [];
  let found = 0;
  for (const row of rows) {
    if (found >= query.nRows) break;
    wanted.unshift(row.digest);
    found += row.n_rows;
  }
  const everything = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  return joinSegments(await readFrames(ports, wanted, everything));
}

async function readFrames(
  ports: SegmentPorts,
  digests: readonly string[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for (const digest of digests) {
    // Each blob is one turn of the event loop at least.
    frames.push(withinMoments(decodeFrame(await ports.blobs.get(parseDigest(digest))), range));
  }
  return frames;
}
