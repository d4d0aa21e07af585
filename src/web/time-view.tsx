import { useNow } from './now.tsx';
import { usePreferences } from './preferences.tsx';
import { agoText, isoText, momentText } from './time-text.ts';

/** Shows a time in the zone of the page; `isRelative` says how long ago the last 24 hours were. */
export function TimeText({ time, isRelative }: { readonly time: string; readonly isRelative?: boolean }) {
  const { zone } = usePreferences();
  const nowMs = useNow();
  const timeMs = Date.parse(time);
  if (Number.isNaN(timeMs)) return <span>{time}</span>;
  const whole = isoText(timeMs, zone);
  const text = isRelative === true ? agoText(timeMs, zone, nowMs) : momentText(timeMs, zone, nowMs);
  return (
    <time dateTime={time} title={whole} className="number">
      {text}
    </time>
  );
}
