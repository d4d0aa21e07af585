import { GyreError } from './errors.ts';

const INSTANT =
  /^\d{4}-\d{2}-\d{2}(?:[Tt ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;
/** Every month has so many days. */
const SURE_DAYS = 28;

/**
 * Parses a time that came from outside: RFC 3339 with a zone, or a date (midnight UTC).
 *
 * @param text - Such as `2001-03-01T00:00:00Z`, `2001-03-01T02:00:00+02:00`, `2001-03-01`.
 * @returns Milliseconds since 1970 UTC.
 * @throws {@link GyreError} `kernel/bad-time` when the zone is missing, the form is different, or there is no such day or hour.
 * @example
 * ```ts
 * parseTimeMs('1970-01-02'); // => 86400000
 * ```
 */
export function parseTimeMs(text: string): number {
  const timeMs = INSTANT.test(text) && hasItsDay(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) {
    throw new GyreError({
      kind: 'invalid',
      code: 'kernel/bad-time',
      message: `not a time: "${text.slice(0, 40)}"; write RFC 3339 with a zone, such as 2001-03-01T00:00:00Z, or a date`,
    });
  }
  return timeMs;
}

/** `Date.parse` takes 30 February for 1 March. */
function hasItsDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= SURE_DAYS || new Date(text.slice(0, 10)).getUTCDate() === day;
}

/**
 * Writes a time for the wire: RFC 3339 in UTC with milliseconds.
 *
 * @param timeMs - Milliseconds since 1970 UTC.
 * @returns Such as `2001-03-01T00:00:00.000Z`.
 * @example
 * ```ts
 * formatTime(0); // => '1970-01-01T00:00:00.000Z'
 * ```
 */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/**
 * Gives the UTC day of a moment, as days since 1970.
 *
 * @param timeMs - Milliseconds since 1970 UTC.
 * @returns A whole number; negative before 1970.
 * @example
 * ```ts
 * utcDay(86_400_000); // => 1
 * ```
 */
export function utcDay(timeMs: number): number {
  return Math.floor(timeMs / 86_400_000);
}
