import { isGyreError } from '#kernel';
import type { AuditCheckpoint, AuditVerification } from '#platform/audit';
import type { SqlDatabase } from '#platform/sql';
import { appendLeaf, type Frontier, rootHash } from '../merkle.ts';
import { type AuditHead, countRows, readHead, readRows, recomputeLeaf } from './audit-entries.ts';
import type { KeyFolder } from './key-folder.ts';

const CHUNK_SIZE = 1000;

interface Walk {
  readonly checkpoints: ReadonlyMap<number, readonly AuditCheckpoint[]>;
  frontier: Frontier;
  size: number;
}

/**
 * Recomputes the tree from the entries and holds it against every kept checkpoint.
 *
 * @param database - The store.
 * @param keys - What is kept outside of it.
 * @returns What was found: the first place that is wrong, if any.
 */
export async function verifyLog(database: SqlDatabase, keys: KeyFolder): Promise<AuditVerification> {
  const read = readCheckpoints(keys);
  if (!read.ok) return { ok: false, entries: 0, atSequence: 0, reason: read.reason };
  const { checkpoints } = read;
  const { head, rows } = await database.read(async (tx) => ({ head: await readHead(tx), rows: await countRows(tx) }));
  const walk: Walk = { checkpoints: Map.groupBy(checkpoints, ({ size }) => size), frontier: [], size: 0 };
  const fault = (await walkEntries(database, walk, head)) ?? faultAtEnd(walk, head, checkpoints) ?? surplus(head, rows);
  if (fault !== undefined) return { ok: false, entries: head.size, ...fault };
  return { ok: true, entries: head.size, checkpoints: checkpoints.length, rootHash: base64(rootHash(walk.frontier)) };
}

type Fault = { readonly atSequence: number; readonly reason: string };

function readCheckpoints(
  keys: KeyFolder,
): { readonly ok: true; readonly checkpoints: readonly AuditCheckpoint[] } | { readonly ok: false; readonly reason: string } {
  try {
    return { ok: true, checkpoints: keys.checkpoints() };
  } catch (error) {
    if (isGyreError(error, 'audit/bad-checkpoint')) return { ok: false, reason: error.message };
    throw error;
  }
}

async function walkEntries(database: SqlDatabase, walk: Walk, head: AuditHead): Promise<Fault | undefined> {
  // What was appended after the head was read is none of this verification.
  while (walk.size < head.size) {
    const limit = Math.min(CHUNK_SIZE, head.size - walk.size);
    const rows = await database.read((tx) => readRows(tx, { after: walk.size, limit }));
    const fault = takeRows(walk, rows);
    if (fault !== undefined || rows.length < limit) return fault;
  }
  return undefined;
}

function takeRows(walk: Walk, rows: Awaited<ReturnType<typeof readRows>>): Fault | undefined {
  for (const row of rows) {
    const fault = takeRow(walk, row);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function takeRow(walk: Walk, row: Parameters<typeof recomputeLeaf>[0]): Fault | undefined {
  const sequence = walk.size + 1;
  if (row.sequence !== sequence) return { atSequence: sequence, reason: `entry ${String(sequence)} is missing` };
  const leaf = recomputeLeaf(row);
  if (leaf !== row.leaf_hash)
    return { atSequence: sequence, reason: `entry ${String(sequence)} was changed after it was written` };
  walk.frontier = appendLeaf(walk.frontier, walk.size, leaf);
  walk.size = sequence;
  const signed = walk.checkpoints.get(sequence);
  if (signed === undefined) return undefined;
  const root = base64(rootHash(walk.frontier));
  if (signed.every((checkpoint) => checkpoint.rootHash === root)) return undefined;
  return { atSequence: sequence, reason: `the entries up to ${String(sequence)} are not those that were signed` };
}

function faultAtEnd(walk: Walk, head: AuditHead, checkpoints: readonly AuditCheckpoint[]): Fault | undefined {
  const longest = checkpoints.reduce((size, checkpoint) => Math.max(size, checkpoint.size), 0);
  const atSequence = walk.size + 1;
  if (longest > walk.size) {
    const reason = `the log ends at ${String(walk.size)}, but a checkpoint was signed at ${String(longest)}: its tail was cut, or an older copy was put in place`;
    return { atSequence, reason };
  }
  if (walk.size < head.size) return { atSequence, reason: `entry ${String(atSequence)} is missing` };
  if (rootHash(head.frontier) === rootHash(walk.frontier)) return undefined;
  return { atSequence: walk.size, reason: 'the entries are not those from which the tree was grown' };
}

function surplus(head: AuditHead, rows: number): Fault | undefined {
  if (rows === head.size) return undefined;
  return {
    atSequence: head.size + 1,
    reason: `there are ${String(rows)} entries, but the tree was grown from ${String(head.size)}`,
  };
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
