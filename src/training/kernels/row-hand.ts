import { BINS_PER_FEATURE } from './bins.ts';
import { type BlockState, CHUNK_ROWS, RowBlock, type SharedRows, type Step } from './row-block.ts';

/** What can be done to a block; numbers, because they travel in shared memory. */
export const Command = { differentiate: 1, plantRoot: 2, splitLevel: 3, addTree: 4 } as const;
/** One command; see {@link Command}. */
export type Command = (typeof Command)[keyof typeof Command];

/** One thread at work: it does commands to whichever block it gets, and sums histograms of its own. */
export class RowHand {
  readonly histograms: Float64Array;
  private readonly shared: SharedRows;
  private readonly blocks: readonly RowBlock[];
  private lastTurn = -1;

  constructor(shared: SharedRows, states: readonly BlockState[], histograms: Float64Array) {
    this.shared = shared;
    this.histograms = histograms;
    const longest = (Math.ceil(shared.train.nRows / CHUNK_ROWS / states.length) + 1) * CHUNK_ROWS;
    const scratch = { moved: new Int32Array(longest), goesLeft: new Uint8Array(BINS_PER_FEATURE) };
    this.blocks = states.map((state, index) => new RowBlock(shared, { index, of: states.length }, state, scratch));
  }

  /** Does a command to one block; the first block of a turn finds the histograms emptied. Tells whether this was the first. */
  work(turn: number, command: number, block: number, step: Step): boolean {
    const isFirst = turn !== this.lastTurn;
    this.lastTurn = turn;
    const rows = this.blocks[block]!;
    if (isFirst) this.histograms.fill(0, 0, this.histogramsOf(command, step) * this.shared.nFeatures * BINS_PER_FEATURE);
    if (command === Command.differentiate) rows.differentiate();
    if (command === Command.plantRoot) rows.plantRoot(step, this.histograms);
    if (command === Command.splitLevel) rows.splitLevel(step, this.histograms);
    if (command === Command.addTree) {
      rows.addTree(step);
      rows.differentiate();
    }
    return isFirst;
  }

  private histogramsOf(command: number, step: Step): number {
    if (command === Command.plantRoot) return 1;
    return command === Command.splitLevel ? step.nodeCount : 0;
  }
}
