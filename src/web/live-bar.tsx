import { useQueryClient } from '@tanstack/react-query';
import { useContext, useEffect, useSyncExternalStore } from 'react';
import { usePreferences } from './preferences.tsx';
import { StatusIcon } from './status-mark.tsx';
import { clockText } from './time-text.ts';
import { LiveFeedContext } from './use-route.ts';

const NO_LINE = { isPaused: false, lostAtMs: undefined };
const watchNothing = (): (() => void) => () => undefined;

/** Says that the page no longer follows the server, and since when; what is shown stays. */
export function LiveBar() {
  const feed = useContext(LiveFeedContext);
  const client = useQueryClient();
  const { zone } = usePreferences();
  const line = useSyncExternalStore(feed?.watchLine ?? watchNothing, () => feed?.line() ?? NO_LINE);
  const isOpen = line.lostAtMs === undefined;
  useEffect(() => {
    // What could not be read while the server was away is read when it is back.
    if (isOpen) void client.refetchQueries({ predicate: (query) => query.state.status === 'error' || query.isStale() });
  }, [isOpen, client]);
  if (!line.isPaused || line.lostAtMs === undefined) return null;
  return (
    <p className="live-bar" role="status">
      <StatusIcon shape="warn" />
      live updates paused since {clockText(line.lostAtMs, zone)}; the server does not answer
    </p>
  );
}
