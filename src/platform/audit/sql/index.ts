/**
 * The audit log as tables of the metadata store, with signed checkpoints in a folder outside of it.
 *
 * @module
 */
export { type AuditLogOptions, createAuditLog } from './audit-log-sql.ts';
export { auditMigrations } from './audit-tables.ts';
