/**
 * Structured logging. ERROR means a human must act; WARN that something was given up; INFO a change of state; DEBUG the rest.
 *
 * @module
 */
export { createMemoryLog, type Log, type LogFields, type LogLevel } from './log.ts';
