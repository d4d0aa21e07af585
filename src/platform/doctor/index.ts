/**
 * What `gyre doctor` looks at: the machine, the store and the server. Every finding says what was found and what mends it.
 *
 * @example
 * ```ts
 * findingLines([{ name: 'disk', state: 'broken', detail: 'full', fix: 'free space' }]).length; // => 2
 * ```
 *
 * @module
 */
export { type Check, type Finding, type FindingState, findingLines, type NamedFinding, runChecks } from './check.ts';
export { clockCheck, diskCheck, existingFolder, nodeCheck, packageCheck, portCheck, pythonCheck } from './machine-checks.ts';
export { serverCheck } from './server-checks.ts';
export { auditCheck, blobCheck, integrityCheck, schemaCheck } from './store-checks.ts';
