import type { JsonObject } from '#kernel';
import type { SqlTx } from '#platform/sql';

/** One thing that happened, as its slice reports it. */
export interface EventInput {
  /** `<slice>.<what-happened>`, past tense: `data.version-created`. */
  readonly topic: string;
  /** Undefined for events of the whole server. */
  readonly projectId?: string;
  /** Kind of the entity, such as `dataset-version`; browsers refresh what they show of it. */
  readonly entity: string;
  readonly entityId: string;
  /** Version of the entity after the change, counting up; 0 where the entity has none. */
  readonly entityVersion: number;
  /** Facts for consumers; small, JSON only. */
  readonly data?: JsonObject;
}

/** An event with its place in the log. */
export interface OutboxEvent extends EventInput {
  /** Place in the log, from 1, without gaps; the order of positions is the order of commits. */
  readonly position: number;
  /** Wall time of the append, milliseconds since 1970 UTC. */
  readonly atMs: number;
}

/** Someone who acts on events, once each. */
export interface EventConsumer {
  /** Unique name, kept for ever: the cursor is stored under it. */
  readonly name: string;
  /** Topics it wants; everything else only moves its cursor. */
  readonly topics: readonly string[];
  /** Acts inside the transaction that also moves the cursor; await nothing but `tx`. A throw stops this consumer until the next wake-up and is logged. */
  handle(tx: SqlTx, event: OutboxEvent): Promise<void>;
}

/**
 * The event log.
 *
 * Laws (`events.contract.ts`): an event exists if and only if its transaction committed; positions have no gaps and
 * follow commit order, also with two writers; every consumer handles every event of its topics exactly once, in order.
 */
export interface EventLog {
  /** Appends in the caller's transaction and returns the position. */
  append(tx: SqlTx, event: EventInput): Promise<number>;
  /** Reads up to `limit` events behind a position, oldest first. */
  readAfter(tx: SqlTx, position: number, limit: number): Promise<readonly OutboxEvent[]>;
  /** Position of the newest committed event; 0 for an empty log. */
  lastPosition(tx: SqlTx): Promise<number>;
  /** Adds a consumer; call before `start`. */
  addConsumer(consumer: EventConsumer): void;
  /** Calls back, without data, after commits that appended events; returns the way to stop it. For live views. */
  onAppended(listener: () => void): () => void;
  /** Starts delivering to consumers. */
  start(): Promise<void>;
  /** Resolves when every consumer has handled everything that was committed before the call. */
  settled(): Promise<void>;
  /** Stops after the event in hand. */
  stop(): Promise<void>;
}
