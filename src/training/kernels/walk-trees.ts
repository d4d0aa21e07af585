import type { Tree } from '../model.ts';

/**
 * Trees as flat arrays. Siblings are neighbours; a leaf is its own left child under an infinite threshold, so that all trees of a group of four can be
 * walked the same number of steps, side by side, without a branch. The inputs are read from a row of twice the features: first as they are, where
 * NaN fails every `x > t` and goes left, then with NaN as infinity, which goes right.
 */
export interface FlatTrees {
  readonly nFeatures: number;
  readonly roots: Int32Array;
  /** Steps to the deepest leaf, for each group of four trees. */
  readonly groupDepth: Int32Array;
  readonly input: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly value: Float64Array;
  readonly base: number;
}

const GROUP = 4;

/** Lays trees out for walking; a last group is filled with trees of one leaf of value 0. */
export function flattenTrees(trees: readonly Tree[], nFeatures: number, base: number): FlatTrees {
  const nTrees = Math.ceil(trees.length / GROUP) * GROUP;
  const nNodes = trees.reduce((sum, tree) => sum + 2 * tree.feature.length + 1, nTrees - trees.length);
  const flat = {
    nFeatures,
    roots: new Int32Array(nTrees),
    groupDepth: new Int32Array(nTrees / GROUP),
    input: new Int32Array(nNodes),
    threshold: new Float32Array(nNodes).fill(Number.POSITIVE_INFINITY),
    left: Int32Array.from({ length: nNodes }, (_, node) => node),
    value: new Float64Array(nNodes),
    base,
  };
  let next = 0;
  for (let t = 0; t < nTrees; t += 1) {
    flat.roots[t] = next;
    const tree = trees[t];
    const depth = tree === undefined ? 0 : layOut(tree, flat, next);
    const group = Math.floor(t / GROUP);
    flat.groupDepth[group] = Math.max(flat.groupDepth[group]!, depth);
    next += tree === undefined ? 1 : 2 * tree.feature.length + 1;
  }
  return flat;
}

function layOut(tree: Tree, flat: FlatTrees, root: number): number {
  let next = root + 1;
  let deepest = 0;
  const waiting = [{ child: tree.feature.length === 0 ? -1 : 0, node: root, depth: 0 }];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { child, node, depth } = entry;
    deepest = Math.max(deepest, depth);
    if (child < 0) {
      flat.value[node] = Math.fround(tree.leaf[-1 - child]!);
      continue;
    }
    flat.input[node] = tree.feature[child]! + (tree.missingLeft[child] === 1 ? 0 : flat.nFeatures);
    flat.threshold[node] = tree.threshold[child]!;
    flat.left[node] = next;
    waiting.push({ child: tree.right[child]!, node: next + 1, depth: depth + 1 });
    waiting.push({ child: tree.left[child]!, node: next, depth: depth + 1 });
    next += 2;
  }
  return deepest;
}

/** Copies a row's inputs twice, as the walk wants them. */
export function doubleRow(target: Float32Array, source: Float32Array, from: number, nFeatures: number): void {
  for (let f = 0; f < nFeatures; f += 1) {
    const value = source[from + f]!;
    target[f] = value;
    target[nFeatures + f] = Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }
}

/** Sums the leaves that a doubled row falls into. `x > t` is taken as a number: the processor need not guess it. */
export function walkTrees(trees: FlatTrees, row: Float32Array): number {
  const { roots, groupDepth, input, threshold, left, value } = trees;
  let sum = trees.base;
  for (let group = 0, t = 0; group < groupDepth.length; group += 1, t += GROUP) {
    let a = roots[t]!;
    let b = roots[t + 1]!;
    let c = roots[t + 2]!;
    let d = roots[t + 3]!;
    for (let step = groupDepth[group]!; step > 0; step -= 1) {
      a = left[a]! + (+(row[input[a]!]! > threshold[a]!) | 0);
      b = left[b]! + (+(row[input[b]!]! > threshold[b]!) | 0);
      c = left[c]! + (+(row[input[c]!]! > threshold[c]!) | 0);
      d = left[d]! + (+(row[input[d]!]! > threshold[d]!) | 0);
    }
    sum += value[a]! + value[b]! + value[c]! + value[d]!;
  }
  return sum;
}
