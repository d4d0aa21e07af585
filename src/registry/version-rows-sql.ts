import { decodeCursor, didYouMean, encodeCursor, GyreError, type Page, parseDigest } from '#kernel';
import type { SqlTx } from '#platform/sql';
import { currentMoves } from './alias-rows-sql.ts';
import type { ModelVersion, RegisteredModel, VersionDataset, VersionFile } from './model-version.ts';
import type { FileRow, ModelRow, RegistryTables, VersionRow } from './tables.ts';

/** Which model of which project. */
export interface ModelKey {
  readonly projectId: string;
  readonly model: string;
}

/** Finds a registered model by name, or gives undefined. */
export async function findModelRow(tx: SqlTx, key: ModelKey): Promise<ModelRow | undefined> {
  return tx
    .tables<RegistryTables>()
    .selectFrom('registry_models')
    .selectAll()
    .where('project_id', '=', key.projectId)
    .where('name', '=', key.model)
    .executeTakeFirst();
}

/** Finds a registered model by name, or throws `registry/model-not-found` with the nearest name. */
export async function requireModelRow(tx: SqlTx, key: ModelKey): Promise<ModelRow> {
  const row = await findModelRow(tx, key);
  if (row !== undefined) return row;
  const names = await tx
    .tables<RegistryTables>()
    .selectFrom('registry_models')
    .select('name')
    .where('project_id', '=', key.projectId)
    .execute();
  const hint = didYouMean(
    key.model,
    names.map((known) => known.name),
  );
  throw new GyreError({
    kind: 'not-found',
    code: 'registry/model-not-found',
    message: `there is no registered model ${JSON.stringify(key.model.slice(0, 80))}${hint}`,
  });
}

/** Lists the registered models of a project by name. */
export async function listModelRows(tx: SqlTx, projectId: string): Promise<readonly RegisteredModel[]> {
  const db = tx.tables<RegistryTables>();
  const rows = await db.selectFrom('registry_models').selectAll().where('project_id', '=', projectId).orderBy('name').execute();
  const lasts = await db
    .selectFrom('registry_versions')
    .select((select) => ['model_id', select.fn.max('number').as('last')])
    .where('project_id', '=', projectId)
    .groupBy('model_id')
    .execute();
  const lastOf = new Map(lasts.map((row) => [row.model_id, row.last]));
  return rows.map((row) => toModel(row, lastOf.get(row.id) ?? 0));
}

/** Reads the number of the newest version of a model; 0 when it has none. */
export async function lastNumber(tx: SqlTx, modelId: string): Promise<number> {
  const row = await tx
    .tables<RegistryTables>()
    .selectFrom('registry_versions')
    .select((select) => select.fn.max('number').as('last'))
    .where('model_id', '=', modelId)
    .executeTakeFirst();
  return row?.last ?? 0;
}

/** Reads a version by its id, or throws `registry/version-not-found`. */
export async function requireVersion(tx: SqlTx, versionId: string): Promise<ModelVersion> {
  const row = await tx
    .tables<RegistryTables>()
    .selectFrom('registry_versions')
    .selectAll()
    .where('id', '=', versionId)
    .executeTakeFirst();
  const [version] = row === undefined ? [] : await versionsOf(tx, [row]);
  if (version !== undefined) return version;
  throw versionNotFound(`there is no model version ${JSON.stringify(versionId.slice(0, 60))}`);
}

/** Reads a version by model and number, or throws `registry/model-not-found` or `registry/version-not-found`. */
export async function requireVersionByNumber(tx: SqlTx, key: ModelKey & { readonly number: number }): Promise<ModelVersion> {
  const model = await requireModelRow(tx, key);
  const row = await tx
    .tables<RegistryTables>()
    .selectFrom('registry_versions')
    .selectAll()
    .where('model_id', '=', model.id)
    .where('number', '=', key.number)
    .executeTakeFirst();
  const [version] = row === undefined ? [] : await versionsOf(tx, [row]);
  if (version !== undefined) return version;
  const last = await lastNumber(tx, model.id);
  throw versionNotFound(`model "${model.name}" has no version ${String(key.number)}; its newest is ${String(last)}`);
}

/** Lists versions of a model, newest first. */
export async function listVersionRows(
  tx: SqlTx,
  query: ModelKey & { readonly limit?: number; readonly cursor?: string },
): Promise<Page<ModelVersion>> {
  const model = await requireModelRow(tx, query);
  const limit = requireLimit(query.limit ?? 50);
  const list = `versions:${model.id}`;
  let select = tx.tables<RegistryTables>().selectFrom('registry_versions').selectAll().where('model_id', '=', model.id);
  if (query.cursor !== undefined) select = select.where('number', '<', Number(decodeCursor(list, query.cursor)[0]));
  const rows = await select
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  const items = await versionsOf(tx, rows.slice(0, limit));
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { items };
  return { items, nextCursor: encodeCursor(list, [last.number]) };
}

/** Completes version rows with their model's name, files and aliases, in their order. */
async function versionsOf(tx: SqlTx, rows: readonly VersionRow[]): Promise<readonly ModelVersion[]> {
  if (rows.length === 0) return [];
  const db = tx.tables<RegistryTables>();
  const modelIds = [...new Set(rows.map((row) => row.model_id))];
  const versionIds = rows.map((row) => row.id);
  const models = await db.selectFrom('registry_models').selectAll().where('id', 'in', modelIds).execute();
  const files = await db.selectFrom('registry_files').selectAll().where('version_id', 'in', versionIds).orderBy('path').execute();
  const moves = await currentMoves(tx, modelIds);
  const nameOf = new Map(models.map((model) => [model.id, model.name]));
  return rows.map((row) => ({
    id: row.id,
    projectId: row.project_id,
    modelId: row.model_id,
    model: nameOf.get(row.model_id) ?? row.model_id,
    number: row.number,
    digest: parseDigest(row.digest),
    runId: row.run_id,
    evaluationId: row.evaluation_id ?? undefined,
    frameDigest: row.frame_digest === null ? undefined : parseDigest(row.frame_digest),
    datasets: datasetsOf(row.datasets),
    files: files.filter((file) => file.version_id === row.id).map(fileOf),
    aliases: moves
      .filter((move) => move.model_id === row.model_id && move.to_number === row.number)
      .map((move) => move.alias)
      .sort(),
    createdAtMs: row.created_at_ms,
  }));
}

/** Makes a registered model of its row and the number of its newest version. */
export function toModel(row: ModelRow, last: number): RegisteredModel {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    description: row.description,
    createdAtMs: row.created_at_ms,
    lastNumber: last,
  };
}

function fileOf(row: FileRow): VersionFile {
  return { path: row.path, digest: parseDigest(row.digest), sizeBytes: row.size_bytes };
}

function datasetsOf(text: string): readonly VersionDataset[] {
  const value: unknown = JSON.parse(text);
  // Written by registerVersion.
  return value as readonly VersionDataset[];
}

function requireLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new GyreError({
    kind: 'invalid',
    code: 'registry/bad-query',
    message: `limit ${String(limit)} is not a whole number from 1 to 1000`,
  });
}

function versionNotFound(message: string): GyreError {
  return new GyreError({ kind: 'not-found', code: 'registry/version-not-found', message });
}
