import { join } from 'node:path';

/** Where things lie in the folder of an embedded server. */
export interface StoreLayout {
  /** The folder itself. */
  readonly root: string;
  /** Folder of the metadata store. */
  readonly database: string;
  /** Folder of the blob store. */
  readonly blobs: string;
  /** Folder of the audit key and its checkpoints; a backup of it belongs elsewhere than the database. */
  readonly audit: string;
  /** Folder for records of running processes and other short-lived files. */
  readonly run: string;
  /** Says who owns the folder and where it answers; read by the command line. */
  readonly connectionFile: string;
  /** Locked while a server owns the folder; never opened by anything else, since closing it would end the lock. */
  readonly lockFile: string;
  /** Says in which format the folder is written. */
  readonly formatFile: string;
}

/**
 * Names the places in a store folder.
 *
 * @param root - The folder.
 * @returns Its layout; nothing is made.
 * @example
 * ```ts
 * storeLayout('/srv/gyre').blobs; // => '/srv/gyre/blobs'
 * ```
 */
export function storeLayout(root: string): StoreLayout {
  return {
    root,
    database: join(root, 'database'),
    blobs: join(root, 'blobs'),
    audit: join(root, 'audit'),
    run: join(root, 'run'),
    connectionFile: join(root, 'connection.json'),
    lockFile: join(root, 'lock.db'),
    formatFile: join(root, 'format.json'),
  };
}
