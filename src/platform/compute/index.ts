/**
 * Heavy work in processes of its own: training and command steps, with slots, memory and time limits and lowered priority.
 *
 * @module
 */
export type { ComputeJob, ComputeOutcome, ComputePool } from './compute.ts';
