import { shortFloat32, type Tree } from '../model.ts';
import type { Prepared } from './prepared-rows.ts';

/** Above every finite float32: only missing values go right. */
const ABOVE_ALL = 3.4028234663852886e38;

/** Reads the grown tree out of shared memory, in the form of the model: bins become thresholds. */
export function readTree(prepared: Prepared, nodeCount: number, counts: readonly Int32Array[]): Tree {
  const { tree } = prepared.shared;
  const place = new Int32Array(nodeCount);
  let splits = 0;
  let leaves = 0;
  for (let node = 0; node < nodeCount; node += 1) {
    if (tree.feature[node]! >= 0) place[node] = splits++;
    else place[node] = -1 - leaves++;
  }
  const read: { [Key in keyof Tree]: number[] } = {
    feature: [],
    threshold: [],
    missingLeft: [],
    left: [],
    right: [],
    leaf: [],
    leafRows: [],
  };
  for (let node = 0; node < nodeCount; node += 1) {
    const feature = tree.feature[node]!;
    if (feature < 0) {
      read.leaf.push(shortFloat32(tree.value[node]!));
      read.leafRows.push(counts.reduce((sum, ofThread) => sum + ofThread[node]!, 0));
      continue;
    }
    const cuts = prepared.cuts[feature]!;
    const bin = tree.bin[node]!;
    read.feature.push(feature);
    read.threshold.push(bin < cuts.length ? shortFloat32(cuts[bin]!) : ABOVE_ALL);
    read.missingLeft.push(tree.missingLeft[node]!);
    read.left.push(place[tree.left[node]!]!);
    read.right.push(place[tree.left[node]! + 1]!);
  }
  return read;
}
