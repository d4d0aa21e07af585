import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the server of a data folder is reached: written when it listens, removed when it stops. */
export interface Connection {
  readonly url: string;
  readonly pid: number;
  /** Version of Gyre. */
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly startedAtMs: number;
}

const NAME = 'connection.json';

/**
 * Writes the connection file, readable by its owner only, so that a reader never sees half of it.
 *
 * @param dataFolder - Folder of the store.
 * @param connection - How to reach the server.
 */
export function writeConnection(dataFolder: string, connection: Connection): void {
  const path = join(dataFolder, NAME);
  const temporary = `${path}.${String(connection.pid)}`;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeFileSync(temporary, `${JSON.stringify(connection, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}

/**
 * Reads the connection file.
 *
 * @param dataFolder - Folder of the store.
 * @returns What it says, or undefined when there is none or it cannot be read. The server may have died since.
 */
export function readConnection(dataFolder: string): Connection | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dataFolder, NAME), 'utf8'));
    return isConnection(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes the connection file, if it is still the one of this process.
 *
 * @param dataFolder - Folder of the store.
 * @param pid - Id of the process that wrote it.
 */
export function removeConnection(dataFolder: string, pid: number): void {
  if (readConnection(dataFolder)?.pid === pid) rmSync(join(dataFolder, NAME), { force: true });
}

function isConnection(value: unknown): value is Connection {
  return (
    typeof value === 'object' &&
    value !== null &&
    'url' in value &&
    typeof value.url === 'string' &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'version' in value &&
    typeof value.version === 'string' &&
    'startedAtMs' in value &&
    typeof value.startedAtMs === 'number'
  );
}
