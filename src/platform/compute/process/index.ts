/**
 * Commands as child processes of this machine.
 *
 * @module
 */
export { createProcessPool, type ProcessPoolOptions } from './process-pool.ts';
