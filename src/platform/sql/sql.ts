import type { Kysely } from 'kysely';

/** What a column can hold. Integers beyond 2^53-1 travel as bigint, never as a double. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/**
 * One open transaction or snapshot.
 *
 * Laws: statements run in the order of their calls; a handle that is used after its `work` has settled throws
 * `sql/transaction-over`.
 */
export interface SqlTx {
  /** Gives a typed query builder bound to this transaction. Costs nothing. */
  tables<Tables>(): Kysely<Tables>;
  /**
   * Inserts many rows as one message to the store; far cheaper than one query a row.
   *
   * Returns the number of rows inserted; with `ignore` rows that break a unique index are left out and not counted.
   */
  insertMany(insert: {
    readonly table: string;
    readonly columns: readonly string[];
    readonly rows: readonly (readonly SqlValue[])[];
    readonly onConflict?: 'fail' | 'ignore';
  }): Promise<number>;
  /**
   * Calls back once the transaction is durable, before its promise resolves; never after a rollback. For waking whoever
   * acts on what was written. The listener must not throw; a snapshot refuses it with `sql/read-only`.
   */
  afterCommit(listener: () => void): void;
}

/**
 * The metadata store.
 *
 * Laws of every adapter (its contract suite: `sql.contract.ts`):
 * 1. `transaction` is atomic and serializable: its work sees no other's half, and all or nothing of it stays.
 * 2. Its promise resolves only after the commit is on stable storage (shared with other commits where possible).
 * 3. Work that throws leaves nothing behind, and the same error comes out.
 * 4. Await nothing but `tx` inside a work: other transactions wait for it. Work that takes over 30 s is rolled back with `sql/transaction-timeout`.
 * 5. `read` sees one consistent committed state, and never waits for a writer.
 * 6. A failed fsync or commit is fatal: every later call is refused with `sql/store-failed`.
 */
export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** Runs reads on one consistent snapshot of committed data. Writing in it throws `sql/read-only`. */
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Runs reads and writes atomically; resolves after they are durable. */
  transaction<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Waits for open work, then closes. Later calls throw `sql/closed`. Idempotent. */
  close(): Promise<void>;
}
