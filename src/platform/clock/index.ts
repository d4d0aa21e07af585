/**
 * Time and identity as ports: nothing in Gyre reads the system clock or makes an id in any other way.
 *
 * @example
 * ```ts
 * const clock = createManualClock(1000);
 * clock.advance(500);
 * clock.nowMs(); // => 1500
 * ```
 *
 * @module
 */
export type { Clock, Ids } from './clock.ts';
export { createManualClock, createSequentialIds, type ManualClock } from './manual.ts';
