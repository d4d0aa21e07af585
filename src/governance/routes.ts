import { formatTime } from '#kernel';
import type { AuditEntry } from '#platform/audit';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import { decideApprovalRoute, listApprovalsRoute, listAuditRoute, verifyAuditRoute, whyRoute } from './api.ts';
import { decideApproval } from './approval-desk-sql.ts';
import { type Approval, listApprovals, requireApproval } from './approval-store-sql.ts';
import type { Explainer } from './why.ts';

/** Binds the routes of this slice. */
export function governanceRoutes(platform: Platform, projects: ProjectsSlice, explain: Explainer): readonly BoundRoute[] {
  return [
    bindRoute(listApprovalsRoute, async ({ params, query }) => {
      const approvals = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return listApprovals(tx, {
          projectId: project.id,
          ...(query.state === undefined ? {} : { state: query.state }),
          limit: 200,
        });
      });
      return { body: { items: approvals.map(presentApproval) } };
    }),
    bindRoute(decideApprovalRoute, async ({ params, body, caller }) => {
      const decided = await platform.database.transaction(async (tx) => {
        const project = await projects.find(tx, params.project);
        // The caller was authorized for this project alone.
        const approval = await requireApproval(tx, params.approval, project.id);
        const state = body.decision === 'approve' ? 'approved' : 'rejected';
        return decideApproval(platform, tx, { approval, state, actor: caller.principal, reason: body.reason });
      });
      return { body: presentApproval(decided) };
    }),
    bindRoute(listAuditRoute, async ({ params, query }) => {
      const entries = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return platform.audit.read(tx, { projectId: project.id, ...query, limit: query.limit ?? 50 });
      });
      return { body: { items: entries.map(presentEntry) } };
    }),
    bindRoute(verifyAuditRoute, async () => {
      const { ok, ...rest } = await platform.audit.verify();
      return { body: { verified: ok, ...rest } };
    }),
    bindRoute(whyRoute, async ({ params, query }) => ({
      body: await platform.database.read(async (tx) => explain(tx, await projects.find(tx, params.project), query.subject)),
    })),
  ];
}

function presentApproval(approval: Approval) {
  return {
    id: approval.id,
    action: approval.action,
    resource: approval.resource,
    digests: { ...approval.digests },
    requestedBy: approval.requestedBy,
    requestedAt: formatTime(approval.requestedAtMs),
    why: approval.why,
    state: approval.state,
    ...(approval.decidedBy === undefined ? {} : { decidedBy: approval.decidedBy }),
    ...(approval.decidedAtMs === undefined ? {} : { decidedAt: formatTime(approval.decidedAtMs) }),
    ...(approval.reason === undefined ? {} : { reason: approval.reason }),
  };
}

function presentEntry(entry: AuditEntry) {
  return {
    sequence: entry.sequence,
    at: formatTime(entry.atMs),
    actor: entry.actor,
    action: entry.action,
    resource: entry.resource,
    outcome: entry.outcome,
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    data: { ...entry.data },
    leafHash: entry.leafHash,
  };
}
