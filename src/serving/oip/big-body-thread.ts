import { Worker } from 'node:worker_threads';
import { GyreError } from '#kernel';
import type { RequestSignature } from '../input-columns.ts';
import type { BigBodyAnswer, BigBodyQuestion } from './big-body-worker.ts';
import type { ReadRequest } from './read-call.ts';

/** Bodies from this size on are read in a thread of their own: below it, reading takes well under a millisecond. */
export const BIG_BODY_BYTES = 32_768;

/** Reads a big body; rejects with the GyreError that says what is wrong with it. */
export type BigBodyReader = (bytes: Uint8Array, signature: RequestSignature) => Promise<ReadRequest>;

interface Waiting {
  readonly resolve: (request: ReadRequest) => void;
  readonly reject: (error: GyreError) => void;
}

/** Makes a reader whose thread starts at its first use, starts again after a failure, and keeps no process alive. */
export function createBigBodyReader(): BigBodyReader {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;
  const failAll = (): void => {
    worker = undefined;
    for (const { reject } of waiting.values()) reject(threadFailed());
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./big-body-worker.ts', import.meta.url), { name: 'big-bodies' });
    started.on('message', (answer: BigBodyAnswer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) started.unref();
      if ('request' in answer) asked?.resolve(answer.request);
      else asked?.reject(new GyreError(answer.refusal));
    });
    // A failure ends the thread, and the end says so to all who wait.
    started.on('error', () => undefined);
    started.on('exit', failAll);
    return started;
  };
  return (bytes, signature) =>
    new Promise((resolve, reject) => {
      worker ??= start();
      worker.ref();
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      const { name, inputs, takesMatrix } = signature;
      const question: BigBodyQuestion = { id: lastId, signature: { name, inputs, takesMatrix }, bytes };
      worker.postMessage(question);
    });
}

function threadFailed(): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'serving/body-thread-failed',
    message: 'the thread that reads big requests ended; send the request again',
  });
}
