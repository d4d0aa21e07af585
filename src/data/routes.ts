import { formatTime, GyreError, parseTimeMs } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import {
  appendFileRoute,
  appendRowsRoute,
  cutVersionRoute,
  type DatasetBody,
  getDatasetRoute,
  getVersionRoute,
  listDatasetsRoute,
  listVersionsRoute,
  type ProfileBody,
  type VersionBody,
} from './api.ts';
import { totalBatches } from './batch-store-sql.ts';
import { describeRule } from './breach-error.ts';
import type { Dataset, DatasetVersion } from './dataset.ts';
import { declaredDataset, declaredNames } from './declared-dataset.ts';
import type { ColumnProfile } from './profile.ts';
import type { ProjectReader } from './project-reader.ts';
import type { RouteSource } from './route-source.ts';
import { readProfile, sampleQuarantine } from './version-detail-store.ts';
import { lastVersion, listVersions, requireVersion } from './version-store-sql.ts';

interface Upstream {
  readonly projects: ProjectReader;
  readonly slice: RouteSource;
}

/** Binds the routes of this slice. */
export function dataRoutes(platform: Platform, upstream: Upstream): readonly BoundRoute[] {
  return [...datasetRoutes(platform, upstream), ...appendRoutes(platform, upstream), ...versionRoutes(platform, upstream)];
}

function datasetRoutes(platform: Platform, { projects }: Upstream): readonly BoundRoute[] {
  return [
    bindRoute(listDatasetsRoute, async ({ params }) => {
      const items = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        const found: DatasetBody[] = [];
        for (const name of declaredNames(project)) {
          found.push(await presentDataset(tx, project, declaredDataset(project, name)));
        }
        return found;
      });
      return { body: { items } };
    }),
    bindRoute(getDatasetRoute, async ({ params }) => {
      const body = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return await presentDataset(tx, project, declaredDataset(project, params.dataset));
      });
      return { body };
    }),
  ];
}

function appendRoutes(platform: Platform, { projects, slice }: Upstream): readonly BoundRoute[] {
  const targetOf = async (
    params: { readonly project: string; readonly dataset: string },
    batch: string | undefined,
    actor: string,
  ) => {
    const project = await platform.database.read((tx) => projects.find(tx, params.project));
    declaredDataset(project, params.dataset);
    return { projectId: project.id, dataset: params.dataset, actor, ...(batch === undefined ? {} : { batch }) };
  };
  return [
    bindRoute(appendRowsRoute, async ({ params, query, body, caller }) => {
      const target = await targetOf(params, query.batch, caller.principal);
      const receipt = await slice.appendRows(target, body.columns);
      return { body: receipt, status: receipt.replayed ? 200 : 201 };
    }),
    bindRoute(appendFileRoute, async ({ params, query, bytes, caller }) => {
      const target = await targetOf(params, query.batch, caller.principal);
      const receipt = await slice.appendFile(target, query.format, bytes);
      return { body: receipt, status: receipt.replayed ? 200 : 201 };
    }),
  ];
}

function versionRoutes(platform: Platform, { projects, slice }: Upstream): readonly BoundRoute[] {
  return [
    bindRoute(listVersionsRoute, async ({ params, query }) => {
      const limit = query.limit ?? 50;
      const versions = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        declaredDataset(project, params.dataset);
        const before = query.cursor === undefined ? undefined : cursorNumber(query.cursor);
        return await listVersions(tx, { projectId: project.id, dataset: params.dataset }, { before, limit: limit + 1 });
      });
      const items = versions.slice(0, limit).map(presentVersion);
      const last = items.at(-1);
      return { body: versions.length > limit && last !== undefined ? { items, nextCursor: String(last.number) } : { items } };
    }),
    bindRoute(getVersionRoute, async ({ params }) => {
      const version = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        declaredDataset(project, params.dataset);
        return await findVersion(tx, { projectId: project.id, dataset: params.dataset }, params.version);
      });
      const profile = await readProfile(platform.blobs, version.profileDigest);
      const body = {
        version: presentVersion(version),
        columns: version.manifest.columns.map((column) => ({ ...column })),
        profile: profile.columns.map(presentColumn),
        checks: profile.checks.map((check) => ({ ...check })),
        batches: [...version.batches],
        quarantineSample: await sampleQuarantine({ blobs: platform.blobs, engine: slice.engine }, version),
      };
      return { body };
    }),
    bindRoute(cutVersionRoute, async ({ params, body, caller }) => {
      const cutMs = parseTimeMs(body.cutAt);
      const project = await platform.database.read(async (tx) => {
        const found = await projects.find(tx, params.project);
        assertPast(cutMs, await projects.businessNowMs(tx, found.id));
        return found;
      });
      declaredDataset(project, params.dataset);
      const version = await slice.cutVersion({ projectId: project.id, dataset: params.dataset, cutMs, actor: caller.principal });
      return { body: presentVersion(version) };
    }),
  ];
}

/** A version of the future would be final before its facts are known, and every cut until then would come too late. */
function assertPast(cutMs: number, nowMs: number): void {
  if (cutMs <= nowMs) return;
  throw new GyreError({
    kind: 'unprocessable',
    code: 'data/cut-in-future',
    message: `${formatTime(cutMs)} is after the project's business time, ${formatTime(nowMs)}; cut at that time or before it`,
  });
}

async function findVersion(
  tx: SqlTx,
  key: { readonly projectId: string; readonly dataset: string },
  wanted: string,
): Promise<DatasetVersion> {
  const byDigest = wanted.startsWith('sha256:') ? await requireVersion(tx, wanted, key.projectId) : undefined;
  const latest = wanted === 'latest' ? await lastVersion(tx, key) : undefined;
  const number = /^\d{1,9}$/.test(wanted) ? Number(wanted) : 0;
  const [numbered] = number > 0 ? await listVersions(tx, key, { before: number + 1, limit: 1 }) : [];
  const found = byDigest ?? latest ?? (numbered?.number === number ? numbered : undefined);
  if (found?.dataset === key.dataset) return found;
  throw new GyreError({
    kind: 'not-found',
    code: 'data/no-version',
    message: `dataset "${key.dataset}" has no version "${wanted.slice(0, 80)}"; write a number, a digest or "latest"`,
  });
}

function cursorNumber(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new GyreError({ kind: 'invalid', code: 'data/no-version', message: 'the cursor is not one that a list gave' });
}

async function presentDataset(tx: SqlTx, project: { readonly id: string }, dataset: Dataset): Promise<DatasetBody> {
  const key = { projectId: project.id, dataset: dataset.name };
  const { lastKnownMs, ...totals } = await totalBatches(tx, key);
  const latest = await lastVersion(tx, key);
  return {
    name: dataset.name,
    id: dataset.id,
    eventTime: dataset.eventTime,
    knownTime: dataset.knownTime,
    columns: dataset.columns.map((column) => ({ ...column })),
    checks: dataset.checks.map((check) => ({
      name: check.name,
      rule: describeRule(check.rule),
      column: check.rule.column,
      onBreach: check.onBreach,
    })),
    ...totals,
    ...(lastKnownMs === undefined ? {} : { lastKnownAt: formatTime(lastKnownMs) }),
    ...(latest === undefined ? {} : { latestVersion: latest.number }),
  };
}

function presentColumn({ quantiles, histogram, top, ...plain }: ColumnProfile): ProfileBody[number] {
  return {
    ...plain,
    ...(quantiles === undefined ? {} : { quantiles: [...quantiles] }),
    ...(histogram === undefined ? {} : { histogram: [...histogram] }),
    ...(top === undefined ? {} : { top: top.map((one) => ({ ...one })) }),
  };
}

function presentVersion(version: DatasetVersion): VersionBody {
  return {
    dataset: version.dataset,
    number: version.number,
    digest: version.digest,
    cutAt: formatTime(version.cutMs),
    rows: version.rows,
    quarantined: version.quarantined.rows,
    quarantinedBy: { ...version.quarantined.reasons },
    parts: version.manifest.parts.map((part) => ({
      digest: part.digest,
      sizeBytes: part.sizeBytes,
      rows: part.rows,
      firstKnownAt: formatTime(part.minKnownMs),
      lastKnownAt: formatTime(part.maxKnownMs),
    })),
    createdAt: formatTime(version.createdAtMs),
  };
}
