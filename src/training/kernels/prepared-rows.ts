import { BINS_PER_FEATURE, cutPoints, writeBins } from './bins.ts';
import {
  type BinnedRows,
  type BlockState,
  CHUNK_ROWS,
  CHUNK_SUMS,
  type GrowingTree,
  LOGISTIC_LOSS,
  type SharedRows,
  SQUARED_LOSS,
} from './row-block.ts';
import { NODES_PER_STEP } from './tree-grower.ts';

/** Gives memory: of this thread alone, or shared with others. */
export type Allocate = (sizeBytes: number) => ArrayBuffer | SharedArrayBuffer;

/** Columns of one part, all numbers, NaN missing. */
export interface NumberRows {
  readonly columns: readonly Float32Array[];
  readonly labels: Float32Array;
}

/** Rows ready for growing trees, and how values map to bins. */
export interface Prepared {
  readonly shared: SharedRows;
  /** Cuts of each feature, from the training rows. */
  readonly cuts: readonly Float32Array[];
  /** Bins of values of each feature. */
  readonly valueBins: Int32Array;
}

/** What {@link prepareRows} is told. */
export interface PrepareRules {
  readonly isLogistic: boolean;
  readonly maxBins: number;
  readonly depth: number;
  /** Score that all rows start from. */
  readonly base: number;
}

/** Cuts the features on the training rows, bins both parts, and lays out all memory that growth needs. */
export function prepareRows(train: NumberRows, validation: NumberRows, rules: PrepareRules, allocate: Allocate): Prepared {
  const cuts = train.columns.map((column) => cutPoints(column, rules.maxBins));
  const nRows = train.labels.length;
  const nFeatures = cuts.length;
  const shared: SharedRows = {
    nFeatures,
    stride: nFeatures,
    loss: rules.isLogistic ? LOGISTIC_LOSS : SQUARED_LOSS,
    train: binnedRows(train, cuts, rules.base, allocate),
    validation: binnedRows(validation, cuts, rules.base, allocate),
    tree: emptyTree(maxNodes(rules.depth, nRows), allocate),
    gradients: new Float64Array(allocate(nRows * 8)),
    hessians: new Float64Array(allocate(nRows * 8)),
    packed: new Float64Array(allocate(nRows * 8)),
    rows: new Int32Array(allocate(nRows * 4)),
  };
  return { shared, cuts, valueBins: Int32Array.from(cuts, (feature) => feature.length + 1) };
}

/** Memory for the histograms that one thread sums. */
export function allocateHistograms(shared: SharedRows, allocate: Allocate): Float64Array {
  return new Float64Array(allocate(NODES_PER_STEP * shared.nFeatures * BINS_PER_FEATURE * 8));
}

/** Memory for where the rows of one block lie. */
export function allocateBlockState(shared: SharedRows, allocate: Allocate): BlockState {
  const perNode = (): Int32Array => new Int32Array(allocate(shared.tree.feature.length * 4));
  return { from: perNode(), to: perNode(), counts: perNode() };
}

/** A tree has at most two leaves a row and 2^depth in all. */
function maxNodes(depth: number, nRows: number): number {
  return 2 * Math.min(2 ** depth, Math.max(1, nRows)) + 1;
}

function binnedRows(rows: NumberRows, cuts: readonly Float32Array[], base: number, allocate: Allocate): BinnedRows {
  const nRows = rows.labels.length;
  const stride = cuts.length;
  const bins = new Uint8Array(allocate(nRows * stride));
  for (const [index, feature] of cuts.entries()) writeBins(bins, stride, index, rows.columns[index]!, feature);
  const labels = new Float32Array(allocate(nRows * 4));
  labels.set(rows.labels);
  const chunkSums = new Float64Array(allocate(Math.ceil(nRows / CHUNK_ROWS) * CHUNK_SUMS * 8));
  return { nRows, bins, labels, scores: new Float64Array(allocate(nRows * 8)).fill(base), chunkSums };
}

function emptyTree(nNodes: number, allocate: Allocate): GrowingTree {
  const ints = (length: number): Int32Array => new Int32Array(allocate(length * 4));
  return {
    feature: ints(nNodes),
    bin: ints(nNodes),
    missingLeft: ints(nNodes),
    left: ints(nNodes),
    missingBin: ints(nNodes),
    value: new Float64Array(allocate(nNodes * 8)),
    level: ints(NODES_PER_STEP),
    build: ints(NODES_PER_STEP),
  };
}
