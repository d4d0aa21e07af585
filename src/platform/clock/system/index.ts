/**
 * The system's own clock and random ids: the adapter of a real server.
 *
 * @module
 */
import { timeOrderedId } from '#kernel';
import type { Clock, Ids } from '../clock.ts';

/**
 * Reads the system clock.
 *
 * @returns The clock of this machine.
 * @example
 * ```ts
 * systemClock().nowMs() > 1_700_000_000_000; // => true
 * ```
 */
export function systemClock(): Clock {
  return { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
}

/**
 * Makes random, time-ordered ids (UUID version 7 as hex); a counter keeps ids of one millisecond in order.
 *
 * @param clock - Where the time part comes from.
 * @returns The id source.
 * @example
 * ```ts
 * randomIds(systemClock()).next().length; // => 32
 * ```
 */
export function randomIds(clock: Clock): Ids {
  let lastMs = 0;
  let counter = 0;
  return {
    next: () => {
      const nowMs = Math.max(clock.nowMs(), lastMs);
      counter = nowMs === lastMs ? counter + 1 : 0;
      lastMs = nowMs;
      if (counter > 0xfff) {
        lastMs += 1;
        counter = 0;
      }
      const random = crypto.getRandomValues(new Uint8Array(10));
      // RFC 9562 §6.2 method 1: the 12 bits behind the version hold a counter.
      random[0] = counter >> 8;
      random[1] = counter & 0xff;
      return timeOrderedId(lastMs, random);
    },
  };
}
