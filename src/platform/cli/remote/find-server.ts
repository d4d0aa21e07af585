import { existsSync } from 'node:fs';
import { GyreError } from '#kernel';
import { readConnection, storeLayout } from '#platform/store';

const PROBE_MS = 2000;

/** A server that a command talks to; `close` stops one that was started for the command. */
export interface ReachedServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** How a command finds its server. */
export interface ServerSearch {
  /** From `--server` or `GYRE_SERVER`. */
  readonly named: string | undefined;
  readonly dataFolder: string;
  /** Starts a server on the data folder for this command only. */
  readonly startTemporary: (dataFolder: string) => Promise<ReachedServer>;
  /** Whether a store may be made where there is none. */
  readonly mayCreate: boolean;
}

/**
 * Finds the server of a command: the named one, the running one of the data folder, or one started for the command.
 *
 * @param search - Where to look.
 * @returns The server; `close` it when the command is done.
 * @throws {@link GyreError} `cli/no-server` when nothing runs and there is no store to start one on.
 */
export async function findServer(search: ServerSearch): Promise<ReachedServer> {
  if (search.named !== undefined) return { url: search.named.replace(/\/+$/, ''), close: async () => undefined };
  const running = await findRunning(search.dataFolder);
  if (running !== undefined) return { url: running, close: async () => undefined };
  if (!search.mayCreate && !existsSync(search.dataFolder)) {
    throw new GyreError({
      kind: 'unavailable',
      code: 'cli/no-server',
      message: `no server is running, and there is no store at ${search.dataFolder}`,
      help: 'start one with: gyre up   or name one with --server URL or --data DIR',
    });
  }
  return await search.startTemporary(search.dataFolder);
}

/**
 * Finds the running server of a data folder.
 *
 * @param dataFolder - Folder of the store.
 * @returns Its base URL, or undefined when nothing answers there.
 */
export async function findRunning(dataFolder: string): Promise<string | undefined> {
  const url = readConnection(storeLayout(dataFolder).connectionFile)?.url;
  if (url === undefined) return undefined;
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PROBE_MS) });
    await response.body?.cancel();
    return response.headers.get('gyre-version') === null ? undefined : url;
  } catch {
    return undefined;
  }
}
