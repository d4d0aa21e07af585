import type { DataSlice } from '#data';
import { canonicalJson, columnOf, type Frame, GyreError, parseDigest } from '#kernel';
import { digestOfJson } from '#platform/digest';
import type { Platform } from '#platform/slice';
import type { FeatureFrame, FrameRequest } from './feature-frame.ts';
import type { FeatureView } from './feature-view.ts';
import { type FrameOrigin, findFrame, insertFrame } from './frame-store-sql.ts';
import { trainingQuery } from './training-query.ts';

/** What training tables are made with. */
export interface FramePorts {
  readonly platform: Pick<Platform, 'database' | 'blobs' | 'clock' | 'failpoint'>;
  readonly data: Pick<DataSlice, 'engine' | 'stageVersion'>;
}

const DEFAULT_SEED = 1;

/**
 * Builds and stores a training table, or gives the one that was made for the same request.
 *
 * @param ports - Store, blobs, datasets.
 * @param view - The parsed view.
 * @param request - Versions, range, thinning.
 * @returns The stored table.
 * @throws {@link GyreError} `features/no-version` when a dataset's version is left out.
 */
export async function buildFrame(ports: FramePorts, view: FeatureView, request: FrameRequest): Promise<FeatureFrame> {
  const { database, blobs, clock, failpoint } = ports.platform;
  const versions = versionsOf(view, request);
  const options = {
    fromMs: request.fromMs,
    toMs: request.toMs,
    maxRows: request.maxRows,
    seed: request.seed ?? DEFAULT_SEED,
    withCounts: request.withCounts === true,
  };
  const identity = { format: 'gyre-frame-request', version: 1, view: view.digest, versions, ...options };
  const origin: FrameOrigin = {
    requestDigest: digestOfJson(identity),
    projectId: request.projectId,
    view: view.name,
    definition: view.definition,
    request: canonicalJson(identity),
  };
  const known = await database.read((tx) => findFrame(tx, origin));
  if (known !== undefined && (await blobs.stat(known.digest)) !== undefined) return known;
  const relations = new Map<string, string>();
  for (const [dataset, digest] of Object.entries(versions))
    relations.set(dataset, (await ports.data.stageVersion(parseDigest(digest))).relation);
  const { path, ...facts } = await writeRows(ports, trainingQuery(view, relations, options));
  const blob = await blobs.putFile(path, { consume: true });
  failpoint('features/frame-blob-stored');
  const frame: FeatureFrame = { ...blob, viewDigest: view.digest, ...facts };
  await database.transaction((tx) => insertFrame(tx, origin, { frame, atMs: clock.nowMs() }));
  return frame;
}

type FrameFacts = Pick<FeatureFrame, 'rows' | 'labelled' | 'firstMomentMs' | 'lastMomentMs'>;

async function writeRows(
  ports: FramePorts,
  query: ReturnType<typeof trainingQuery>,
): Promise<FrameFacts & { readonly path: string }> {
  const { engine } = ports.data;
  const path = await engine.freshPath('frame');
  return await engine.session(async (session) => {
    for (const statement of query.before) await session.run(statement);
    await session.run(`CREATE TEMP TABLE gyre_rows AS ${query.rows}`);
    const rows = await session.write('SELECT * FROM gyre_rows ORDER BY moment, id', { path, float32: query.float32 });
    const summary = await session.read(
      'SELECT min(moment) AS first, max(moment) AS last, count(*) FILTER (isfinite(label))::DOUBLE AS labelled FROM gyre_rows',
    );
    return {
      path,
      rows,
      labelled: firstOf(summary, 'labelled') ?? 0,
      firstMomentMs: firstOf(summary, 'first'),
      lastMomentMs: firstOf(summary, 'last'),
    };
  });
}

function firstOf(frame: Frame, name: string): number | undefined {
  const value = columnOf(frame, name).values[0] ?? Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

function versionsOf(view: FeatureView, request: FrameRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    view.datasets.map((dataset) => {
      const digest = request.versions[dataset];
      if (digest !== undefined) return [dataset, digest];
      throw new GyreError({
        kind: 'invalid',
        code: 'features/no-version',
        message: `the feature view "${view.name}" reads dataset "${dataset}", and the request names no version of it; it names ${Object.keys(request.versions).join(', ') || 'none'}`,
      });
    }),
  );
}
