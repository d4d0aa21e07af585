import { GyreError } from '#kernel';
import type { AuditCheckpoint, AuditLog } from '#platform/audit';
import type { Clock } from '#platform/clock';
import { type Failpoints, NO_FAILPOINTS } from '#platform/failpoint';
import type { Log } from '#platform/log';
import type { SqlDatabase } from '#platform/sql';
import { signCheckpoint } from '../checkpoint-note.ts';
import { appendLeaf, type Frontier, rootHash } from '../merkle.ts';
import { type AuditHead, appendEntry, readEntries, readHead, readLeaves } from './audit-entries.ts';
import { type KeyFolder, openKeyFolder } from './key-folder.ts';
import { verifyLog } from './verify-log.ts';

const CHUNK_SIZE = 500;

/** What an audit log is made of. */
export interface AuditLogOptions {
  /** The store, with `auditMigrations` applied. */
  readonly database: SqlDatabase;
  readonly clock: Clock;
  /** Folder of the signing key and the checkpoints, outside the database; made when absent. */
  readonly keyFolder: string;
  readonly log: Log;
  readonly failpoints?: Failpoints;
}

/** A tree that is known to continue the newest checkpoint. */
interface KnownTree {
  readonly size: number;
  readonly frontier: Frontier;
}

/**
 * Makes the audit log of a store.
 *
 * @param options - Store, clock and the folder outside of it.
 * @returns The log.
 * @throws {@link GyreError} `audit/bad-key` when the signing key cannot be read.
 */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { database, clock, log } = options;
  const failpoints = options.failpoints ?? NO_FAILPOINTS;
  const keys = openKeyFolder(options.keyFolder);
  let known: KnownTree = { size: 0, frontier: [] };
  let last: Promise<unknown> = Promise.resolve();

  const makeCheckpoint = async (): Promise<AuditCheckpoint> => {
    const head = await database.read(readHead);
    const newest = keys.checkpoints().at(-1);
    if (newest !== undefined) {
      known = await growTo(database, known, newest.size);
      assertContinues(known, newest, head);
    }
    known = await growTo(database, known, head.size);
    assertGrown(known, head);
    if (newest?.size === head.size) return newest;
    const checkpoint = signCheckpoint(keys.signer, { size: head.size, rootHex: rootHash(known.frontier) });
    await failpoints.hit('audit/before-checkpoint');
    keepCheckpoint(keys, checkpoint);
    await failpoints.hit('audit/after-checkpoint');
    log.write('debug', 'audit checkpoint signed', { size: checkpoint.size });
    return checkpoint;
  };
  return {
    append: (tx, entry) => appendEntry(tx, entry, clock.nowMs()),
    read: readEntries,
    checkpoint: () => {
      const next = last.then(makeCheckpoint);
      last = next.catch(() => undefined);
      return next;
    },
    verify: () => verifyLog(database, keys),
  };
}

/** Grows a known tree by the stored leaves; it stays shorter where leaves are missing. */
async function growTo(database: SqlDatabase, tree: KnownTree, size: number): Promise<KnownTree> {
  let { size: grown, frontier } = tree;
  while (grown < size) {
    const limit = Math.min(CHUNK_SIZE, size - grown);
    const after = grown;
    const leaves = await database.read((tx) => readLeaves(tx, { after, limit }));
    for (const leaf of leaves) {
      frontier = appendLeaf(frontier, grown, leaf);
      grown += 1;
    }
    if (leaves.length < limit) break;
  }
  return { size: grown, frontier };
}

/** Refuses to sign a log that has lost its past: the older checkpoint must keep contradicting it. */
function assertContinues(known: KnownTree, newest: AuditCheckpoint, head: AuditHead): void {
  const isShorter = head.size < newest.size;
  const isOther =
    known.size === newest.size && Buffer.from(rootHash(known.frontier), 'hex').toString('base64') !== newest.rootHash;
  if (isShorter || isOther || known.size < newest.size) throw forked(newest.size, head.size);
}

function assertGrown(known: KnownTree, head: AuditHead): void {
  if (known.size === head.size && rootHash(known.frontier) === rootHash(head.frontier)) return;
  throw forked(known.size, head.size);
}

function keepCheckpoint(keys: KeyFolder, checkpoint: AuditCheckpoint): void {
  try {
    keys.append(checkpoint);
  } catch (cause) {
    throw new GyreError({
      kind: 'unavailable',
      code: 'audit/checkpoint-failed',
      message: `the audit checkpoint could not be kept: ${cause instanceof Error ? cause.message : String(cause)}`,
      help: 'free some space or repair the folder of the audit key; the next checkpoint covers everything since',
      cause,
    });
  }
}

function forked(signedSize: number, size: number): GyreError {
  return new GyreError({
    kind: 'precondition-failed',
    code: 'audit/forked',
    message: `the audit log with ${String(size)} entries does not continue what was signed at ${String(signedSize)} entries`,
    help: 'run gyre audit verify, and keep the folder as it is',
  });
}
