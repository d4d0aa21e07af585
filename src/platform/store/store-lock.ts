import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GyreError } from '#kernel';
import { readConnection, removeConnection, type StoreConnection, writeConnection } from './connection-file.ts';
import { type StoreLayout, storeLayout } from './layout.ts';
import { checkFormat } from './store-format.ts';

/** A folder that belongs to this process. */
export interface StoreLock {
  readonly layout: StoreLayout;
  /** Writes where the server answers, so that commands find it. */
  publish(address: { readonly url: string; readonly port: number }): void;
  /** Gives the folder back. Idempotent. */
  release(): void;
}

/**
 * Takes a store folder for this process alone. The lock is the operating system's (a write lock on `lock.db`), so it ends
 * with the process, however that ends, and a process id that was given anew means nothing.
 *
 * @param folder - The folder, made when absent; on a local disk.
 * @param owner - `pid`: of this process; `nowMs`: wall time, milliseconds since 1970.
 * @returns The lock, with the layout of the folder.
 * @throws {@link GyreError} `store/locked` when another process has it, with that one's pid and port; `store/newer-format`;
 * `store/bad-format`.
 */
export function lockStore(folder: string, owner: { readonly pid: number; readonly nowMs: number }): StoreLock {
  const layout = storeLayout(folder);
  makeFolder(resolve(folder));
  const handle = takeLock(layout);
  const connection: StoreConnection = { pid: owner.pid, startedAtMs: owner.nowMs };
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    removeConnection(layout.connectionFile);
    letGo(handle);
  };
  try {
    checkFormat(layout.formatFile);
    for (const place of [layout.database, layout.blobs, layout.audit, layout.run]) mkdirSync(place, { recursive: true });
    writeConnection(layout.connectionFile, connection);
  } catch (error) {
    letGo(handle);
    throw error;
  }
  return {
    layout,
    release,
    publish: ({ url, port }) => writeConnection(layout.connectionFile, { ...connection, url, port }),
  };
}

/** Node's own recursive mkdir never ends in file systems that make no folders, such as `/proc`. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && dirname(path) !== path) {
      makeFolder(dirname(path));
      mkdirSync(path);
    } else if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}

/** Handles of the locks that this process holds: one that nothing refers to would be collected, and its lock with it. */
const held = new Set<DatabaseSync>();

function takeLock(layout: StoreLayout): DatabaseSync {
  const handle = new DatabaseSync(layout.lockFile, { timeout: 0 });
  try {
    handle.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    held.add(handle);
    return handle;
  } catch (error) {
    handle.close();
    const isTaken = error instanceof Error && 'errcode' in error && error.errcode === 5;
    throw isTaken ? lockedError(layout) : error;
  }
}

function letGo(handle: DatabaseSync): void {
  held.delete(handle);
  handle.close();
}

function lockedError(layout: StoreLayout): GyreError {
  const connection = readConnection(layout.connectionFile);
  const who = connection === undefined ? 'another process' : `the process ${String(connection.pid)}`;
  const where = connection?.port === undefined ? '' : `, which answers on port ${String(connection.port)}`;
  return new GyreError({
    kind: 'conflict',
    code: 'store/locked',
    message: `the folder ${layout.root} belongs to ${who}${where}`,
    help: 'use that server, stop it, or give another folder',
    ...(connection === undefined ? {} : { data: { ...connection } }),
  });
}
