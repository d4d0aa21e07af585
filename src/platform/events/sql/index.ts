/**
 * The event log as tables of the metadata store.
 *
 * @module
 */
export { createEventLog, type EventLogOptions } from './event-log-sql.ts';
export { eventMigrations } from './event-tables.ts';
