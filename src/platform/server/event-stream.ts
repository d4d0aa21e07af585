import { GyreError } from '#kernel';
import type { EventLog, OutboxEvent } from '#platform/events';
import type { SqlDatabase } from '#platform/sql';
import type { LiveEvent } from './api.ts';

const RETRY_MS = 2000;
const HEARTBEAT_MS = 15_000;
const BATCH = 200;
/** A client that missed more than this reads everything again instead. */
const REPLAY_LIMIT = 10_000;

/** Where a live view begins and what it wants. */
export interface EventStreamRequest {
  /** Topics or slices; empty means all. */
  readonly topics: readonly string[];
  readonly projectId: string | undefined;
  /** The Last-Event-ID header. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
}

/** What the stream reads from; `heartbeatMs` is the longest silence, default 15 s. */
export interface EventStreamSource {
  readonly database: SqlDatabase;
  readonly events: EventLog;
  readonly heartbeatMs?: number;
}

/** Streams the log in the text form of server-sent events (WHATWG HTML §9.2), until the signal aborts. */
export async function* streamEvents(source: EventStreamSource, request: EventStreamRequest): AsyncGenerator<string> {
  const bell = createBell(request.signal);
  // Listening before reading: nothing can slip between the two.
  const unsubscribe = source.events.onAppended(bell.ring);
  try {
    const start = await startOf(source, request.lastEventId);
    yield `retry: ${String(RETRY_MS)}\n\n`;
    yield start.isReset ? frame(start.position, 'reset', '{}') : frame(start.position, 'ready', '{}');
    yield* follow(source, request, start.position, bell);
  } finally {
    unsubscribe();
  }
}

async function* follow(
  source: EventStreamSource,
  request: EventStreamRequest,
  start: number,
  bell: Bell,
): AsyncGenerator<string> {
  let position = start;
  while (!request.signal.aborted) {
    const events = await readBatch(source, position);
    position = events.at(-1)?.position ?? position;
    yield* events.filter((event) => isWanted(event, request)).map(changeFrame);
    if (events.length > 0) continue;
    const news = await bell.wait(source.heartbeatMs ?? HEARTBEAT_MS);
    if (news === 'silence') yield `: ${String(position)}\n\n`;
  }
}

async function readBatch({ database, events }: EventStreamSource, position: number): Promise<readonly OutboxEvent[]> {
  return await database.read(async (tx) => await events.readAfter(tx, position, BATCH));
}

function changeFrame(event: OutboxEvent): string {
  return frame(event.position, 'change', JSON.stringify(toLive(event)));
}

interface Start {
  readonly position: number;
  readonly isReset: boolean;
}

async function startOf({ database, events }: EventStreamSource, lastEventId: string | undefined): Promise<Start> {
  const last = await database.read(async (tx) => await events.lastPosition(tx));
  if (lastEventId === undefined || lastEventId === '') return { position: last, isReset: false };
  if (!/^\d{1,15}$/.test(lastEventId)) {
    throw new GyreError({
      kind: 'invalid',
      code: 'server/bad-event-id',
      message: `Last-Event-ID must be a position of the log, a whole number; got "${lastEventId.slice(0, 40)}"`,
    });
  }
  const position = Number(lastEventId);
  // A position beyond the log comes from another store.
  const isLost = position > last || last - position > REPLAY_LIMIT;
  return isLost ? { position: last, isReset: true } : { position, isReset: false };
}

function isWanted(event: OutboxEvent, { topics, projectId }: EventStreamRequest): boolean {
  if (projectId !== undefined && event.projectId !== projectId) return false;
  return topics.length === 0 || topics.some((topic) => event.topic === topic || event.topic.startsWith(`${topic}.`));
}

function toLive(event: OutboxEvent): LiveEvent {
  const { entity, entityId, entityVersion, topic, projectId } = event;
  return { entity, id: entityId, version: entityVersion, topic, ...(projectId === undefined ? {} : { projectId }) };
}

function frame(position: number, event: string, data: string): string {
  return `id: ${String(position)}\nevent: ${event}\ndata: ${data}\n\n`;
}

interface Bell {
  readonly ring: () => void;
  wait(limitMs: number): Promise<'rung' | 'silence'>;
}

/** A bell that remembers a ring nobody waited for; the signal rings it too. */
function createBell(signal: AbortSignal): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    hasRung = true;
    wake?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    wait: async (limitMs) => {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, limitMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const outcome = hasRung ? 'rung' : 'silence';
      hasRung = false;
      return outcome;
    },
  };
}
