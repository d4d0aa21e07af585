/**
 * What happened, as a log: written in the transaction of the change, read by consumers that keep their cursor in the
 * transaction of their effect, and shown live to browsers by position.
 *
 * @module
 */
export type { EventConsumer, EventInput, EventLog, OutboxEvent } from './events.ts';
