import { timeOrderedId } from '#kernel';
import type { Clock, Ids } from './clock.ts';

/** A clock that moves only when told to: for tests and replays. */
export interface ManualClock extends Clock {
  /** Moves both readings forward by a number of milliseconds. */
  advance(durationMs: number): void;
}

/**
 * Makes a clock that stands still until it is advanced.
 *
 * @param startMs - First reading, milliseconds since 1970 UTC.
 * @returns The clock.
 * @example
 * ```ts
 * createManualClock(7).nowMs(); // => 7
 * ```
 */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    advance: (durationMs) => {
      nowMs += durationMs;
    },
  };
}

/**
 * Makes ids that count up: the same sequence in every test run.
 *
 * @returns An id source whose first id ends in `…01`.
 * @example
 * ```ts
 * createSequentialIds().next().slice(-4); // => '0001'
 * ```
 */
export function createSequentialIds(): Ids {
  let count = 0;
  return {
    next: () => {
      count += 1;
      const random = new Uint8Array(10);
      new DataView(random.buffer).setUint32(6, count);
      return timeOrderedId(count, random);
    },
  };
}
