import { createEventTextReader, type ServerEvent } from './event-text.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
/** The server says something every 15 s; silence for longer means that the line is dead. */
const SILENCE_MS = 40_000;

/** What a stream tells its owner. */
export interface StreamListener {
  readonly onEvent: (event: ServerEvent) => void;
  /** Called when the line opens, and when it is lost. */
  readonly onLine: (isOpen: boolean) => void;
}

/**
 * Reads the server's events until the signal aborts. A lost line is opened again, after the last event that was seen, so that
 * the server tells what was missed; where it cannot, it says `reset`.
 */
export async function readEvents(
  url: string,
  start: { readonly lastId: string; readonly signal: AbortSignal },
  listener: StreamListener,
): Promise<void> {
  let { lastId } = start;
  let failures = 0;
  const onEvent = (event: ServerEvent): void => {
    failures = 0;
    lastId = event.id;
    listener.onEvent(event);
  };
  while (!start.signal.aborted) {
    await readOnce(url, { lastId, signal: start.signal }, { ...listener, onEvent }).catch(() => undefined);
    listener.onLine(false);
    failures += 1;
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), start.signal);
  }
}

async function readOnce(
  url: string,
  start: { readonly lastId: string; readonly signal: AbortSignal },
  listener: StreamListener,
): Promise<void> {
  const silence = new AbortController();
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...(start.lastId === '' ? {} : { 'last-event-id': start.lastId }) },
    cache: 'no-store',
    signal: AbortSignal.any([start.signal, silence.signal]),
  });
  if (!response.ok || response.body === null) return;
  listener.onLine(true);
  const reader = createEventTextReader();
  const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => {
      silence.abort();
    }, SILENCE_MS);
    const { done, value } = await pieces.read().finally(() => {
      clearTimeout(timer);
    });
    if (done) return;
    reader.push(value).forEach(listener.onEvent);
  }
}

async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
