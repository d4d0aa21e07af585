import { Worker } from 'node:worker_threads';
import { GyreError } from '#kernel';
import type { CanaryComparison } from './judge-canary.ts';
import type { MonitorAnswer, MonitorNumerics, MonitorRequest } from './monitor-protocol.ts';
import type { WindowSignal } from './monitor-window.ts';
import { parseReference, REFERENCE_VERSION } from './reference.ts';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Link {
  ask(request: MonitorRequest): Promise<unknown>;
  end(): Promise<void>;
}

/**
 * Makes numerics that run in a thread of their own. The thread starts with the first question and keeps the process
 * alive only while one is open.
 */
export function createThreadNumerics(): MonitorNumerics {
  let link: Link | undefined;
  const ask = (request: MonitorRequest): Promise<unknown> => {
    link ??= startLink(() => {
      link = undefined;
    });
    return link.ask(request);
  };
  return {
    makeReference: async (files) => {
      const made = await ask({ op: 'reference', files });
      return parseReference({ version: REFERENCE_VERSION, ...(typeof made === 'object' ? made : {}) });
    },
    // The other side of the thread is this room's own code, of the same version.
    judgeDrift: async (question) => (await ask({ op: 'drift', question })) as readonly WindowSignal[],
    judgePerformance: async (question) => (await ask({ op: 'performance', question })) as WindowSignal,
    compareCanary: async (question) => (await ask({ op: 'canary', question })) as CanaryComparison,
    stop: async () => {
      const running = link;
      link = undefined;
      await running?.end();
    },
  };
}

function startLink(onEnd: () => void): Link {
  const worker = new Worker(new URL('./monitor-worker.ts', import.meta.url), { name: 'monitoring' });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const failAll = (detail: string): void => {
    onEnd();
    for (const { reject } of waiting.values()) reject(workerFailed('unavailable', detail));
    waiting.clear();
  };
  worker.on('message', (answer: MonitorAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('failure' in answer) asked?.reject(workerFailed('unprocessable', answer.failure.message));
    else asked?.resolve(answer.answer);
  });
  worker.on('error', (error) => failAll(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => failAll('it has ended'));
  return {
    ask: (request) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.ref();
      worker.postMessage({ ...request, id: lastId });
      return promise;
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function workerFailed(kind: 'unavailable' | 'unprocessable', detail: string): GyreError {
  return new GyreError({
    kind,
    code: 'monitoring/worker-failed',
    message: `a window could not be computed: ${detail}`,
  });
}
