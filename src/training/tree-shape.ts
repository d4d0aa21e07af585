import type { DocumentReader } from './document-reader.ts';
import type { Tree } from './model.ts';

const MAX_DEPTH = 64;

/** Children come after their parent and every split and leaf has one parent: hence no cycle, and nothing hangs loose. */
export function requireOneTree(reader: DocumentReader, tree: Tree): void {
  const seenLeaves = new Uint8Array(tree.leaf.length);
  const depths = new Uint8Array(tree.feature.length);
  for (let split = 0; split < tree.feature.length; split += 1) {
    for (const child of [tree.left[split] ?? 0, tree.right[split] ?? 0]) {
      if (child < 0) markLeaf(reader, seenLeaves, -1 - child);
      else markSplit(reader, depths, split, child);
    }
  }
}

function markLeaf(reader: DocumentReader, seenLeaves: Uint8Array, leaf: number): void {
  if (seenLeaves[leaf] === 1) reader.fail(`reaches leaf ${leaf} twice`);
  seenLeaves[leaf] = 1;
}

/** Only the root has depth 0, and no child can be the root. */
function markSplit(reader: DocumentReader, depths: Uint8Array, parent: number, child: number): void {
  if (child <= parent) reader.fail(`has a split ${parent} that leads back to ${child}`);
  if (depths[child] !== 0) reader.fail(`reaches split ${child} twice`);
  depths[child] = (depths[parent] ?? 0) + 1;
  if ((depths[child] ?? 0) >= MAX_DEPTH) reader.fail(`is deeper than ${MAX_DEPTH}`);
}
