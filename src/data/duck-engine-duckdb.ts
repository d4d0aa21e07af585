import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Frame, GyreError } from '#kernel';
import type { DuckEngine, DuckFile, DuckSession } from './duck-engine.ts';
import type { DuckdbAnswer, DuckdbRequest, DuckdbSettings } from './duckdb-protocol.ts';
import { diskFull } from './uploaded-file.ts';

/** How the engine and the system say that nothing more fits. */
const NO_SPACE = /No space left on device|ENOSPC|max_temp_directory_size/i;

/** How the engine is set up. */
export interface DuckEngineOptions {
  /** A folder for the engine alone; made when needed. */
  readonly folder: string;
  /** Memory that tables may take before they spill to disk. @defaultValue 1 GiB */
  readonly memoryLimitBytes?: number;
  /** @defaultValue 2 */
  readonly threads?: number;
  /** How long the worker stays after its last session, milliseconds. @defaultValue 20 seconds */
  readonly idleMs?: number;
}

type Ask = DuckdbRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, 'id'> : never) : never;

interface Link {
  ask(request: Ask): Promise<Frame | undefined>;
  end(): Promise<void>;
}

/**
 * Makes the table engine. Nothing of DuckDB is in memory before the first session.
 *
 * @param options - Where it may work, and how much.
 * @returns The engine.
 */
export function createDuckEngine(options: DuckEngineOptions): DuckEngine {
  const folder = `${resolve(options.folder)}/`;
  let link: Promise<Link> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let fresh = 0;
  const start = async (): Promise<Link> => {
    await mkdir(folder, { recursive: true });
    const settings = { folder, memoryLimitBytes: options.memoryLimitBytes ?? 1_073_741_824, threads: options.threads ?? 2 };
    return startWorker(settings, () => {
      link = undefined;
    });
  };
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };
  let idle: NodeJS.Timeout | undefined;
  const end = async (): Promise<void> => {
    const running = link;
    link = undefined;
    await (await running)?.end();
  };
  const session = <T>(work: (session: DuckSession) => Promise<T>): Promise<T> =>
    exclusive(async () => {
      clearTimeout(idle);
      link ??= start();
      const { ask } = await link;
      await ask({ op: 'open' });
      try {
        return await work(sessionOver(ask));
      } finally {
        await ask({ op: 'close' }).catch(() => undefined);
        clearTimeout(idle);
        // Ends through the queue, so that a session that came meanwhile is done first.
        idle = setTimeout(() => void exclusive(end), options.idleMs ?? 20_000).unref();
      }
    });
  return {
    session,
    query: (sql) => session((open) => open.read(sql)),
    admit: (path, extension) => admit(folder, path, extension),
    freshPath: async (extension) => {
      await mkdir(folder, { recursive: true });
      fresh += 1;
      return join(folder, `out-${String(fresh)}.${extension}`);
    },
    isRunning: () => link !== undefined,
    stop: () => {
      clearTimeout(idle);
      return exclusive(end);
    },
  };
}

function sessionOver(ask: Link['ask']): DuckSession {
  return {
    run: async (sql) => {
      await ask({ op: 'run', sql });
    },
    read: async (sql) => (await ask({ op: 'read', sql })) ?? { nRows: 0, columns: [] },
    write: async (sql, target) => (await ask({ op: 'write', sql, ...target }))?.nRows ?? 0,
    load: async (table, columns, sources) => {
      await ask({ op: 'load', table, columns, sources });
    },
  };
}

function startWorker(settings: DuckdbSettings, onEnd: () => void): Link {
  const worker = new Worker(new URL('./duckdb-worker.ts', import.meta.url), { workerData: settings, name: 'duckdb' });
  const waiting = new Map<number, { resolve: (frame: Frame | undefined) => void; reject: (error: Error) => void }>();
  let nextId = 0;
  const failAll = (detail: string): void => {
    onEnd();
    for (const { reject } of waiting.values()) reject(engineFailed(detail));
    waiting.clear();
  };
  worker.on('message', (answer: DuckdbAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('failure' in answer) asked?.reject(engineFailed(answer.failure));
    else asked?.resolve(answer.frame);
  });
  worker.on('error', (error) => failAll(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => failAll('the worker has ended'));
  return {
    ask: (request) =>
      new Promise((resolveAnswer, reject) => {
        nextId += 1;
        waiting.set(nextId, { resolve: resolveAnswer, reject });
        worker.ref();
        worker.postMessage({ ...request, id: nextId });
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

/**
 * The engine reads only below its folder, so a file elsewhere gets a second name there. DuckDB follows symbolic links before
 * it judges a path, hence a hard link, and a copy where the disks differ.
 */
async function admit(folder: string, path: string, extension: DuckFile): Promise<string> {
  const target = isAbsolute(path) ? path : resolve(path);
  if (target.startsWith(folder)) return target;
  const name = createHash('sha256').update(target).digest('hex').slice(0, 32);
  const admitted = join(folder, `${name}.${extension}`);
  await mkdir(folder, { recursive: true });
  if (await isThere(admitted)) return admitted;
  await link(target, admitted).catch(async (error: unknown) => {
    if (!(error instanceof Error && 'code' in error) || error.code === 'ENOENT') throw error;
    if (error.code !== 'EEXIST') await copyFile(target, admitted);
  });
  return admitted;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function engineFailed(detail: string): GyreError {
  if (NO_SPACE.test(detail)) return diskFull();
  return new GyreError({
    kind: 'internal',
    code: 'data/engine-failed',
    message: `the table engine could not do its work: ${detail}`,
  });
}
