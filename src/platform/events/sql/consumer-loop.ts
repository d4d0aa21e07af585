import { GyreError, isGyreError } from '#kernel';
import type { EventConsumer, OutboxEvent } from '#platform/events';
import type { Failpoints } from '#platform/failpoint';
import type { Log } from '#platform/log';
import type { SqlDatabase, SqlTx } from '#platform/sql';
import { readEntries, readLastPosition } from './event-entries.ts';
import type { EventTables } from './event-tables.ts';

/** Events handled in one transaction, until one of them fails: then each gets its own. */
const BATCH_SIZE = 32;
const SKIP_SIZE = 1000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 30_000;

/** Delivers the log to one consumer. */
export interface ConsumerLoop {
  /** Says that there may be something new. */
  wake(): void;
  /** Resolves when everything up to a position is handled; rejects when the consumer fails on the way. */
  handled(position: number): Promise<void>;
  /** Stops after the event in hand. */
  stop(): Promise<void>;
}

/** What a loop works with. */
export interface ConsumerLoopOptions {
  readonly database: SqlDatabase;
  readonly consumer: EventConsumer;
  readonly log: Log;
  readonly failpoints: Failpoints;
  /** What this process knows of the log without asking the store; absent where other servers write to it. */
  readonly glimpse?: LogGlimpse;
}

/** Where the log stands, by what was committed in this process since it started. */
export interface LogGlimpse {
  /** Position of the newest committed event; 0 before the first. */
  last(): number;
  /** Newest position of any of these topics; 0 when none was committed since the start. */
  lastOf(topics: readonly string[]): number;
}

interface LoopState {
  /** Cursor as stored; undefined until it was read. */
  stored: number | undefined;
  /** Everything up to here is handled or not wanted. */
  position: number;
  failures: number;
  /** After a failed batch each event gets a transaction of its own, so that only the bad one stays. */
  isOneByOne: boolean;
  isStopping: boolean;
  /** Whether everything from before this process has been read: from then on a glimpse tells all. */
  hasCaughtUp: boolean;
}

/**
 * Makes the loop of a consumer; it starts with the first wake-up.
 *
 * @param options - Store, consumer, log and failpoints.
 * @returns The loop.
 */
export function createConsumerLoop(options: ConsumerLoopOptions): ConsumerLoop {
  const { consumer, log } = options;
  const state: LoopState = {
    stored: undefined,
    position: 0,
    failures: 0,
    isOneByOne: false,
    isStopping: false,
    hasCaughtUp: false,
  };
  let running: Promise<unknown> | undefined;
  let isNews = false;
  let retryTimer: NodeJS.Timeout | undefined;

  const runAll = async (): Promise<unknown> => {
    try {
      while (isNews && !state.isStopping) {
        isNews = false;
        await deliverAll(options, state);
      }
      return undefined;
    } catch (error) {
      state.failures += 1;
      const retryInMs = Math.min(FIRST_RETRY_MS * 2 ** (state.failures - 1), LAST_RETRY_MS);
      log.write('error', `event consumer ${consumer.name} failed`, { failures: state.failures, retryInMs, ...describe(error) });
      retryTimer = setTimeout(() => void startRun(), retryInMs);
      return error;
    } finally {
      running = undefined;
    }
  };
  const startRun = (): Promise<unknown> => {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    isNews = true;
    running ??= runAll();
    return running;
  };
  return {
    wake: () => {
      isNews = true;
      if (retryTimer === undefined && !state.isStopping) void startRun();
    },
    handled: async (position) => {
      while (state.position < position && !state.isStopping) {
        // Readers see a commit before this process is told of it: what is asked for here, the store must be asked.
        state.hasCaughtUp = false;
        const error = await startRun();
        if (error !== undefined) throw consumerFailing(consumer.name, error);
      }
    },
    stop: async () => {
      state.isStopping = true;
      await running;
      clearTimeout(retryTimer);
    },
  };
}

async function deliverAll(options: ConsumerLoopOptions, state: LoopState): Promise<void> {
  while (!state.isStopping) {
    if (state.stored === undefined) await loadCursor(options, state);
    const { glimpse, consumer } = options;
    if (glimpse !== undefined && state.hasCaughtUp && glimpse.lastOf(consumer.topics) <= state.position) {
      await skipTo(options, state, glimpse.last());
      return;
    }
    const { last, events } = await options.database.read((tx) => readNews(tx, consumer, state.position));
    if (events.length === 0) {
      state.hasCaughtUp = true;
      await skipTo(options, state, last);
      return;
    }
    await deliverEvents(options, state, events);
  }
}

async function readNews(
  tx: SqlTx,
  consumer: EventConsumer,
  after: number,
): Promise<{ readonly last: number; readonly events: readonly OutboxEvent[] }> {
  const last = await readLastPosition(tx);
  if (consumer.topics.length === 0 || last === after) return { last, events: [] };
  return { last, events: await readEntries(tx, { after, limit: BATCH_SIZE, upTo: last, topics: consumer.topics }) };
}

async function deliverEvents(options: ConsumerLoopOptions, state: LoopState, events: readonly OutboxEvent[]): Promise<void> {
  const batch = state.isOneByOne ? events.slice(0, 1) : events;
  try {
    await options.failpoints.hit('events/before-consume');
    await options.database.transaction((tx) => handleBatch(tx, options.consumer, state, batch));
    await options.failpoints.hit('events/after-consume');
    state.failures = 0;
    state.isOneByOne = state.isOneByOne && events.length > 1;
  } catch (error) {
    if (batch.length === 1) throw error;
    state.isOneByOne = true;
  }
}

async function handleBatch(tx: SqlTx, consumer: EventConsumer, state: LoopState, batch: readonly OutboxEvent[]): Promise<void> {
  const position = batch.at(-1)?.position ?? 0;
  // The batch was read before the word of an earlier commit came: it is handled already.
  if (position <= (state.stored ?? 0)) return;
  const isOurs = await moveCursor(tx, consumer.name, { from: state.stored ?? 0, to: position });
  if (isOurs) for (const event of batch) await consumer.handle(tx, event);
  tx.afterCommit(() => {
    // Another server moved the cursor: read it again.
    state.stored = isOurs ? position : undefined;
    if (isOurs) state.position = position;
  });
}

async function moveCursor(tx: SqlTx, consumer: string, move: { readonly from: number; readonly to: number }): Promise<boolean> {
  const moved = await tx
    .tables<EventTables>()
    .updateTable('events_cursor')
    .set({ position: move.to })
    .where('consumer', '=', consumer)
    .where('position', '=', move.from)
    .executeTakeFirstOrThrow();
  return moved.numUpdatedRows === 1n;
}

async function loadCursor(options: ConsumerLoopOptions, state: LoopState): Promise<void> {
  const name = options.consumer.name;
  const find = (tx: SqlTx) =>
    tx.tables<EventTables>().selectFrom('events_cursor').select('position').where('consumer', '=', name).executeTakeFirst();
  let row = await options.database.read(find);
  if (row === undefined) {
    await options.database.transaction((tx) =>
      tx.insertMany({ table: 'events_cursor', columns: ['consumer', 'position'], rows: [[name, 0]], onConflict: 'ignore' }),
    );
    row = await options.database.read(find);
  }
  state.stored = row?.position ?? 0;
  state.position = state.stored;
}

/** The stored cursor follows unwanted events only in big steps: reading over them again costs less than a commit each. */
async function skipTo(options: ConsumerLoopOptions, state: LoopState, last: number): Promise<void> {
  state.isOneByOne = false;
  state.position = Math.max(state.position, last);
  const from = state.stored ?? 0;
  if (last - from < SKIP_SIZE) return;
  const isOurs = await options.database.transaction((tx) => moveCursor(tx, options.consumer.name, { from, to: last }));
  state.stored = isOurs ? last : undefined;
}

function describe(error: unknown): { readonly error: string; readonly code: string | undefined } {
  return { error: error instanceof Error ? error.message : String(error), code: isGyreError(error) ? error.code : undefined };
}

function consumerFailing(name: string, cause: unknown): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'events/consumer-failing',
    message: `event consumer ${name} fails on the event it is at: ${describe(cause).error}`,
    cause,
  });
}
