import { GyreError } from '#kernel';
import type { SqlTx } from '#platform/sql';
import { aliasOf, lastMove } from './alias-rows-sql.ts';
import type { Alias, AliasRequest, ModelVersion } from './model-version.ts';
import { requireAliasName } from './names.ts';
import type { RegistryPorts } from './register-version-store.ts';
import { type MoveRow, type RegistryTables, sealed } from './tables.ts';
import { requireModelRow, requireVersionByNumber } from './version-rows-sql.ts';

/** Points an alias to a version or nowhere; moving it to where it is changes nothing. */
export async function moveAlias(ports: RegistryPorts, tx: SqlTx, request: AliasRequest): Promise<Alias> {
  const alias = requireAliasName(request.alias);
  const model = await requireModelRow(tx, request);
  const before = await lastMove(tx, model.id, alias);
  requireExpected(request, before);
  const to = request.to === undefined ? undefined : await requireVersionByNumber(tx, { ...request, number: request.to });
  if ((before?.to_number ?? undefined) === to?.number) return aliasOf(model.name, alias, before);
  const move = sealed({
    model_id: model.id,
    alias,
    version: (before?.version ?? 0) + 1,
    project_id: request.projectId,
    from_number: before?.to_number ?? null,
    to_number: to?.number ?? null,
    from_digest: before?.to_digest ?? null,
    to_digest: to?.digest ?? null,
    actor: request.actor,
    why: request.why,
    moved_at_ms: ports.clock.nowMs(),
    business_at_ms: await ports.projects.businessNowMs(tx, request.projectId),
  });
  await tx.tables<RegistryTables>().insertInto('registry_alias_moves').values(move).execute();
  await tell(ports, tx, { request, move, model: model.name, to });
  return aliasOf(model.name, alias, move);
}

function requireExpected({ alias, expectedVersion }: AliasRequest, before: MoveRow | undefined): void {
  const version = before?.version ?? 0;
  if (expectedVersion === undefined || expectedVersion === version) return;
  const where = before?.to_number === null || before === undefined ? 'nowhere' : `to version ${String(before.to_number)}`;
  throw new GyreError({
    kind: 'precondition-failed',
    code: 'registry/alias-moved',
    message: `alias "${alias}" was moved meanwhile: it points ${where}, as of its move ${String(version)}; read it again and decide anew`,
  });
}

async function tell(
  ports: RegistryPorts,
  tx: SqlTx,
  told: { readonly request: AliasRequest; readonly move: MoveRow; readonly model: string; readonly to: ModelVersion | undefined },
): Promise<void> {
  const { request, move, model } = told;
  const facts = { model, alias: move.alias, from: move.from_number, to: move.to_number, digest: move.to_digest };
  await ports.events.append(tx, {
    topic: 'registry.alias-moved',
    projectId: move.project_id,
    entity: 'alias',
    entityId: `${model}@${move.alias}`,
    entityVersion: move.version,
    data: facts,
  });
  await ports.audit.append(tx, {
    actor: request.actor,
    action: 'registry.move-alias',
    projectId: move.project_id,
    resource: `alias:${model}@${move.alias}`,
    outcome: 'done',
    reason: request.why,
    ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
    data: { ...facts, fromDigest: move.from_digest, version: move.version },
  });
}
