/**
 * The machine runtime as tables of the metadata store.
 *
 * @module
 */
export { createMachineRuntime, type MachineRuntimeOptions } from './machine-runtime-sql.ts';
export { machineMigrations } from './machine-tables.ts';
