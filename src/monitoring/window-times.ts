import { DAY_MS, formatDuration, formatTime } from '#kernel';

/** Business time from `fromMs`, included, to `toMs`, excluded. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Gives the window that holds a moment. Windows follow one another without gaps, counted from 1970: so they do not depend
 * on when a monitor was made, and a monitor that is taken away and put back looks at the same windows.
 */
export function windowAround(momentMs: number, windowMs: number): TimeRange {
  const fromMs = Math.floor(momentMs / windowMs) * windowMs;
  return { fromMs, toMs: fromMs + windowMs };
}

/** Gives the first window that begins at a moment or later. */
export function windowFrom(momentMs: number, windowMs: number): TimeRange {
  const fromMs = Math.ceil(momentMs / windowMs) * windowMs;
  return { fromMs, toMs: fromMs + windowMs };
}

/** Names a window for people by its length and its end: `the week to 2001-03-15`. */
export function nameWindow(range: TimeRange): string {
  const lengthMs = range.toMs - range.fromMs;
  const end = lengthMs % DAY_MS === 0 ? formatTime(range.toMs).slice(0, 10) : formatTime(range.toMs).slice(0, 16);
  if (lengthMs === 7 * DAY_MS) return `the week to ${end}`;
  return lengthMs % DAY_MS === 0
    ? `the ${String(lengthMs / DAY_MS)} days to ${end}`
    : `the ${formatDuration(lengthMs)} to ${end}`;
}
