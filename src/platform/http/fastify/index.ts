/**
 * The HTTP host of a process: one plain `node:http` server whose first router hands inference paths to the data plane and
 * everything else to Fastify. It validates by the contracts, authorizes, limits, keeps idempotency keys, serves the built
 * screens and writes every failure as a problem document.
 *
 * @module
 */
export { createHttpHost, type HttpHost, type HttpHostOptions } from './host.ts';
export { markIdempotencyKeys } from './idempotency.ts';
export { idempotencyMigration } from './idempotency-migration.ts';
export { RESERVED_SEGMENTS } from './static-files.ts';
