import { GyreError } from '#kernel';
import type { Clock } from '#platform/clock';
import type { EventConsumer, EventLog } from '#platform/events';
import { type Failpoints, NO_FAILPOINTS } from '#platform/failpoint';
import type { Log } from '#platform/log';
import type { SqlDatabase } from '#platform/sql';
import { type ConsumerLoop, createConsumerLoop, type LogGlimpse } from './consumer-loop.ts';
import { appendEntry, readEntries, readLastPosition } from './event-entries.ts';

/** What an event log is made of. */
export interface EventLogOptions {
  /** The store, with `eventMigrations` applied. */
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly failpoints?: Failpoints;
  /** How often to look for what other servers appended, milliseconds; absent where this process is the only writer. */
  readonly pollMs?: number;
}

/**
 * Makes the event log of a store: an outbox table with one counter row.
 *
 * @param options - Store, clock and log.
 * @returns The log; consumers are served after `start`.
 */
export function createEventLog(options: EventLogOptions): EventLog {
  const { database, clock } = options;
  const listeners = new Set<() => void>();
  const consumers = new Map<string, EventConsumer>();
  const loops: ConsumerLoop[] = [];
  let isStarted = false;
  let pollTimer: NodeJS.Timeout | undefined;

  const seen = createSeenTopics();
  const announce = (): void => {
    for (const loop of loops) loop.wake();
    for (const listener of listeners) listener();
  };
  return {
    append: async (tx, event) => {
      const position = await appendEntry(tx, event, clock.nowMs());
      tx.afterCommit(() => {
        seen.add(event.topic, position);
        announce();
      });
      return position;
    },
    readAfter: (tx, position, limit) => readEntries(tx, { after: position, limit }),
    lastPosition: readLastPosition,
    addConsumer: (consumer) => {
      if (isStarted) throw consumerLate(consumer.name);
      if (consumers.has(consumer.name)) throw consumerTwice(consumer.name);
      consumers.set(consumer.name, consumer);
    },
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: async () => {
      isStarted = true;
      const failpoints = options.failpoints ?? NO_FAILPOINTS;
      const glimpse = options.pollMs === undefined ? { glimpse: seen } : {};
      for (const consumer of consumers.values())
        loops.push(createConsumerLoop({ database, consumer, log: options.log, failpoints, ...glimpse }));
      for (const loop of loops) loop.wake();
      if (options.pollMs !== undefined) pollTimer = setInterval(announce, options.pollMs).unref();
    },
    settled: async () => {
      const last = await database.read(readLastPosition);
      await Promise.all(loops.map((loop) => loop.handled(last)));
    },
    stop: async () => {
      clearInterval(pollTimer);
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** Remembers what this process has committed, so that a consumer whose topics did not occur asks the store nothing. */
function createSeenTopics(): LogGlimpse & { add(topic: string, position: number): void } {
  const lastByTopic = new Map<string, number>();
  let last = 0;
  return {
    last: () => last,
    lastOf: (topics) => topics.reduce((newest, topic) => Math.max(newest, lastByTopic.get(topic) ?? 0), 0),
    add: (topic, position) => {
      last = Math.max(last, position);
      lastByTopic.set(topic, Math.max(position, lastByTopic.get(topic) ?? 0));
    },
  };
}

function consumerTwice(name: string): GyreError {
  return new GyreError({ kind: 'internal', code: 'events/consumer-twice', message: `two event consumers are called "${name}"` });
}

function consumerLate(name: string): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'events/consumer-late',
    message: `event consumer "${name}" was added after the log was started`,
  });
}
