import { Worker } from 'node:worker_threads';
import { GyreError } from '#kernel';
import type { SqlValue } from '#platform/sql';
import type { StatementFailure, StatementResult, WorkerAnswer, WorkerRequest, WorkerSettings } from './protocol.ts';
import { failureToError } from './sqlite-errors.ts';

/** One SQLite connection in a worker thread. Requests are done in the order in which they are made. */
export interface WorkerLink {
  /** Resolves when the file is open. */
  readonly ready: Promise<void>;
  /** Begins the work of one transaction. */
  enter(): void;
  /** Ends it, keeping or undoing what it wrote. */
  leave(keep: boolean): void;
  run(sql: string, values: readonly unknown[]): Promise<StatementResult>;
  insert(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<StatementResult>;
  commit(): Promise<StatementResult>;
  close(): Promise<void>;
  /** Tells whether the worker ended or its storage failed: nothing more can be asked of it. */
  isBroken(): boolean;
  /** Tells whether the transaction under way was lost as a whole. */
  isTransactionLost(): boolean;
}

interface Waiting {
  readonly sql: string | undefined;
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (error: Error) => void;
}

type Ask = WorkerRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, 'id'> : never) : never;

/**
 * Starts a worker with one connection.
 *
 * @param settings - Which file, for what.
 * @returns The link; the worker keeps the process alive only while an answer is awaited.
 */
export function startWorkerLink(settings: WorkerSettings): WorkerLink {
  const state = { nextId: 0, isBroken: false, isTransactionLost: false };
  const waiting = new Map<number, Waiting>();
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: settings,
    name: `sqlite-${settings.mode}`,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 },
  });
  const settle = (answer: WorkerAnswer): void => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (asked === undefined) return;
    if ('result' in answer) asked.resolve(answer.result);
    else asked.reject(noteFailure(state, answer.failure, asked.sql));
  };
  const breakAll = (detail: string): void => {
    state.isBroken = true;
    for (const { reject } of waiting.values()) reject(brokenError(detail));
    waiting.clear();
  };
  const ask = (id: number, request: Ask | undefined): Promise<StatementResult> => {
    if (state.isBroken) return Promise.reject(brokenError('the worker has ended'));
    if (request !== undefined) worker.postMessage({ ...request, id });
    if (waiting.size === 0) worker.ref();
    const { promise, resolve, reject } = Promise.withResolvers<StatementResult>();
    waiting.set(id, { sql: request === undefined ? undefined : textOf(request), resolve, reject });
    return promise;
  };
  const next = (request: Ask): Promise<StatementResult> => {
    state.nextId += 1;
    return ask(state.nextId, request);
  };
  worker.on('message', settle);
  worker.on('error', (error) => breakAll(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => breakAll('the worker has ended'));
  const ready = ask(0, undefined).then(() => undefined);
  return {
    ready,
    enter: () => {
      state.isTransactionLost = false;
      worker.postMessage({ op: 'enter' });
    },
    leave: (keep) => worker.postMessage({ op: 'leave', keep }),
    run: (sql, values) => next({ op: 'run', sql, values }),
    insert: (sql, rows) => next({ op: 'insert', sql, rows }),
    commit: async () => {
      try {
        return await next({ op: 'commit' });
      } finally {
        state.isTransactionLost = false;
      }
    },
    close: async () => {
      // A connection that cannot be closed in good order is dropped with its thread; the log on disk holds what was acknowledged.
      if (!state.isBroken) await next({ op: 'close' }).catch(() => undefined);
      await worker.terminate();
    },
    isBroken: () => state.isBroken,
    isTransactionLost: () => state.isTransactionLost,
  };
}

function textOf(request: Ask): string | undefined {
  return 'sql' in request ? request.sql : undefined;
}

function noteFailure(
  state: { isBroken: boolean; isTransactionLost: boolean },
  failure: StatementFailure,
  sql: string | undefined,
): GyreError {
  if (failure.isFatal) state.isBroken = true;
  if (failure.isTransactionLost) state.isTransactionLost = true;
  return failureToError(failure, sql);
}

function brokenError(detail: string): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'sql/store-failed',
    message: `the store refuses further work: ${detail}`,
    help: 'check the disk, then restart the server',
  });
}
