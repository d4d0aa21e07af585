import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  DummyDriver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { GyreError } from '#kernel';
import type { SqlTx, SqlValue } from '#platform/sql';
import type { StatementResult } from './protocol.ts';
import type { WorkerLink } from './worker-link.ts';

/** A handle with the way to end it. */
export interface OpenTx {
  readonly tx: SqlTx;
  /** Makes every later use of the handle fail. */
  end(): void;
  /** Calls who wanted to know of the commit. */
  committed(): void;
}

/** Kysely makes other callers of a connection wait where there is only one; the worker keeps the order itself. */
class QueueingAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** `tables().transaction()` would end in the middle of the shared commit. */
class RefusingDriver extends DummyDriver {
  override beginTransaction(): Promise<void> {
    return Promise.reject(
      new GyreError({
        kind: 'internal',
        code: 'sql/nested-transaction',
        message: 'the handle is a transaction already; go on with it instead of beginning another',
      }),
    );
  }
}

const adapter = new QueueingAdapter();
const compiler = new SqliteQueryCompiler();
const driver = new RefusingDriver();

/**
 * Opens a handle on the work that a link has just entered.
 *
 * @param link - The connection.
 * @param mode - `reader` refuses `afterCommit`.
 * @returns The handle.
 */
export function openTx(link: WorkerLink, mode: 'writer' | 'reader'): OpenTx {
  const state = { isOver: false };
  const listeners: (() => void)[] = [];
  const assertOpen = (): void => {
    if (state.isOver) throw transactionOver();
  };
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      assertOpen();
      assertValues(query.parameters);
      return toQueryResult<R>(await link.run(query.sql, query.parameters));
    },
    streamQuery: async function* <R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      assertOpen();
      assertValues(query.parameters);
      yield toQueryResult<R>(await link.run(query.sql, query.parameters));
    },
  };
  let tables: Kysely<unknown> | undefined;
  const tx: SqlTx = {
    tables: <Tables>(): Kysely<Tables> => {
      tables ??= bindTables(connection);
      // The caller says which tables its slice owns; the builder itself is the same for all.
      return tables as Kysely<Tables>;
    },
    insertMany: async (insert) => {
      assertOpen();
      if (insert.rows.length === 0) return 0;
      assertWidth(insert.columns, insert.rows);
      for (const row of insert.rows) assertValues(row);
      return (await link.insert(insertText(insert), insert.rows)).changes;
    },
    afterCommit: (listener) => {
      assertOpen();
      if (mode === 'reader') throw readOnly();
      listeners.push(listener);
    },
  };
  return {
    tx,
    end: () => {
      state.isOver = true;
    },
    committed: () => {
      for (const listener of listeners) callListener(listener);
    },
  };
}

/** A listener that throws breaks its own promise, not the commit of the others: the error goes to the process. */
function callListener(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function bindTables(connection: DatabaseConnection): Kysely<unknown> {
  const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(connection) });
  const dialect = {
    createAdapter: () => adapter,
    createDriver: () => driver,
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
    createQueryCompiler: () => compiler,
  };
  return new Kysely({ config: { dialect }, dialect, driver, executor });
}

function toQueryResult<R>(result: StatementResult): QueryResult<R> {
  const { columns, rows } = result;
  const objects = rows.map((row) => {
    const object: Record<string, SqlValue> = {};
    for (let i = 0; i < columns.length; i += 1) object[columns[i] ?? ''] = row[i] ?? null;
    return object;
  });
  // The shape of a row is what the caller's query says it is.
  return { rows: objects as R[], numAffectedRows: BigInt(result.changes), insertId: BigInt(result.insertId) };
}

function insertText(insert: {
  readonly table: string;
  readonly columns: readonly string[];
  readonly onConflict?: 'fail' | 'ignore';
}): string {
  const columns = insert.columns.map((column) => quoteName(column)).join(', ');
  const marks = insert.columns.map(() => '?').join(', ');
  const tail = insert.onConflict === 'ignore' ? ' ON CONFLICT DO NOTHING' : '';
  return `INSERT INTO ${quoteName(insert.table)} (${columns}) VALUES (${marks})${tail}`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function assertWidth(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): void {
  const index = rows.findIndex((row) => row.length !== columns.length);
  if (index < 0) return;
  throw new GyreError({
    kind: 'internal',
    code: 'sql/bad-value',
    message: `row ${String(index)} has ${String(rows[index]?.length)} values for ${String(columns.length)} columns (${columns.join(', ')})`,
  });
}

/** SQLite would take an object for a list of named values, and leave the true ones empty. */
function assertValues(values: readonly unknown[]): void {
  for (const value of values) {
    if (isSqlValue(value)) continue;
    throw new GyreError({
      kind: 'internal',
      code: 'sql/bad-value',
      message: `${nameOf(value)} has no form in the store; give null, a number, a bigint of 64 bits, a text or bytes`,
    });
  }
}

function nameOf(value: unknown): string {
  if (value instanceof Date) return 'a Date';
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}

function isSqlValue(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return true;
    case 'number':
      // SQLite would keep NaN as NULL without a word.
      return !Number.isNaN(value);
    case 'bigint':
      return BigInt.asIntN(64, value) === value;
    default:
      return value === null || value instanceof Uint8Array;
  }
}

function transactionOver(): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'sql/transaction-over',
    message:
      'the transaction is over: its work has settled or took too long; use the handle only inside the work, and await every call',
  });
}

function readOnly(): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'sql/read-only',
    message: 'a read commits nothing, so there is no commit to wait for',
  });
}
