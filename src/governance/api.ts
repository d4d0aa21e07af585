import { Type } from 'typebox';
import { defineRoute, ProjectParams, TimeSchema } from '#platform/http/api';

const ApprovalSchema = Type.Object({
  id: Type.String(),
  action: Type.String({ description: 'What shall be done, such as serving.rollout' }),
  resource: Type.String({ description: 'What it is done to, such as model-version:churn:3' }),
  digests: Type.Record(Type.String(), Type.String(), { description: 'What the approval is bound to, by role' }),
  requestedBy: Type.String(),
  requestedAt: TimeSchema,
  why: Type.String(),
  state: Type.String({ description: 'waiting, approved, rejected, void or expired' }),
  decidedBy: Type.Optional(Type.String()),
  decidedAt: Type.Optional(TimeSchema),
  reason: Type.Optional(Type.String()),
});

const AuditEntrySchema = Type.Object({
  sequence: Type.Integer({ minimum: 1 }),
  at: TimeSchema,
  actor: Type.String(),
  action: Type.String(),
  resource: Type.String(),
  outcome: Type.String({ description: 'done or refused' }),
  reason: Type.Optional(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
  leafHash: Type.String({ description: 'RFC 6962 leaf hash, hex' }),
});

const AuditQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Entries a page; default 50' })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only entries with a smaller sequence' })),
    resource: Type.Optional(Type.String({ maxLength: 200, description: 'Only entries about this' })),
  },
  { additionalProperties: false },
);

/** Lists approvals. */
export const listApprovalsRoute = defineRoute({
  id: 'governance.listApprovals',
  method: 'GET',
  path: '/api/v1/projects/:project/approvals',
  summary: 'Lists approvals, newest first',
  params: ProjectParams,
  query: Type.Object({ state: Type.Optional(Type.String({ maxLength: 20 })) }, { additionalProperties: false }),
  answer: Type.Object({ items: Type.Array(ApprovalSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'governance:read', scope: 'project' },
});

/** Decides an approval. */
export const decideApprovalRoute = defineRoute({
  id: 'governance.decideApproval',
  method: 'POST',
  path: '/api/v1/projects/:project/approvals/:approval/decisions',
  summary: 'Approves or rejects what waits for a person',
  params: Type.Object(
    {
      project: Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' }),
      approval: Type.String({ minLength: 1, maxLength: 32, description: 'Id of the approval' }),
    },
    { additionalProperties: false },
  ),
  body: Type.Object(
    {
      decision: Type.Enum(['approve', 'reject']),
      reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Why, for the record' }),
    },
    { additionalProperties: false },
  ),
  answer: ApprovalSchema,
  errors: ['projects/not-found', 'governance/approval-not-found', 'governance/approval-decided'],
  authorize: { right: 'governance:approve', scope: 'project' },
  idempotency: 'key',
  audit: 'governance.approved',
});

/** Lists audit entries of a project. */
export const listAuditRoute = defineRoute({
  id: 'governance.listAudit',
  method: 'GET',
  path: '/api/v1/projects/:project/audit',
  summary: 'Lists audit entries of a project, newest first',
  params: ProjectParams,
  query: AuditQuery,
  answer: Type.Object({ items: Type.Array(AuditEntrySchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'audit:read', scope: 'project' },
});

/** Verifies the audit chain. */
export const verifyAuditRoute = defineRoute({
  id: 'governance.verifyAudit',
  method: 'POST',
  path: '/api/v1/audit/verifications',
  summary: 'Recomputes the audit tree from all entries and holds it against every kept checkpoint',
  answer: Type.Object({
    verified: Type.Boolean(),
    entries: Type.Integer({ minimum: 0 }),
    checkpoints: Type.Optional(Type.Integer({ minimum: 0 })),
    rootHash: Type.Optional(Type.String({ description: 'RFC 6962 tree hash, base64' })),
    atSequence: Type.Optional(Type.Integer({ minimum: 0, description: 'First entry that does not hold' })),
    reason: Type.Optional(Type.String()),
  }),
  authorize: { right: 'audit:read', scope: 'server' },
  idempotency: 'natural',
});

const WhyLine = Type.Object({
  at: Type.Optional(TimeSchema),
  who: Type.Optional(Type.String()),
  text: Type.String(),
});

/** Explains a turn, a model version or an endpoint. */
export const whyRoute = defineRoute({
  id: 'governance.why',
  method: 'GET',
  path: '/api/v1/projects/:project/why',
  summary: 'Explains a turn (`3`), a model version (`churn:8`, `churn@champion`) from stored facts alone',
  params: ProjectParams,
  query: Type.Object(
    { subject: Type.String({ minLength: 1, maxLength: 120, description: 'A turn number, MODEL:VERSION or MODEL@ALIAS' }) },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    subject: Type.String(),
    sentence: Type.String(),
    lines: Type.Array(WhyLine),
    digests: Type.Record(Type.String(), Type.String()),
  }),
  errors: [
    'projects/not-found',
    'governance/unknown-subject',
    'loops/turn-not-found',
    'registry/model-not-found',
    'registry/version-not-found',
  ],
  authorize: { right: 'governance:read', scope: 'project' },
});
