import { describe, expect, it } from 'vitest';
import { agoText, clockText, isoText, momentText, offsetText, zoneOffsetMinutes } from './time-text.ts';

const NOON_MS = Date.parse('2026-11-12T12:00:00Z');
const BERLIN = 'Europe/Berlin';

describe('a time', () => {
  it('is shown in the zone of the page, with the year only where it is another one', () => {
    expect(momentText(NOON_MS, 'UTC', NOON_MS)).toBe('12 Nov 12:00');
    expect(momentText(NOON_MS, BERLIN, NOON_MS)).toBe('12 Nov 13:00');
    expect(momentText(Date.parse('2001-04-19T00:00:00Z'), 'UTC', NOON_MS)).toBe('19 Apr 2001 00:00');
    expect(clockText(NOON_MS, BERLIN)).toBe('13:00');
  });

  it('says its distance for 24 hours, then its date', () => {
    const at = (agoMinutes: number): string => agoText(NOON_MS - agoMinutes * 60_000, 'UTC', NOON_MS);

    expect([at(0.5), at(5), at(125), at(24 * 60)]).toEqual(['just now', '5 min ago', '2 h ago', '11 Nov 12:00']);
  });

  it('of the future is a date, but for the drift of two clocks', () => {
    expect(agoText(NOON_MS + 30_000, 'UTC', NOON_MS)).toBe('just now');
    expect(agoText(NOON_MS + 3_600_000, 'UTC', NOON_MS)).toBe('12 Nov 13:00');
  });

  it('is copied as ISO 8601 with the offset of its own moment, in summer and in winter', () => {
    expect(isoText(NOON_MS, 'UTC')).toBe('2026-11-12T12:00:00Z');
    expect(isoText(NOON_MS, BERLIN)).toBe('2026-11-12T13:00:00+01:00');
    expect(isoText(Date.parse('2026-07-12T12:00:00Z'), BERLIN)).toBe('2026-07-12T14:00:00+02:00');
    expect(isoText(NOON_MS, 'America/St_Johns')).toBe('2026-11-12T08:30:00-03:30');
  });

  it('names offsets in hours and minutes', () => {
    expect([0, 60, -210].map(offsetText)).toEqual(['UTC', 'UTC+01:00', 'UTC-03:30']);
    expect(zoneOffsetMinutes(NOON_MS, 'Asia/Kathmandu')).toBe(345);
  });
});
