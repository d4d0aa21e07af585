import type { LiveEvent } from '#platform/server/api';
import { readEvents } from './event-stream.ts';
import type { ServerEvent } from './event-text.ts';

const CHANNEL = 'gyre-live';
const EVENTS_URL = '/api/v1/events';
/** A line that is away for longer is told to the reader. */
const PATIENCE_MS = 5000;

/** Whether what a page shows keeps up with the server. */
export interface LineState {
  readonly isPaused: boolean;
  /** When the line was lost; undefined while it is there. */
  readonly lostAtMs: number | undefined;
}

/** What a listener is told: one change, or that anything may have changed. */
export type LiveNews = LiveEvent | 'reset';

/** The changes of the server, one line for all tabs of a browser. */
export interface LiveFeed {
  /** Calls the listener with each change, until the returned function is called. */
  listen(listener: (news: LiveNews) => void): () => void;
  /** Calls the listener when the line is lost for long or comes back, until the returned function is called. */
  watchLine(listener: () => void): () => void;
  /** Gives the line as it is; the same object until it changes. */
  line(): LineState;
}

/** What tabs tell each other. */
type TabMessage =
  | { readonly kind: 'event'; readonly event: ServerEvent }
  | { readonly kind: 'line'; readonly isOpen: boolean; readonly lastId: string }
  | { readonly kind: 'hello' };

/**
 * Opens the feed. The tabs of a browser elect one among them by a lock, which reads the server's stream and passes it on; when
 * that tab is closed, the lock makes another one go on after the last event that was seen. Without locks each tab reads for itself.
 */
export function openLiveFeed(): LiveFeed {
  const line = createLine();
  const listeners = new Set<(news: LiveNews) => void>();
  const channel = new BroadcastChannel(CHANNEL);
  let lastId = '';
  let isLeader = false;
  let isOpen = false;
  const take = (event: ServerEvent): void => {
    lastId = event.id;
    const news = newsOf(event);
    if (news !== undefined) for (const listener of listeners) listener(news);
  };
  const tell = (message: TabMessage): void => {
    channel.postMessage(message);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === 'event') take(data.event);
    else if (data.kind === 'hello' && isLeader) tell({ kind: 'line', isOpen, lastId });
    else if (data.kind === 'line') {
      lastId = data.lastId;
      line.set(data.isOpen);
    }
  });
  const lead = async (): Promise<void> => {
    isLeader = true;
    // What was read before the line first opened may have changed since: nothing told of it.
    let isFirst = lastId === '';
    await readEvents(
      EVENTS_URL,
      { lastId, signal: new AbortController().signal },
      {
        onEvent: (received) => {
          const event = isFirst && received.event === 'ready' ? { ...received, event: 'reset' } : received;
          isFirst = false;
          take(event);
          tell({ kind: 'event', event });
        },
        onLine: (open) => {
          isOpen = open;
          line.set(open);
          tell({ kind: 'line', isOpen, lastId });
        },
      },
    );
  };
  if ('locks' in navigator) void navigator.locks.request(CHANNEL, lead);
  else void lead();
  tell({ kind: 'hello' });
  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchLine: line.watch,
    line: line.read,
  };
}

function newsOf({ event, data }: ServerEvent): LiveNews | undefined {
  if (event === 'reset') return 'reset';
  // The server writes LiveEvent; see its api.ts.
  return event === 'change' ? (JSON.parse(data) as LiveEvent) : undefined;
}

/** Knows whether the line is there, and tells of a loss only after a while. */
function createLine() {
  const watchers = new Set<() => void>();
  let state: LineState = { isPaused: false, lostAtMs: Date.now() };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const change = (next: LineState): void => {
    state = next;
    for (const watcher of watchers) watcher();
  };
  const wait = (lostAtMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      change({ isPaused: true, lostAtMs });
    }, PATIENCE_MS);
  };
  wait(Date.now());
  return {
    read: (): LineState => state,
    watch: (watcher: () => void): (() => void) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    set: (isOpen: boolean): void => {
      if (isOpen) {
        clearTimeout(timer);
        change({ isPaused: false, lostAtMs: undefined });
      } else if (state.lostAtMs === undefined) {
        const lostAtMs = Date.now();
        state = { isPaused: false, lostAtMs };
        wait(lostAtMs);
      }
    },
  };
}
