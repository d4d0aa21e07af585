import type { JsonObject } from '#kernel';
import type { MachineInstance, MachineStep } from '#platform/machine';
import type { SqlTx } from '#platform/sql';
import type { MachineTables } from './machine-tables.ts';

/** A stored instance. */
export type InstanceRow = MachineTables['machine_instance'];

/**
 * Reads one stored instance.
 *
 * @param tx - Any handle.
 * @param id - Instance id.
 * @returns The row, or undefined.
 */
export function findInstance(tx: SqlTx, id: string): Promise<InstanceRow | undefined> {
  return tx.tables<MachineTables>().selectFrom('machine_instance').selectAll().where('id', '=', id).executeTakeFirst();
}

/**
 * Reads the stored instance of a key.
 *
 * @param tx - Any handle.
 * @param place - Kind, project and key.
 * @returns The row, or undefined.
 */
export function findByKey(
  tx: SqlTx,
  place: { readonly kind: string; readonly projectId: string; readonly key: string },
): Promise<InstanceRow | undefined> {
  return tx
    .tables<MachineTables>()
    .selectFrom('machine_instance')
    .selectAll()
    .where('kind', '=', place.kind)
    .where('project_id', '=', place.projectId)
    .where('key', '=', place.key)
    .executeTakeFirst();
}

/**
 * Reads stored instances, newest first.
 *
 * @param tx - Any handle.
 * @param query - Kind, optionally project and status, and how many at most.
 * @returns The instances.
 */
export async function listInstances(
  tx: SqlTx,
  query: { readonly kind: string; readonly projectId?: string; readonly status?: 'open' | 'ended'; readonly limit: number },
): Promise<readonly MachineInstance[]> {
  const ofKind = tx.tables<MachineTables>().selectFrom('machine_instance').selectAll().where('kind', '=', query.kind);
  const ofProject = query.projectId === undefined ? ofKind : ofKind.where('project_id', '=', query.projectId);
  const ofStatus = query.status === undefined ? ofProject : ofProject.where('status', '=', query.status);
  const rows = await ofStatus.orderBy('started_at_ms', 'desc').orderBy('id', 'desc').limit(query.limit).execute();
  return rows.map((row) => toInstance(row));
}

/**
 * Reads the history of an instance, oldest first.
 *
 * @param tx - Any handle.
 * @param instanceId - Instance id.
 * @returns Its lines.
 */
export async function readHistory(tx: SqlTx, instanceId: string): Promise<readonly MachineStep[]> {
  const rows = await tx
    .tables<MachineTables>()
    .selectFrom('machine_history')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    atMs: row.at_ms,
    businessAtMs: row.business_at_ms,
    // The runtime wrote the text from an event.
    event: JSON.parse(row.event) as MachineStep['event'],
    ignored: row.ignored === 1,
  }));
}

/**
 * Gives a stored instance its form at the port.
 *
 * @param row - The stored instance.
 * @returns The instance.
 */
export function toInstance(row: InstanceRow): MachineInstance {
  return {
    id: row.id,
    kind: row.kind,
    projectId: row.project_id,
    key: row.key ?? undefined,
    status: row.status,
    state: stateOf(row),
    version: row.version,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms ?? undefined,
  };
}

/**
 * Parses the state of a stored instance.
 *
 * @param row - The stored instance.
 * @returns Its state.
 */
export function stateOf(row: InstanceRow): JsonObject {
  // The runtime wrote the text from a JSON object.
  return JSON.parse(row.state) as JsonObject;
}
