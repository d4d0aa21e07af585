import { formatTime, GyreError } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { SqlDatabase } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import { aliasOf, currentMoves } from './alias-rows-sql.ts';
import {
  type AliasBody,
  type AliasMoveBody,
  downloadFileRoute,
  getAliasHistoryRoute,
  getAliasRoute,
  getModelRoute,
  getVersionRoute,
  listModelsRoute,
  listVersionsRoute,
  moveAliasRoute,
  type VersionBody,
} from './api.ts';
import type { Alias, AliasMove, ModelVersion, RegisteredModel } from './model-version.ts';
import type { RegistryReads, RegistryWrites } from './registry.ts';
import { lastNumber, requireModelRow, toModel } from './version-rows-sql.ts';

/** What the routes of this slice call. */
export interface RegistryRouteDeps {
  readonly database: SqlDatabase;
  readonly blobs: Pick<BlobStore, 'open'>;
  readonly projects: Pick<ProjectsSlice, 'find'>;
  readonly registry: RegistryReads & RegistryWrites;
}

/** Binds the routes of this slice. */
export function registryRoutes(deps: RegistryRouteDeps): readonly BoundRoute[] {
  return [...modelRoutes(deps), ...versionRoutes(deps), ...aliasRoutes(deps)];
}

function modelRoutes({ database, projects, registry }: RegistryRouteDeps): readonly BoundRoute[] {
  return [
    bindRoute(listModelsRoute, async ({ params }) => {
      const models = await database.read(async (tx) => registry.listModels(tx, (await projects.find(tx, params.project)).id));
      return { body: { items: models.map(presentModel) } };
    }),
    bindRoute(getModelRoute, async ({ params }) => {
      const body = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        const row = await requireModelRow(tx, { projectId: project.id, model: params.model });
        const moves = await currentMoves(tx, [row.id]);
        return {
          model: presentModel(toModel(row, await lastNumber(tx, row.id))),
          aliases: moves.map((move) => presentAlias(aliasOf(row.name, move.alias, move))),
        };
      });
      return { body };
    }),
  ];
}

function versionRoutes({ database, blobs, projects, registry }: RegistryRouteDeps): readonly BoundRoute[] {
  const findVersion = (params: { readonly project: string; readonly model: string; readonly number: string }) =>
    database.read(async (tx) => {
      const project = await projects.find(tx, params.project);
      const key = { projectId: project.id, model: params.model, number: Number(params.number) };
      return registry.findVersionByNumber(tx, key);
    });
  return [
    bindRoute(listVersionsRoute, async ({ params, query }) => {
      const page = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return registry.listVersions(tx, { ...query, projectId: project.id, model: params.model });
      });
      return { body: { ...page, items: page.items.map(presentVersion) } };
    }),
    bindRoute(getVersionRoute, async ({ params }) => ({ body: presentVersion(await findVersion(params)) })),
    bindRoute(downloadFileRoute, async ({ params, query }) => {
      const version = await findVersion(params);
      const file = version.files.find((candidate) => candidate.path === query.path);
      if (file === undefined) throw fileNotFound(version, query.path);
      const headers = {
        'content-type': file.path.endsWith('.json') ? 'application/json' : 'application/octet-stream',
        'content-length': String(file.sizeBytes),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.path.split('/').at(-1) ?? '')}`,
        etag: `"${file.digest}"`,
      };
      return { body: null, headers, stream: await blobs.open(file.digest) };
    }),
  ];
}

function aliasRoutes({ database, projects, registry }: RegistryRouteDeps): readonly BoundRoute[] {
  return [
    bindRoute(getAliasRoute, async ({ params }) => {
      const alias = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        const model = await requireModelRow(tx, { projectId: project.id, model: params.model });
        return registry.readAlias(tx, { projectId: project.id, model: model.name, alias: params.alias });
      });
      return answerAlias(alias);
    }),
    bindRoute(moveAliasRoute, async ({ params, body, caller, requestId, headers }) => {
      const expectedVersion = expectedVersionOf(headers['if-match']);
      const alias = await database.transaction(async (tx) => {
        const project = await projects.find(tx, params.project);
        return registry.moveAlias(tx, {
          projectId: project.id,
          model: params.model,
          alias: params.alias,
          to: body.number ?? undefined,
          why: body.why,
          actor: caller.principal,
          requestId,
          expectedVersion,
        });
      });
      return answerAlias(alias);
    }),
    bindRoute(getAliasHistoryRoute, async ({ params, query }) => {
      const moves = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return registry.aliasHistory(tx, { ...query, projectId: project.id, model: params.model });
      });
      return { body: { items: moves.map(presentMove) } };
    }),
  ];
}

function answerAlias(alias: Alias) {
  return { body: presentAlias(alias), headers: { etag: `"${String(alias.version)}"` } };
}

function expectedVersionOf(ifMatch: string | undefined): number {
  const match = /^"(\d{1,15})"$/.exec(ifMatch?.trim() ?? '');
  if (match !== null) return Number(match[1]);
  if (ifMatch === undefined) {
    throw new GyreError({
      kind: 'precondition-required',
      code: 'registry/precondition-required',
      message: 'moving an alias needs the header If-Match with the ETag of the alias; read the alias first',
    });
  }
  throw new GyreError({
    kind: 'precondition-failed',
    code: 'registry/alias-moved',
    message: `If-Match ${ifMatch.slice(0, 40)} is no ETag of an alias; read the alias again`,
  });
}

function presentModel({ id, name, description, createdAtMs, lastNumber: last }: RegisteredModel) {
  return { id, name, description, createdAt: formatTime(createdAtMs), lastNumber: last };
}

function presentVersion(version: ModelVersion): VersionBody {
  const { id, model, number, digest, runId, evaluationId, frameDigest } = version;
  return {
    id,
    model,
    number,
    digest,
    runId,
    ...(evaluationId === undefined ? {} : { evaluationId }),
    ...(frameDigest === undefined ? {} : { frameDigest }),
    datasets: version.datasets.map((dataset) => ({ ...dataset })),
    files: version.files.map((file) => ({ ...file })),
    aliases: [...version.aliases],
    createdAt: formatTime(version.createdAtMs),
  };
}

function presentAlias({ model, alias, number, version, sinceMs }: Alias): AliasBody {
  return {
    model,
    alias,
    ...(number === undefined ? {} : { number }),
    version,
    ...(sinceMs === undefined ? {} : { since: formatTime(sinceMs) }),
  };
}

function presentMove({ from, to, fromDigest, toDigest, movedAtMs, businessAtMs, ...move }: AliasMove): AliasMoveBody {
  return {
    ...move,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(fromDigest === undefined ? {} : { fromDigest }),
    ...(toDigest === undefined ? {} : { toDigest }),
    movedAt: formatTime(movedAtMs),
    businessAt: formatTime(businessAtMs),
  };
}

function fileNotFound(version: ModelVersion, path: string): GyreError {
  const paths = version.files.map((file) => file.path).join(', ');
  return new GyreError({
    kind: 'not-found',
    code: 'registry/file-not-found',
    message: `version ${String(version.number)} of "${version.model}" has no file ${JSON.stringify(path.slice(0, 80))}; it has: ${paths}`,
  });
}
