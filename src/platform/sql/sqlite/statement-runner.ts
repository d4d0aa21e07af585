import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqlValue } from '#platform/sql';
import type { StatementResult } from './protocol.ts';

/** Statements kept prepared; the least recently used one goes first. */
const CACHE_SIZE = 256;

/** Runs statements on one connection, prepared once each. */
export interface StatementRunner {
  run(text: string, values: readonly unknown[]): StatementResult;
  insert(text: string, rows: readonly (readonly SqlValue[])[]): StatementResult;
}

/**
 * Makes the runner of a connection.
 *
 * @param database - An open connection.
 * @returns The runner.
 */
export function createStatementRunner(database: DatabaseSync): StatementRunner {
  const prepare = statementCache(database);
  return {
    run: (text, values) => runStatement(prepare(text), text, values),
    insert: (text, rows) => insertRows({ database, statement: prepare(text), rows }),
  };
}

function statementCache(database: DatabaseSync): (text: string) => StatementSync {
  const cache = new Map<string, StatementSync>();
  return (text) => {
    const kept = cache.get(text);
    const statement = kept ?? database.prepare(text);
    if (kept === undefined) statement.setReturnArrays(true);
    cache.delete(text);
    cache.set(text, statement);
    const oldest = cache.keys().next().value;
    if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
    return statement;
  };
}

function runStatement(statement: StatementSync, text: string, values: readonly unknown[]): StatementResult {
  // Parameters come from Kysely as unknown; SQLite refuses what it cannot bind.
  const bound = values as SqlValue[];
  const columns = statement.columns().map((column) => column.name);
  if (columns.length === 0) {
    statement.setReadBigInts(false);
    const { changes, lastInsertRowid } = statement.run(...bound);
    return { columns, rows: [], changes: Number(changes), insertId: lastInsertRowid };
  }
  const rows = /^\s*select\b/i.test(text) ? selectRows(statement, bound) : exactRows(statement, bound);
  return { columns, rows, changes: rows.length, insertId: 0 };
}

/** Reads as doubles first, which is faster; a reading that meets an integer beyond 2^53-1 is repeated exactly. */
function selectRows(statement: StatementSync, bound: SqlValue[]): SqlValue[][] {
  statement.setReadBigInts(false);
  try {
    return asArrays(statement.all(...bound));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE') return exactRows(statement, bound);
    throw error;
  }
}

function exactRows(statement: StatementSync, bound: SqlValue[]): SqlValue[][] {
  statement.setReadBigInts(true);
  return asArrays(statement.all(...bound)).map((row) => row.map((value) => narrow(value)));
}

/** `setReturnArrays` makes every row an array, which the type of `all` does not know. */
function asArrays(rows: unknown): SqlValue[][] {
  return rows as SqlValue[][];
}

function narrow(value: SqlValue): SqlValue {
  if (typeof value !== 'bigint') return value;
  const double = Number(value);
  return Number.isSafeInteger(double) ? double : value;
}

function insertRows(insert: {
  readonly database: DatabaseSync;
  readonly statement: StatementSync;
  readonly rows: readonly (readonly SqlValue[])[];
}): StatementResult {
  const { database, statement, rows } = insert;
  let changes = 0;
  database.exec('SAVEPOINT rows');
  try {
    for (const row of rows) changes += Number(statement.run(...row).changes);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK TO rows; RELEASE rows');
    throw error;
  }
  database.exec('RELEASE rows');
  return { columns: [], rows: [], changes, insertId: 0 };
}
