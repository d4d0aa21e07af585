import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel';

/** Zone in which a page shows its times: an IANA name, or undefined for the viewer's own. */
export type ShownZone = string | undefined;

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(timeMs: number, zone: ShownZone): Readonly<Record<string, string>> {
  const key = zone ?? '';
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat('en-GB', {
      ...(zone === undefined ? {} : { timeZone: zone }),
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
  formats.set(key, format);
  return Object.fromEntries(format.formatToParts(timeMs).map((part) => [part.type, part.value]));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Gives how far the clocks of a zone are ahead of UTC at a moment, in minutes. */
export function zoneOffsetMinutes(timeMs: number, zone: ShownZone): number {
  const { year, month, day, hour, minute, second } = partsOf(timeMs, zone);
  const asUtcMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return Math.round((asUtcMs - timeMs) / MINUTE_MS);
}

/** Writes an offset: `UTC+01:00`, or `UTC`. */
export function offsetText(minutes: number): string {
  return minutes === 0 ? 'UTC' : `UTC${clockOffset(minutes)}`;
}

function clockOffset(minutes: number): string {
  const whole = Math.abs(minutes);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`;
}

/** Writes a moment: `12 Nov 08:00`, with the year where it is not the year of now. */
export function momentText(timeMs: number, zone: ShownZone, nowMs: number): string {
  const { year, month, day, hour, minute } = partsOf(timeMs, zone);
  const shownYear = year === partsOf(nowMs, zone)['year'] ? '' : ` ${year ?? ''}`;
  return `${String(Number(day))} ${MONTHS[Number(month) - 1] ?? ''}${shownYear} ${hour ?? ''}:${minute ?? ''}`;
}

/** Writes the time of day: `08:00`. */
export function clockText(timeMs: number, zone: ShownZone): string {
  const { hour, minute } = partsOf(timeMs, zone);
  return `${hour ?? ''}:${minute ?? ''}`;
}

/** Writes a moment of the last 24 hours as its distance, any other as a moment. */
export function agoText(timeMs: number, zone: ShownZone, nowMs: number): string {
  const agoMs = nowMs - timeMs;
  if (agoMs < -MINUTE_MS || agoMs >= DAY_MS) return momentText(timeMs, zone, nowMs);
  if (agoMs < MINUTE_MS) return 'just now';
  if (agoMs < HOUR_MS) return `${String(Math.floor(agoMs / MINUTE_MS))} min ago`;
  return `${String(Math.floor(agoMs / HOUR_MS))} h ago`;
}

/** Writes a moment for copies and tooltips: ISO 8601 with the zone's offset, to the second. */
export function isoText(timeMs: number, zone: ShownZone): string {
  const { year, month, day, hour, minute, second } = partsOf(timeMs, zone);
  const offset = zoneOffsetMinutes(timeMs, zone);
  const end = offset === 0 ? 'Z' : clockOffset(offset);
  return `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}${end}`;
}
