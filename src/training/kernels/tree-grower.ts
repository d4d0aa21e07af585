import { BINS_PER_FEATURE } from './bins.ts';
import { CHUNK_SUMS, HESSIAN_LIMIT, type SharedRows, type Step } from './row-block.ts';
import { addInto, findSplit, gradientOf, hessianOf, type Split, type SplitRules, subtractInto } from './split-search.ts';

/** Nodes of one level that are split by one command; bounds the memory of a thread, whatever the depth. */
export const NODES_PER_STEP = 32;

/** All blocks of rows, driven in step: each call returns when every block is done. */
export interface RowBlocks {
  differentiate(): void;
  plantRoot(step: Step): void;
  splitLevel(step: Step): void;
  addTree(step: Step): void;
  /** What the threads that took part in the last step have summed; at least one. */
  histograms(): readonly Float64Array[];
  /** Rows in each node, one array for each block. */
  readonly counts: readonly Int32Array[];
}

/** What every tree of one training keeps to. */
export interface GrowthRules {
  readonly maxDepth: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly minChildWeight: number;
  readonly minGain: number;
  readonly sampleBelow: number;
  readonly salt: number;
}

interface LiveNode {
  readonly id: number;
  /** Packed sum of its rows. */
  readonly total: number;
}

/** Grows trees one level at a time; the histogram of the lighter child is built, the other one is the difference to the parent. */
export class TreeGrower {
  nodeCount = 1;
  trainLoss = 0;
  validationLoss = Number.NaN;
  private readonly shared: SharedRows;
  private readonly blocks: RowBlocks;
  private readonly rules: GrowthRules;
  private readonly valueBins: Int32Array;
  private readonly size: number;
  private current = new Float64Array(0);
  private next = new Float64Array(0);
  private sumGradient = 0;
  private sumHessian = 0;
  private gradientScale = 1;
  private hessianScale = 1;

  constructor(shared: SharedRows, blocks: RowBlocks, rules: GrowthRules, valueBins: Int32Array) {
    this.shared = shared;
    this.blocks = blocks;
    this.rules = rules;
    this.valueBins = valueBins;
    this.size = shared.nFeatures * BINS_PER_FEATURE;
    blocks.differentiate();
    this.readSums();
  }

  /** Grows one tree into the shared arrays and adds it to the scores; `usable` says which features it may split on. */
  grow(iteration: number, usable: Uint8Array): void {
    // Sums stay below the limit even when every row is rounded up.
    const room = HESSIAN_LIMIT - 1 - this.shared.train.nRows;
    this.gradientScale = room / Math.max(this.sumGradient, 1e-30);
    // Whole, so that a squared loss, whose every hessian is 1, counts rows without rounding.
    this.hessianScale = Math.max(1, Math.floor(room / Math.max(this.sumHessian, 1e-30)));
    const valueBins = this.valueBins.map((bins, feature) => (usable[feature] === 1 ? bins : 0));
    this.blocks.plantRoot(this.step(iteration, 0));
    this.current = this.reserve(this.current, 1);
    this.collect(this.current, 0, 0);
    let level: LiveNode[] = [{ id: 0, total: this.totalOf(this.current) }];
    this.nodeCount = 1;
    this.makeLeaf(0, level[0]!.total);
    for (let depth = 0; depth < this.rules.maxDepth && level.length > 0; depth += 1) {
      level = this.splitLevel(level, valueBins, iteration, depth === this.rules.maxDepth - 1);
    }
    this.blocks.addTree(this.step(iteration, this.nodeCount));
    this.readSums();
  }

  private splitLevel(level: readonly LiveNode[], valueBins: Int32Array, iteration: number, isLast: boolean): LiveNode[] {
    const rules = this.packedRules();
    const chosen: { node: LiveNode; slot: number; split: Split }[] = [];
    level.forEach((node, slot) => {
      const split = findSplit(this.current, slot * this.size, valueBins, node.total, rules);
      if (split !== undefined) chosen.push({ node, slot, split });
    });
    const children: LiveNode[] = [];
    if (!isLast) this.next = this.reserve(this.next, chosen.length * 2);
    for (let start = 0; start < chosen.length; start += NODES_PER_STEP) {
      const batch = chosen.slice(start, start + NODES_PER_STEP);
      batch.forEach(({ node, split }, k) => {
        const left = this.makeSplit(node, split);
        children.push({ id: left, total: split.left }, { id: left + 1, total: node.total - split.left });
        this.shared.tree.level[k] = node.id;
        const lighter = hessianOf(split.left) <= hessianOf(node.total - split.left) ? 1 : 2;
        this.shared.tree.build[k] = isLast ? 0 : lighter;
      });
      this.blocks.splitLevel(this.step(iteration, batch.length));
      if (isLast) continue;
      batch.forEach(({ slot }, k) => {
        const child = 2 * (start + k);
        const built = child + this.shared.tree.build[k]! - 1;
        this.collect(this.next, built, k);
        subtractInto(this.next, (built ^ 1) * this.size, this.current, slot * this.size, built * this.size, this.size);
      });
    }
    [this.current, this.next] = [this.next, this.current];
    return children;
  }

  private makeSplit(node: LiveNode, split: Split): number {
    const tree = this.shared.tree;
    const left = this.nodeCount;
    this.nodeCount += 2;
    tree.feature[node.id] = split.feature;
    tree.bin[node.id] = split.bin;
    tree.missingLeft[node.id] = split.missingLeft ? 1 : 0;
    tree.missingBin[node.id] = this.valueBins[split.feature]!;
    tree.left[node.id] = left;
    this.makeLeaf(left, split.left);
    this.makeLeaf(left + 1, node.total - split.left);
    return left;
  }

  private makeLeaf(id: number, total: number): void {
    const { tree } = this.shared;
    tree.feature[id] = -1;
    tree.left[id] = -1;
    const gradient = gradientOf(total) / this.gradientScale;
    const hessian = hessianOf(total) / this.hessianScale;
    const denominator = hessian + this.rules.l2;
    // Leaves are float32, as in the model: what training adds up is what the model will say.
    tree.value[id] = denominator > 0 ? Math.fround((-this.rules.learningRate * gradient) / denominator) : 0;
  }

  /** The rules, in the whole units of the packed sums. */
  private packedRules(): SplitRules {
    const { l2, minChildWeight, minGain } = this.rules;
    return {
      l2: Math.max(l2 * this.hessianScale, 1e-9),
      minHessian: Math.max(1, minChildWeight * this.hessianScale),
      minGain: (minGain * this.gradientScale * this.gradientScale) / this.hessianScale,
    };
  }

  private collect(target: Float64Array, slot: number, builtSlot: number): void {
    const [first, ...others] = this.blocks.histograms();
    const from = builtSlot * this.size;
    target.set(first!.subarray(from, from + this.size), slot * this.size);
    for (const other of others) addInto(target, other, slot * this.size, from, this.size);
  }

  /** Every row is in exactly one bin of the first feature. */
  private totalOf(histogram: Float64Array): number {
    let total = 0;
    for (let bin = 0; bin < BINS_PER_FEATURE; bin += 1) total += histogram[bin]!;
    return total;
  }

  private reserve(buffer: Float64Array<ArrayBuffer>, slots: number): Float64Array<ArrayBuffer> {
    return buffer.length >= slots * this.size ? buffer : new Float64Array(slots * this.size);
  }

  private step(iteration: number, nodeCount: number): Step {
    const { salt, sampleBelow } = this.rules;
    return { iteration, nodeCount, gradientScale: this.gradientScale, hessianScale: this.hessianScale, salt, sampleBelow };
  }

  private readSums(): void {
    const { train, validation } = this.shared;
    this.sumGradient = sumOf(train.chunkSums, 0);
    this.sumHessian = sumOf(train.chunkSums, 1);
    this.trainLoss = sumOf(train.chunkSums, 2) / train.nRows;
    this.validationLoss = validation.nRows === 0 ? Number.NaN : sumOf(validation.chunkSums, 2) / validation.nRows;
  }
}

function sumOf(chunkSums: Float64Array, which: number): number {
  let sum = 0;
  for (let at = which; at < chunkSums.length; at += CHUNK_SUMS) sum += chunkSums[at]!;
  return sum;
}
