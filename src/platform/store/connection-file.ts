import { readFileSync, rmSync } from 'node:fs';
import { writeDurably } from './durable-file.ts';

/** Who owns a store folder, and where it answers. */
export interface StoreConnection {
  /** Process id of the owner. */
  readonly pid: number;
  /** Base URL, such as `http://127.0.0.1:4973`; absent until the server listens. */
  readonly url?: string;
  /** TCP port; absent until the server listens. */
  readonly port?: number;
  readonly startedAtMs: number;
}

/**
 * Reads who owns a folder, as the owner wrote it; the owner may have died since.
 *
 * @param path - The connection file.
 * @returns The connection, or undefined when there is none or it cannot be read.
 */
export function readConnection(path: string): StoreConnection | undefined {
  try {
    return parseConnection(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Writes who owns a folder.
 *
 * @param path - The connection file.
 * @param connection - The owner.
 */
export function writeConnection(path: string, connection: StoreConnection): void {
  // Only the owner's user may learn where to knock.
  writeDurably(path, `${JSON.stringify(connection)}\n`, 0o600);
}

/**
 * Removes the file of a server that goes.
 *
 * @param path - The connection file.
 */
export function removeConnection(path: string): void {
  rmSync(path, { force: true });
}

function parseConnection(value: unknown): StoreConnection | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // Every member is checked below.
  const { pid, url, port, startedAtMs } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof startedAtMs !== 'number') return undefined;
  return {
    pid,
    startedAtMs,
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof port === 'number' ? { port } : {}),
  };
}
