import { createHash } from 'node:crypto';

/**
 * The hashes that stand for a tree of some size: one per complete subtree, largest first, 64 hex digits each.
 * Their number is the number of ones in the binary form of the size.
 */
export type Frontier = readonly string[];

/**
 * Hashes an entry as a leaf.
 *
 * @param entry - Bytes of the entry, or text taken as UTF-8.
 * @returns SHA-256 over 0x00 and the entry, 64 hex digits.
 * @see RFC 6962 §2.1
 */
export function leafHash(entry: Uint8Array | string): string {
  return createHash('sha256')
    .update(new Uint8Array([0]))
    .update(entry)
    .digest('hex');
}

/**
 * Adds a leaf to a tree.
 *
 * @param frontier - The tree before.
 * @param size - Its number of leaves.
 * @param leaf - Hash of the new leaf.
 * @returns The tree of `size + 1` leaves.
 * @see RFC 6962 §2.1
 */
export function appendLeaf(frontier: Frontier, size: number, leaf: string): Frontier {
  const grown = [...frontier];
  let hash = leaf;
  // Each trailing one of the size is a subtree as large as what has just been completed.
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = nodeHash(grown.pop() ?? '', hash);
  grown.push(hash);
  return grown;
}

/**
 * Gives the hash of a whole tree.
 *
 * @param frontier - The tree.
 * @returns 64 hex digits; for an empty tree the hash of nothing.
 * @see RFC 6962 §2.1
 */
export function rootHash(frontier: Frontier): string {
  if (frontier.length === 0) return createHash('sha256').digest('hex');
  return frontier.reduceRight((right, left) => nodeHash(left, right));
}

function nodeHash(left: string, right: string): string {
  return createHash('sha256')
    .update(new Uint8Array([1]))
    .update(left, 'hex')
    .update(right, 'hex')
    .digest('hex');
}
