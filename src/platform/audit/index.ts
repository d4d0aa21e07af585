/**
 * Who did what, when, why: append-only, in the transaction of the change, hashed into an RFC 6962 tree whose signed
 * checkpoint is kept outside the database, so that an edit, a gap and a cut tail all show.
 *
 * @module
 */
export type { AuditCheckpoint, AuditEntry, AuditEntryInput, AuditLog, AuditVerification } from './audit.ts';
export { type CheckpointSchedule, createCheckpointSchedule } from './checkpoint-schedule.ts';
