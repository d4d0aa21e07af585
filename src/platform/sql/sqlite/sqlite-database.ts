import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GyreError, isGyreError } from '#kernel';
import { type Failpoints, NO_FAILPOINTS } from '#platform/failpoint';
import type { SqlDatabase } from '#platform/sql';
import { createGroupCommit } from './group-commit.ts';
import { createReaderPool } from './reader-pool.ts';
import { startWorkerLink } from './worker-link.ts';

/** Where and how a SQLite store is opened. */
export interface SqliteOptions {
  /** Folder of the store; the file in it is `gyre.db`. `:memory:` gives a store of this process alone that is gone after `close`. */
  readonly folder: string;
  /** How many reads run at once. @defaultValue 2 */
  readonly readers?: number;
  /** Limit of one transaction, milliseconds. @defaultValue 30 000 */
  readonly transactionTimeoutMs?: number;
  /** Limit of one read, milliseconds. @defaultValue 120 000 */
  readonly readTimeoutMs?: number;
  /** Joints around the commit. @defaultValue none */
  readonly failpoints?: Failpoints;
}

/**
 * Opens a SQLite store: one writer with shared commits (write-ahead log, `synchronous=FULL`) and readers that start when
 * first needed, each in a thread of its own. The caller holds the lock of the folder.
 *
 * @param options - Where and how.
 * @returns The store.
 * @throws {@link GyreError} `sql/open-failed` when the file cannot be opened.
 * @example
 * ```ts
 * const database = await openSqlite({ folder: ':memory:' });
 * database.dialect; // => 'sqlite'
 * await database.close();
 * ```
 */
export async function openSqlite(options: SqliteOptions): Promise<SqlDatabase> {
  const place = options.folder === ':memory:' ? temporaryPlace() : lastingPlace(options.folder);
  const file = { path: join(place.folder, 'gyre.db'), durability: place.durability };
  const link = startWorkerLink({ ...file, mode: 'writer' });
  try {
    await link.ready;
  } catch (error) {
    place.remove();
    throw openFailed(file.path, error);
  }
  const writer = createGroupCommit({
    link,
    timeoutMs: options.transactionTimeoutMs ?? 30_000,
    failpoints: options.failpoints ?? NO_FAILPOINTS,
  });
  const readers = createReaderPool({
    settings: { ...file, mode: 'reader' },
    size: options.readers ?? 2,
    timeoutMs: options.readTimeoutMs ?? 120_000,
  });
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    await Promise.all([writer.idle(), readers.close()]);
    await link.close();
    place.remove();
  };
  const assertUsable = (): void => {
    if (closing !== undefined) throw closedError();
    if (link.isBroken()) throw storeFailed();
  };
  return {
    dialect: 'sqlite',
    read: async (work) => {
      assertUsable();
      return readers.read(work);
    },
    transaction: async (work) => {
      assertUsable();
      return writer.transaction(work);
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

interface Place {
  readonly folder: string;
  readonly durability: 'full' | 'off';
  remove(): void;
}

function lastingPlace(folder: string): Place {
  mkdirSync(folder, { recursive: true });
  return { folder, durability: 'full', remove: () => undefined };
}

/**
 * SQLite's own `:memory:` belongs to one connection, and its shared forms make readers wait for the writer, against the
 * law of `read`. A file in memory, where the system has such a place, keeps every law.
 */
function temporaryPlace(): Place {
  const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(root, 'gyre-memory-'));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', remove);
  return { folder, durability: 'off', remove };
}

function openFailed(path: string, cause: unknown): GyreError {
  const detail = isGyreError(cause) ? cause.message : String(cause);
  return new GyreError({
    kind: 'unavailable',
    code: 'sql/open-failed',
    message: `cannot open the store ${path}: ${detail}`,
    help: 'check that the folder exists, is writable, and lies on a local disk',
    cause,
  });
}

function closedError(): GyreError {
  return new GyreError({ kind: 'unavailable', code: 'sql/closed', message: 'the store is closed' });
}

function storeFailed(): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'sql/store-failed',
    message: 'the store refuses further work, because writing to it failed before',
    help: 'check the disk, then restart the server',
  });
}
