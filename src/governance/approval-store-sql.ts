import { GyreError, type JsonObject } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { ApprovalState } from '#registry';

/** A request for approval, as it is stored. */
export interface Approval {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly action: string;
  readonly resource: string;
  /** Digests it is bound to, by role. */
  readonly digests: Readonly<Record<string, string>>;
  readonly requestedBy: string;
  readonly why: string;
  readonly data: JsonObject;
  readonly state: ApprovalState['state'];
  readonly decidedBy: string | undefined;
  readonly decidedAtMs: number | undefined;
  readonly reason: string | undefined;
  readonly requestedAtMs: number;
}

interface ApprovalRow {
  id: string;
  project_id: string;
  request_key: string;
  action: string;
  resource: string;
  digests: string;
  requested_by: string;
  why: string;
  data: string;
  state: string;
  decided_by: string | null;
  decided_at_ms: number | null;
  reason: string | null;
  requested_at_ms: number;
}

interface GovernanceTables {
  governance_approvals: ApprovalRow;
}

/** Writes an approval, new or decided. */
export async function saveApproval(tx: SqlTx, approval: Approval): Promise<void> {
  const changing = {
    state: approval.state,
    decided_by: approval.decidedBy ?? null,
    decided_at_ms: approval.decidedAtMs ?? null,
    reason: approval.reason ?? null,
  };
  await tx
    .tables<GovernanceTables>()
    .insertInto('governance_approvals')
    .values({
      id: approval.id,
      project_id: approval.projectId,
      request_key: approval.key,
      action: approval.action,
      resource: approval.resource,
      digests: JSON.stringify(approval.digests),
      requested_by: approval.requestedBy,
      why: approval.why,
      data: JSON.stringify(approval.data),
      requested_at_ms: approval.requestedAtMs,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
}

/** Finds an approval by id, or throws `governance/approval-not-found`; with a project, also when it belongs to another. */
export async function requireApproval(tx: SqlTx, id: string, projectId?: string): Promise<Approval> {
  const row = await tx
    .tables<GovernanceTables>()
    .selectFrom('governance_approvals')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row !== undefined && (projectId === undefined || row.project_id === projectId)) return approvalOf(row);
  throw new GyreError({
    kind: 'not-found',
    code: 'governance/approval-not-found',
    message: `there is no approval "${id.slice(0, 40)}"`,
  });
}

/** Finds an approval by its key, or gives undefined. */
export async function findApprovalByKey(tx: SqlTx, projectId: string, key: string): Promise<Approval | undefined> {
  const row = await tx
    .tables<GovernanceTables>()
    .selectFrom('governance_approvals')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('request_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : approvalOf(row);
}

/** Lists approvals of a project, newest first. */
export async function listApprovals(
  tx: SqlTx,
  query: { readonly projectId?: string; readonly state?: string; readonly resource?: string; readonly limit: number },
): Promise<readonly Approval[]> {
  let select = tx.tables<GovernanceTables>().selectFrom('governance_approvals').selectAll();
  if (query.projectId !== undefined) select = select.where('project_id', '=', query.projectId);
  if (query.state !== undefined) select = select.where('state', '=', query.state);
  if (query.resource !== undefined) select = select.where('resource', '=', query.resource);
  const rows = await select.orderBy('requested_at_ms', 'desc').limit(query.limit).execute();
  return rows.map(approvalOf);
}

function approvalOf(row: ApprovalRow): Approval {
  return {
    id: row.id,
    projectId: row.project_id,
    key: row.request_key,
    action: row.action,
    resource: row.resource,
    // Both were written by saveApproval.
    digests: JSON.parse(row.digests) as Record<string, string>,
    data: JSON.parse(row.data) as JsonObject,
    requestedBy: row.requested_by,
    why: row.why,
    state: row.state as Approval['state'],
    decidedBy: row.decided_by ?? undefined,
    decidedAtMs: row.decided_at_ms ?? undefined,
    reason: row.reason ?? undefined,
    requestedAtMs: row.requested_at_ms,
  };
}
