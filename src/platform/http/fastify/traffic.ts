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
}

/** Makes the counter of requests; `limit` is the most that are in hand at once. */
export function createTraffic(limit: number): Traffic {
  const drain = new AbortController();
  let inHand = 0;
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
      response.once('close', () => {
        inHand -= 1;
      });
    },
    startDraining: () => {
      drain.abort(new GyreError({ kind: 'unavailable', code: 'http/draining', message: 'the server is shutting down' }));
    },
  };
}
