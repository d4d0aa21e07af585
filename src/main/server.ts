import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { requireLoopback } from '#access';
import type { BoundRoute } from '#platform/http';
import type { LogLevel } from '#platform/log';
import { type Adapters, openAdapters } from './adapters.ts';
import type { ComposedServer } from './compose.ts';
import type { Slices } from './slices.ts';
import { readVersion } from './version.ts';

const GRACE_MS = 10_000;
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** How a server is started. */
export interface ServerOptions {
  /** Folder of the store; `:memory:` keeps everything in this process and a scratch folder that is removed. */
  readonly dataFolder: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** A loopback address. */
  readonly host: string;
  /** Names to answer for besides those of loopback. */
  readonly allowedHosts?: readonly string[];
  readonly logLevel: LogLevel;
  /** Folder that project files may name commands and files in; default: where the process was started. */
  readonly codeRoot?: string;
  /** Whether each answer is held against its contract; for tests. */
  readonly checksAnswers?: boolean;
}

/** A running server. */
export interface RunningServer {
  readonly url: string;
  readonly version: string;
  readonly dataFolder: string;
  readonly slices: Slices;
  readonly routes: readonly BoundRoute[];
  readonly platform: Adapters['platform'];
  /** Drains: readiness fails, what is in hand is finished, everything is closed. Idempotent. */
  close(): Promise<void>;
}

/** Starts a server: lock, store, schema, slices, port, and last the file that tells commands where it is. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  requireLoopback(options.host);
  // The store opens in its thread while this one loads the slices.
  const loading = import('./compose.ts');
  const adapters = await openAdapters(options);
  try {
    return await listen(options, adapters, await loading);
  } catch (error) {
    await adapters.close();
    throw error;
  }
}

type Composition = typeof import('./compose.ts');

async function listen(options: ServerOptions, adapters: Adapters, { composeServer }: Composition): Promise<RunningServer> {
  const version = readVersion();
  const address: { url: string } = { url: '' };
  const world = { serverUrl: () => address.url, codeRoot: options.codeRoot ?? process.cwd(), programVersion: version };
  const server = await composeServer(adapters, world, {
    version,
    allowedHosts: [...LOOPBACK_NAMES, options.host, ...(options.allowedHosts ?? [])],
    staticFolder: builtScreens(),
    checksAnswers: options.checksAnswers ?? false,
  });
  try {
    await server.start();
    address.url = await server.host.listen(options);
    await server.run();
  } catch (error) {
    await server.host.close(0);
    await server.stop(0);
    throw error;
  }
  const { dataFolder } = adapters;
  adapters.publish(address.url);
  let closing: Promise<void> | undefined;
  return {
    url: address.url,
    version,
    dataFolder,
    slices: server.slices,
    routes: server.routes,
    platform: adapters.platform,
    close: async () => {
      closing ??= stop(server, adapters);
      await closing;
    },
  };
}

/** The port closes before the slices do: nothing is asked of a slice that has stopped. */
async function stop(server: ComposedServer, adapters: Adapters): Promise<void> {
  server.host.startDraining();
  await server.slices.plane.drain();
  await server.host.close(GRACE_MS);
  await server.stop(GRACE_MS);
  await adapters.close();
}

/** Gives the folder of the built screens, when they were built. */
function builtScreens(): string | undefined {
  const folder = fileURLToPath(new URL('../../dist/web/', import.meta.url));
  return existsSync(`${folder}index.html`) ? folder : undefined;
}
