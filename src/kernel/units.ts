import { GyreError } from './errors.ts';

/** Milliseconds of one second. */
export const SECOND_MS = 1000;
/** Milliseconds of one minute. */
export const MINUTE_MS = 60 * SECOND_MS;
/** Milliseconds of one hour. */
export const HOUR_MS = 60 * MINUTE_MS;
/** Milliseconds of one day of 24 hours; calendars and zones do not enter. */
export const DAY_MS = 24 * HOUR_MS;

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/**
 * Parses a duration as the project file and flags write it.
 *
 * @param text - A whole or decimal number and one of `ms s m h d w`, such as `90s`, `1.5h`, `7d`.
 * @returns Milliseconds, rounded, ≥ 0.
 * @throws {@link GyreError} `kernel/bad-duration` for anything else.
 * @example
 * ```ts
 * parseDurationMs('36h'); // => 129600000
 * ```
 */
export function parseDurationMs(text: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d|w)$/.exec(text.trim());
  const unit = DURATION_UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new GyreError({
      kind: 'invalid',
      code: 'kernel/bad-duration',
      message: `not a duration: "${text.slice(0, 40)}"; write a number and one of ms s m h d w, such as 36h or 7d`,
    });
  }
  return Math.round(Number(match[1]) * unit);
}

/**
 * Writes a duration for people.
 *
 * @param durationMs - Milliseconds, ≥ 0.
 * @returns Such as `340 ms`, `2.4 s`, `3 m 12 s`, `5 h 2 m`, `4 d 1 h`.
 * @example
 * ```ts
 * formatDuration(192_000); // => '3 m 12 s'
 * ```
 */
export function formatDuration(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${String(Math.round(durationMs))} ms`;
  if (durationMs < MINUTE_MS) return `${(durationMs / SECOND_MS).toFixed(1)} s`;
  if (durationMs < HOUR_MS) return twoParts(durationMs, [MINUTE_MS, 'm'], [SECOND_MS, 's']);
  if (durationMs < DAY_MS) return twoParts(durationMs, [HOUR_MS, 'h'], [MINUTE_MS, 'm']);
  return twoParts(durationMs, [DAY_MS, 'd'], [HOUR_MS, 'h']);
}

type Unit = readonly [sizeMs: number, word: string];

function twoParts(durationMs: number, [bigMs, big]: Unit, [smallMs, small]: Unit): string {
  const bigs = Math.floor(durationMs / bigMs);
  const smalls = Math.floor((durationMs - bigs * bigMs) / smallMs);
  return `${String(bigs)} ${big} ${String(smalls)} ${small}`;
}

/**
 * Writes a size in IEC units.
 *
 * @param sizeBytes - Bytes, ≥ 0.
 * @returns Such as `312 MiB`, `1.5 KiB`, `17 B`.
 * @example
 * ```ts
 * formatBytes(1536); // => '1.5 KiB'
 * ```
 */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const text = unit === 0 || size >= 100 ? String(Math.round(size)) : String(Number(size.toPrecision(2 + (size >= 10 ? 1 : 0))));
  return `${text} ${units[unit] ?? ''}`;
}
