/** Earliest and latest instant a dataset can hold: the years 1 to 9999, milliseconds since 1970 UTC. */
export const FIRST_INSTANT_MS = -62_135_596_800_000;
/** See {@link FIRST_INSTANT_MS}. */
export const LAST_INSTANT_MS = 253_402_300_799_999;

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):(\d{2})))?$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The same form for DuckDB's regular expressions; what it lets through is then cast. */
export const INSTANT_SQL_PATTERN =
  '^\\d{4}-\\d{2}-\\d{2}([Tt ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d))?$';

/**
 * Reads an instant as data brings it: RFC 3339 with a zone, or a date (midnight UTC). Fractions beyond milliseconds are cut off.
 *
 * @param text - Such as `2001-03-01T00:00:00Z`.
 * @returns Milliseconds since 1970 UTC, or undefined when it is no such instant (30 February, hour 24, second 60, no zone).
 * @example
 * ```ts
 * parseInstantMs('1970-01-01T01:00:00+01:00'); // => 0
 * ```
 */
export function parseInstantMs(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const millisecond = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const localMs = utcOf(year, month, day) + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond;
  const offsetMs = (zoneHour * 60 + zoneMinute) * 60_000 * (match[8] === '-' ? -1 : 1);
  const timeMs = localMs - offsetMs;
  return isInstant(timeMs) ? timeMs : undefined;
}

/** Tells whether a number is an instant a dataset can hold: whole milliseconds in range. */
export function isInstant(timeMs: number): boolean {
  return Number.isInteger(timeMs) && timeMs >= FIRST_INSTANT_MS && timeMs <= LAST_INSTANT_MS;
}

function utcOf(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 as 19xx; 400 years are a whole cycle of the calendar.
  return year >= 100 ? Date.UTC(year, month - 1, day) : Date.UTC(year + 400, month - 1, day) - 12_622_780_800_000;
}

function daysOfMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
}
