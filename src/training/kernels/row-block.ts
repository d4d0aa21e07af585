import { BINS_PER_FEATURE } from './bins.ts';

/**
 * The sum of a gradient and the sum of a hessian travel as one double: `gradient * 2^26 + hessian`, both whole numbers. Sums of whole numbers
 * are exact, so their order, hence the number of threads, changes nothing; and one addition does the work of two.
 */
export const HESSIAN_LIMIT = 2 ** 26;

/** Rows whose losses are summed together; blocks begin at multiples of it, so that float sums have one order too. */
export const CHUNK_ROWS = 1024;

/** Numbers kept for each chunk: sum of |gradient|, sum of hessian, sum of loss. */
export const CHUNK_SUMS = 3;

/** Loss functions, as numbers because they travel in shared memory. */
export const LOGISTIC_LOSS = 0;
export const SQUARED_LOSS = 1;

/** Rows in the form that trees are grown on: bins, labels and running scores. */
export interface BinnedRows {
  readonly nRows: number;
  /** Row-major, `stride` bytes a row. */
  readonly bins: Uint8Array;
  readonly labels: Float32Array;
  readonly scores: Float64Array;
  /** CHUNK_SUMS numbers a chunk. */
  readonly chunkSums: Float64Array;
}

/** The tree that is being grown, in bins; node 0 is the root, children of a node are neighbours. */
export interface GrowingTree {
  /** -1 for a leaf. */
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly missingLeft: Int32Array;
  /** Id of the left child; the right one is the next. */
  readonly left: Int32Array;
  /** Bin that holds missing values, of the feature of the node. */
  readonly missingBin: Int32Array;
  readonly value: Float64Array;
  /** Ids of the nodes to split at this level. */
  readonly level: Int32Array;
  /** For each of them: 0 builds no histogram, 1 the left child's, 2 the right one's. */
  readonly build: Int32Array;
}

/** Everything that threads share. */
export interface SharedRows {
  readonly nFeatures: number;
  readonly stride: number;
  readonly loss: number;
  readonly train: BinnedRows;
  readonly validation: BinnedRows;
  readonly tree: GrowingTree;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly packed: Float64Array;
  readonly rows: Int32Array;
}

/** What one step of growth is told. */
export interface Step {
  readonly iteration: number;
  readonly nodeCount: number;
  readonly gradientScale: number;
  readonly hessianScale: number;
  /** Changes the rounding and the sampling. */
  readonly salt: number;
  /** Rows whose hash is below take part in the tree; 2^32 takes all. */
  readonly sampleBelow: number;
}

/** Where the rows of each node lie within one block, and how many they are in the finished tree; one place a node. */
export interface BlockState {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly counts: Int32Array;
}

/** Memory of one thread for whatever block it works on. */
export interface Scratch {
  /** As long as the longest block. */
  readonly moved: Int32Array;
  /** 256 places, one a bin. */
  readonly goesLeft: Uint8Array;
}

/** A block of the rows, and the operations on it. Whichever thread does them, the outcome is the same. */
export class RowBlock {
  private readonly shared: SharedRows;
  private readonly state: BlockState;
  private readonly scratch: Scratch;
  private readonly from: number;
  private readonly to: number;
  private readonly validationFrom: number;
  private readonly validationTo: number;

  constructor(shared: SharedRows, share: { readonly index: number; readonly of: number }, state: BlockState, scratch: Scratch) {
    this.shared = shared;
    this.state = state;
    this.scratch = scratch;
    [this.from, this.to] = shareOf(shared.train.nRows, share);
    [this.validationFrom, this.validationTo] = shareOf(shared.validation.nRows, share);
  }

  /** Derivatives of the loss at the present scores, and their sums. */
  differentiate(): void {
    const { train, validation, gradients, hessians, loss } = this.shared;
    for (let start = this.from; start < this.to; start += CHUNK_ROWS) {
      const end = Math.min(this.to, start + CHUNK_ROWS);
      if (loss === LOGISTIC_LOSS) logisticChunk(train, gradients, hessians, start, end);
      else squaredChunk(train, gradients, hessians, start, end);
    }
    for (let start = this.validationFrom; start < this.validationTo; start += CHUNK_ROWS) {
      const end = Math.min(this.validationTo, start + CHUNK_ROWS);
      validation.chunkSums[(start / CHUNK_ROWS) * CHUNK_SUMS + 2] =
        loss === LOGISTIC_LOSS ? logisticLossOf(validation, start, end) : squaredLossOf(validation, start, end);
    }
  }

  /** Packs derivatives into whole numbers, lays out the rows again and adds them to the root's histogram. */
  plantRoot(step: Step, histograms: Float64Array): void {
    const { packed, gradients, hessians, rows } = this.shared;
    const { gradientScale, hessianScale, sampleBelow } = step;
    const salt = Math.imul(step.salt, 0x85ebca6b) ^ Math.imul(step.iteration + 1, 0x9e3779b9);
    for (let row = this.from; row < this.to; row += 1) {
      let bits = Math.imul(row ^ salt, 0x2c1b3c6d);
      bits = Math.imul(bits ^ (bits >>> 15), 0x297a2d39);
      bits ^= bits >>> 15;
      rows[row] = row;
      if (sampleBelow < 4294967296 && Math.imul(bits, 0x85ebca6b) >>> 0 >= sampleBelow) {
        packed[row] = 0;
        continue;
      }
      // Rounds up with the probability of the fraction: sums stay unbiased however coarse the unit.
      const gradient = Math.floor(gradients[row]! * gradientScale + (bits >>> 16) / 65536);
      const hessian = Math.floor(hessians[row]! * hessianScale + (bits & 65535) / 65536);
      packed[row] = gradient * HESSIAN_LIMIT + hessian;
    }
    this.state.from[0] = this.from;
    this.state.to[0] = this.to;
    this.addTo(histograms, 0, this.from, this.to);
  }

  /** Divides the rows of the level's nodes, and adds them to the histograms that were asked for, in the order of the level. */
  splitLevel(step: Step, histograms: Float64Array): void {
    const { tree } = this.shared;
    let slot = 0;
    for (let k = 0; k < step.nodeCount; k += 1) {
      const node = tree.level[k]!;
      const middle = this.partition(node);
      const build = tree.build[k]!;
      if (build === 0) continue;
      const from = build === 1 ? this.state.from[node]! : middle;
      const to = build === 1 ? middle : this.state.to[node]!;
      this.addTo(histograms, slot, from, to);
      slot += 1;
    }
  }

  /** Adds the leaves of the finished tree to the scores, and counts their rows. */
  addTree(step: Step): void {
    const { tree, rows, train, validation, stride } = this.shared;
    const scores = train.scores;
    for (let node = 0; node < step.nodeCount; node += 1) {
      this.state.counts[node] = this.state.to[node]! - this.state.from[node]!;
      if (tree.feature[node]! >= 0) continue;
      const value = tree.value[node]!;
      for (let i = this.state.from[node]!; i < this.state.to[node]!; i += 1) scores[rows[i]!]! += value;
    }
    const { feature, bin, left, missingBin, missingLeft } = tree;
    const bins = validation.bins;
    for (let row = this.validationFrom; row < this.validationTo; row += 1) {
      const base = row * stride;
      let node = 0;
      for (let split = feature[0]!; split >= 0; split = feature[node]!) {
        const at = bins[base + split]!;
        const isLeft = at === missingBin[node]! ? missingLeft[node]! === 1 : at <= bin[node]!;
        node = left[node]! + (isLeft ? 0 : 1);
      }
      validation.scores[row]! += tree.value[node]!;
    }
  }

  private partition(node: number): number {
    const { tree, rows, train, stride } = this.shared;
    const { goesLeft, moved } = this.scratch;
    const bins = train.bins;
    const feature = tree.feature[node]!;
    goesLeft.fill(0);
    goesLeft.fill(1, 0, tree.bin[node]! + 1);
    goesLeft[tree.missingBin[node]!] = tree.missingLeft[node]!;
    const from = this.state.from[node]!;
    const to = this.state.to[node]!;
    let kept = from;
    let movedCount = 0;
    for (let i = from; i < to; i += 1) {
      const row = rows[i]!;
      const isLeft = goesLeft[bins[row * stride + feature]!]!;
      rows[kept] = row;
      moved[movedCount] = row;
      kept += isLeft;
      movedCount += 1 - isLeft;
    }
    rows.set(moved.subarray(0, movedCount), kept);
    const left = tree.left[node]!;
    this.state.from[left] = from;
    this.state.to[left] = kept;
    this.state.from[left + 1] = kept;
    this.state.to[left + 1] = to;
    return kept;
  }

  private addTo(histograms: Float64Array, slot: number, from: number, to: number): void {
    const { nFeatures, stride, train, packed, rows } = this.shared;
    const size = nFeatures * BINS_PER_FEATURE;
    addRows(histograms.subarray(slot * size, (slot + 1) * size), train.bins, packed, rows, from, to, stride, nFeatures);
  }
}

function addRows(
  histogram: Float64Array,
  bins: Uint8Array,
  packed: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  stride: number,
  nFeatures: number,
): void {
  const whole = nFeatures & ~3;
  for (let i = from; i < to; i += 1) {
    const row = rows[i]!;
    const both = packed[row]!;
    const base = row * stride;
    for (let f = 0; f < whole; f += 4) {
      const at = f << 8;
      histogram[at + bins[base + f]!]! += both;
      histogram[at + 256 + bins[base + f + 1]!]! += both;
      histogram[at + 512 + bins[base + f + 2]!]! += both;
      histogram[at + 768 + bins[base + f + 3]!]! += both;
    }
    for (let f = whole; f < nFeatures; f += 1) histogram[(f << 8) + bins[base + f]!]! += both;
  }
}

/** Logs of probabilities are taken of products of 16, each at least 1e-15: the product stays above 1e-240. */
function logisticChunk(rows: BinnedRows, gradients: Float64Array, hessians: Float64Array, from: number, to: number): void {
  const { scores, labels, chunkSums } = rows;
  let sumGradient = 0;
  let sumHessian = 0;
  let loss = 0;
  let product = 1;
  for (let row = from; row < to; row += 1) {
    const probability = 1 / (1 + Math.exp(-scores[row]!));
    const label = labels[row]!;
    const gradient = probability - label;
    const hessian = probability * (1 - probability);
    gradients[row] = gradient;
    hessians[row] = hessian;
    const miss = Math.abs(gradient);
    sumGradient += miss;
    sumHessian += hessian;
    product *= miss < 1 - 1e-15 ? 1 - miss : 1e-15;
    if ((row & 15) === 15) {
      loss -= Math.log(product);
      product = 1;
    }
  }
  const at = (from / CHUNK_ROWS) * CHUNK_SUMS;
  chunkSums[at] = sumGradient;
  chunkSums[at + 1] = sumHessian;
  chunkSums[at + 2] = loss - Math.log(product);
}

function squaredChunk(rows: BinnedRows, gradients: Float64Array, hessians: Float64Array, from: number, to: number): void {
  const { scores, labels, chunkSums } = rows;
  let sumGradient = 0;
  let loss = 0;
  for (let row = from; row < to; row += 1) {
    const gradient = scores[row]! - labels[row]!;
    gradients[row] = gradient;
    hessians[row] = 1;
    sumGradient += Math.abs(gradient);
    loss += gradient * gradient;
  }
  const at = (from / CHUNK_ROWS) * CHUNK_SUMS;
  chunkSums[at] = sumGradient;
  chunkSums[at + 1] = to - from;
  chunkSums[at + 2] = loss;
}

function logisticLossOf(rows: BinnedRows, from: number, to: number): number {
  let loss = 0;
  for (let row = from; row < to; row += 1) {
    const margin = rows.labels[row]! > 0.5 ? rows.scores[row]! : -rows.scores[row]!;
    loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  }
  return loss;
}

function squaredLossOf(rows: BinnedRows, from: number, to: number): number {
  let loss = 0;
  for (let row = from; row < to; row += 1) loss += (rows.scores[row]! - rows.labels[row]!) ** 2;
  return loss;
}

/** Splits rows into blocks at multiples of a chunk. */
function shareOf(nRows: number, share: { index: number; of: number }): [number, number] {
  const chunks = Math.ceil(nRows / CHUNK_ROWS);
  const border = (index: number): number => Math.min(nRows, Math.floor((chunks * index) / share.of) * CHUNK_ROWS);
  return [border(share.index), border(share.index + 1)];
}
