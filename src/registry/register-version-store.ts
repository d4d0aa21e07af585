import { type Digest, GyreError } from '#kernel';
import type { AuditLog } from '#platform/audit';
import type { Clock, Ids } from '#platform/clock';
import type { EventLog } from '#platform/events';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import { sectionOf } from '#projects';
import type { ModelVersion, VersionFile, VersionRegistration } from './model-version.ts';
import type { ModelsSection } from './models-section.ts';
import { requireFilePath, requireModelName } from './names.ts';
import { type ModelRow, type RegistryTables, sealed } from './tables.ts';
import { findModelRow, lastNumber, requireVersion } from './version-rows-sql.ts';

/** What changing the registry needs. */
export interface RegistryPorts {
  readonly events: Pick<EventLog, 'append'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
}

/** Registers a version once by model, digest and run. */
export async function registerVersion(ports: RegistryPorts, tx: SqlTx, registration: VersionRegistration): Promise<ModelVersion> {
  if (registration.files.length === 0) throw noFile(registration.model);
  const model = await modelRowFor(ports, tx, registration);
  const known = await findRegistered(tx, model.id, registration);
  if (known !== undefined) return requireVersion(tx, known);
  const id = ports.ids.next();
  const number = (await lastNumber(tx, model.id)) + 1;
  const row = sealed({
    id,
    project_id: registration.projectId,
    model_id: model.id,
    number,
    digest: registration.digest,
    run_id: registration.runId,
    evaluation_id: registration.evaluationId ?? null,
    frame_digest: registration.frameDigest ?? null,
    datasets: JSON.stringify(registration.datasets ?? []),
    created_at_ms: ports.clock.nowMs(),
  });
  await tx.tables<RegistryTables>().insertInto('registry_versions').values(row).execute();
  for (const file of registration.files) await insertFile(tx, id, file);
  const version = await requireVersion(tx, id);
  await tell(ports, tx, { version, actor: registration.actor, verb: 'register-version' });
  return version;
}

/** Adds a file to a version; other bytes under a known path are refused. */
export async function addFile(
  ports: RegistryPorts,
  tx: SqlTx,
  { versionId, file, actor }: { readonly versionId: string; readonly file: VersionFile; readonly actor: string },
): Promise<ModelVersion> {
  const version = await requireVersion(tx, versionId);
  const known = version.files.find((candidate) => candidate.path === file.path);
  if (known?.digest === file.digest) return version;
  if (known !== undefined) throw fileDiffers(version, known, file);
  await insertFile(tx, versionId, file);
  const after = await requireVersion(tx, versionId);
  await tell(ports, tx, { version: after, actor, verb: 'add-file', file });
  return after;
}

async function modelRowFor(ports: RegistryPorts, tx: SqlTx, registration: VersionRegistration): Promise<ModelRow> {
  const key = { projectId: registration.projectId, model: requireModelName(registration.model) };
  const known = await findModelRow(tx, key);
  if (known !== undefined) return known;
  const models = sectionOf<ModelsSection>(await ports.projects.find(tx, key.projectId), 'models') ?? {};
  const described = Object.hasOwn(models, key.model) ? models[key.model]?.description : undefined;
  const row = sealed({
    id: ports.ids.next(),
    project_id: key.projectId,
    name: key.model,
    description: described ?? '',
    created_at_ms: ports.clock.nowMs(),
  });
  await tx.tables<RegistryTables>().insertInto('registry_models').values(row).execute();
  return row;
}

async function findRegistered(
  tx: SqlTx,
  modelId: string,
  key: { readonly digest: Digest; readonly runId: string },
): Promise<string | undefined> {
  const row = await tx
    .tables<RegistryTables>()
    .selectFrom('registry_versions')
    .select('id')
    .where('model_id', '=', modelId)
    .where('digest', '=', key.digest)
    .where('run_id', '=', key.runId)
    .executeTakeFirst();
  return row?.id;
}

async function insertFile(tx: SqlTx, versionId: string, file: VersionFile): Promise<void> {
  const row = sealed({
    version_id: versionId,
    path: requireFilePath(file.path),
    digest: file.digest,
    size_bytes: file.sizeBytes,
  });
  await tx.tables<RegistryTables>().insertInto('registry_files').values(row).execute();
}

async function tell(
  ports: RegistryPorts,
  tx: SqlTx,
  told: {
    readonly version: ModelVersion;
    readonly actor: string;
    readonly verb: 'register-version' | 'add-file';
    readonly file?: VersionFile;
  },
): Promise<void> {
  const { version, actor, verb, file } = told;
  const { model, number, digest, runId, projectId } = version;
  const fileFacts = file === undefined ? {} : { path: file.path, fileDigest: file.digest };
  await ports.events.append(tx, {
    topic: verb === 'add-file' ? 'registry.file-added' : 'registry.version-registered',
    projectId,
    entity: 'model-version',
    entityId: version.id,
    entityVersion: version.files.length,
    data: { model, number, digest, runId, ...fileFacts },
  });
  await ports.audit.append(tx, {
    actor,
    action: `registry.${verb}`,
    projectId,
    resource: `model-version:${model}:${String(number)}`,
    outcome: 'done',
    data: {
      versionId: version.id,
      digest,
      runId,
      ...(version.evaluationId === undefined ? {} : { evaluationId: version.evaluationId }),
      ...(version.frameDigest === undefined ? {} : { frameDigest: version.frameDigest }),
      ...fileFacts,
    },
  });
}

function noFile(model: string): GyreError {
  return new GyreError({
    kind: 'invalid',
    code: 'registry/no-file',
    message: `a version of "${model.slice(0, 80)}" was to be registered without files; store its model file first and name it`,
  });
}

function fileDiffers(version: ModelVersion, known: VersionFile, file: VersionFile): GyreError {
  return new GyreError({
    kind: 'conflict',
    code: 'registry/file-differs',
    message: `version ${String(version.number)} of "${version.model}" has ${known.digest} under ${known.path}, not ${file.digest}; register another version`,
  });
}
