import type { ServerResponse } from 'node:http';
import { GyreError } from '#kernel';

/** Counts the requests in hand and closes the door when there are too many, or when the server stops. */
export interface Traffic {
  /** Takes a request in hand until its answer is finished; throws `http/busy`. */
  enter(response: ServerResponse): void;
  /** Whether the server is shutting down. */
  readonly isDraining: boolean;
  /** Aborts when draining starts. */
  readonly draining: AbortSignal;
  startDraining(): void;
  /** Resolves when nothing is in hand, or after `graceMs`; tells whether all was finished. */
  idle(graceMs: number): Promise<boolean>;
}

/** Makes the counter of requests; `limit` is the most that are in hand at once. */
export function createTraffic(limit: number): Traffic {
  const drain = new AbortController();
  const waiting = new Set<() => void>();
  let inHand = 0;
  const leave = (): void => {
    inHand -= 1;
    if (inHand > 0) return;
    for (const resume of waiting) resume();
  };
  return {
    draining: drain.signal,
    get isDraining() {
      return drain.signal.aborted;
    },
    enter: (response) => {
      if (inHand >= limit) {
        throw new GyreError({
          kind: 'unavailable',
          code: 'http/busy',
          message: `the server has ${String(limit)} requests in hand and takes no more; try again in a second`,
        });
      }
      inHand += 1;
      response.once('close', leave);
    },
    startDraining: () => {
      drain.abort(new GyreError({ kind: 'unavailable', code: 'http/draining', message: 'the server is shutting down' }));
    },
    idle: async (graceMs) => {
      if (inHand === 0) return true;
      return await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => {
          resolve(false);
        }, graceMs);
        waiting.add(() => {
          clearTimeout(timer);
          resolve(true);
        });
      });
    },
  };
}
