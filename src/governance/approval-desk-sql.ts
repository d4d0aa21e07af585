import { GyreError } from '#kernel';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ApprovalDesk, ApprovalState } from '#registry';
import { type Approval, findApprovalByKey, requireApproval, saveApproval } from './approval-store-sql.ts';

/** Who approves where the policy lets no person wait. */
export const POLICY_PRINCIPAL = 'policy:automatic';

type DeskPorts = Pick<Platform, 'audit' | 'events' | 'clock' | 'ids'>;

/**
 * Makes the approval desk. Where the request says `approval: required`, a person decides; everywhere else the default
 * policy approves at once, and the record says that it was the policy.
 *
 * @param ports - Audit, events, clock and ids.
 * @returns The desk; see `ApprovalDesk` of registry for its laws.
 */
export function createApprovalDesk(ports: DeskPorts): ApprovalDesk {
  return {
    request: async (tx, request) => {
      const before = await findApprovalByKey(tx, request.projectId, request.key);
      if (before !== undefined) return stateOf(before);
      const approval: Approval = {
        id: ports.ids.next(),
        projectId: request.projectId,
        key: request.key,
        action: request.action,
        resource: request.resource,
        digests: request.digests,
        requestedBy: request.requestedBy,
        why: request.why,
        data: request.data ?? {},
        state: 'waiting',
        decidedBy: undefined,
        decidedAtMs: undefined,
        reason: undefined,
        requestedAtMs: ports.clock.nowMs(),
      };
      await saveApproval(tx, approval);
      await announce(ports, tx, approval);
      if (approval.data['approval'] === 'required') return stateOf(approval);
      const reason = 'approved by the default policy: the gate passed and the project file asks for no person';
      return stateOf(await decideApproval(ports, tx, { approval, state: 'approved', actor: POLICY_PRINCIPAL, reason }));
    },
    state: async (tx, approvalId, digests) => {
      const approval = await requireApproval(tx, approvalId);
      const changed = Object.entries(approval.digests).find(
        ([role, digest]) => digests[role] !== undefined && digests[role] !== digest,
      );
      if (changed === undefined || approval.state === 'void') return stateOf(approval);
      const reason = `void: the digest of its ${changed[0]} has changed`;
      return stateOf(await decideApproval(ports, tx, { approval, state: 'void', actor: POLICY_PRINCIPAL, reason }));
    },
  };
}

/** Decides an approval that waits, or makes one void; audited and announced in the same transaction. */
export async function decideApproval(
  ports: DeskPorts,
  tx: SqlTx,
  decision: {
    readonly approval: Approval;
    readonly state: 'approved' | 'rejected' | 'void';
    readonly actor: string;
    readonly reason: string;
  },
): Promise<Approval> {
  const { approval, state, actor, reason } = decision;
  if (approval.state !== 'waiting' && state !== 'void') {
    throw new GyreError({
      kind: 'conflict',
      code: 'governance/approval-decided',
      message: `approval ${approval.id} was ${approval.state} by ${approval.decidedBy ?? 'nobody'} already`,
    });
  }
  const decided: Approval = { ...approval, state, decidedBy: actor, decidedAtMs: ports.clock.nowMs(), reason };
  await saveApproval(tx, decided);
  await ports.audit.append(tx, {
    actor,
    action: `governance.${state}`,
    projectId: approval.projectId,
    resource: approval.resource,
    outcome: 'done',
    reason,
    data: { approval: approval.id, digests: approval.digests },
  });
  await announce(ports, tx, decided);
  return decided;
}

async function announce(ports: DeskPorts, tx: SqlTx, approval: Approval): Promise<void> {
  const isWaiting = approval.state === 'waiting';
  const turnId = approval.data['turnId'];
  await ports.events.append(tx, {
    topic: isWaiting ? 'governance.approval-requested' : 'governance.approval-decided',
    projectId: approval.projectId,
    entity: 'approval',
    entityId: approval.id,
    entityVersion: isWaiting ? 1 : 2,
    data: {
      state: approval.state,
      turnId: typeof turnId === 'string' ? turnId : '',
      by: approval.decidedBy ?? '',
      text: approval.reason ?? '',
    },
  });
}

function stateOf(approval: Approval): ApprovalState {
  return {
    id: approval.id,
    state: approval.state,
    decidedBy: approval.decidedBy,
    decidedAtMs: approval.decidedAtMs,
    reason: approval.reason,
  };
}
