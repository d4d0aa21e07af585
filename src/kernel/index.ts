/**
 * The words every room shares: ids, digests, errors, times, units, pages, estimates and columnar frames.
 * Everything here is pure, needs nothing, and runs in Node and in the browser alike.
 *
 * @example
 * ```ts
 * formatEstimate(pointEstimate(0.8731, 100)); // => '0.8731'
 * ```
 *
 * @module
 */
export type { Brand } from './brand.ts';
export { type Digest, digestOfHex, parseDigest, shortDigest } from './digests.ts';
export { ErrorKind, GyreError, type GyreErrorOptions, isGyreError, type Problem } from './errors.ts';
export { type Estimate, formatEstimate, hasInterval, pointEstimate } from './estimates.ts';
export {
  type Column,
  columnOf,
  type DoubleColumn,
  decodeFrame,
  encodeFrame,
  type FloatColumn,
  type Frame,
  type LevelColumn,
} from './frames.ts';
export { isId, shortId, timeOrderedId } from './ids.ts';
export { canonicalJson, fromWireNumber, type Json, type JsonObject, toWireJson, toWireNumber, type WireNumber } from './json.ts';
export { didYouMean, nearestName } from './names.ts';
export { type CursorKey, decodeCursor, encodeCursor, type Page } from './pages.ts';
export { formatTime, parseTimeMs, utcDay } from './times.ts';
export { DAY_MS, formatBytes, formatDuration, HOUR_MS, MINUTE_MS, parseDurationMs, SECOND_MS } from './units.ts';
export { Action, Health, TurnOutcome, Verdict, WorkState } from './words.ts';
