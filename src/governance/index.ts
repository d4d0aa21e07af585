/**
 * Governance: approvals bound to digests, the audit log as people read and prove it, and answers to "why".
 *
 * @module
 */
export { createApprovalDesk, POLICY_PRINCIPAL } from './approval-desk-sql.ts';
export { governanceErrors } from './errors.ts';
export { createGovernanceSlice, type GovernanceUpstream } from './slice.ts';
