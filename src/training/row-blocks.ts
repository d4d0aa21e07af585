import { type Allocate, allocateBlockState, allocateHistograms } from './kernels/prepared-rows.ts';
import type { SharedRows } from './kernels/row-block.ts';
import { Command, RowHand } from './kernels/row-hand.ts';
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
  /** Starts the threads on laid-out rows; each call of the blocks returns when all are done. */
  start(shared: SharedRows): StartedRowBlocks;
}

const NO_STEP = { iteration: 0, nodeCount: 0, gradientScale: 1, hessianScale: 1, salt: 0, sampleBelow: 0 };

/** Grows trees on the calling thread alone. */
export const callingThread: GrowthThreads = {
  allocate: (sizeBytes) => new ArrayBuffer(sizeBytes),
  start: (shared) => {
    const allocate: Allocate = (sizeBytes) => new ArrayBuffer(sizeBytes);
    const state = allocateBlockState(shared, allocate);
    const hand = new RowHand(shared, [state], allocateHistograms(shared, allocate));
    let turn = 0;
    const work = (command: Command, step = NO_STEP): void => {
      hand.work(turn++, command, 0, step);
    };
    return {
      differentiate: () => work(Command.differentiate),
      plantRoot: (step) => work(Command.plantRoot, step),
      splitLevel: (step) => work(Command.splitLevel, step),
      addTree: (step) => work(Command.addTree, step),
      histograms: () => [hand.histograms],
      counts: [state.counts],
      stop: () => undefined,
    };
  },
};
