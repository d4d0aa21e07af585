/**
 * Log lines as JSON on stderr; stdout stays free for answers.
 *
 * @module
 */
export { createJsonLog, type JsonLogOptions } from './json-log.ts';
