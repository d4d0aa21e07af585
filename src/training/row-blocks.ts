import { type Allocate, blockOutput } from './kernels/prepared-rows.ts';
import { RowBlock, type SharedRows } from './kernels/row-block.ts';
import type { RowBlocks } from './kernels/tree-grower.ts';

/** Row blocks that hold on to something (threads) until they are stopped. */
export interface StartedRowBlocks extends RowBlocks {
  stop(): void;
}

/**
 * Where the rows of a tree ensemble are worked on. The result does not depend on it: sums are of whole numbers, or in the order of the rows.
 */
export interface GrowthThreads {
  /** Memory that every thread sees. */
  readonly allocate: Allocate;
  /** Starts the threads on laid-out rows; each call of the blocks returns when all threads are done. */
  start(shared: SharedRows): StartedRowBlocks;
}

/** Grows trees on the calling thread alone. */
export const callingThread: GrowthThreads = {
  allocate: (sizeBytes) => new ArrayBuffer(sizeBytes),
  start: (shared) => {
    const block = new RowBlock(
      shared,
      { index: 0, of: 1 },
      blockOutput(shared, (sizeBytes) => new ArrayBuffer(sizeBytes)),
    );
    return {
      differentiate: () => block.differentiate(),
      plantRoot: (step) => block.plantRoot(step),
      splitLevel: (step) => block.splitLevel(step),
      addTree: (step) => {
        block.addTree(step);
        block.differentiate();
      },
      histograms: [block.histograms],
      counts: [block.counts],
      stop: () => undefined,
    };
  },
};
