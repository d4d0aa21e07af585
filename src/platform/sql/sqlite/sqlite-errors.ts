import { GyreError, type GyreErrorOptions } from '#kernel';
import type { StatementFailure } from './protocol.ts';

type Reading = Pick<GyreErrorOptions, 'kind' | 'code' | 'help'>;

/** By primary result code, sqlite.org/rescode.html. */
const BY_PRIMARY: Readonly<Record<number, Reading>> = {
  5: { kind: 'unavailable', code: 'sql/busy', help: 'end the other program that has the store open' },
  6: { kind: 'unavailable', code: 'sql/busy', help: 'end the other program that has the store open' },
  8: { kind: 'internal', code: 'sql/read-only', help: 'write inside transaction(), not inside read()' },
  13: { kind: 'unavailable', code: 'sql/disk-full', help: 'free some space; the server goes on by itself' },
  19: { kind: 'internal', code: 'sql/constraint-violated' },
};

/** By extended result code, where that says more. */
const BY_EXTENDED: Readonly<Record<number, Reading>> = {
  1555: { kind: 'conflict', code: 'sql/unique-violated' },
  2067: { kind: 'conflict', code: 'sql/unique-violated' },
  2579: { kind: 'conflict', code: 'sql/unique-violated' },
  4874: { kind: 'unavailable', code: 'sql/disk-full', help: 'free some space; the server goes on by itself' },
};

/**
 * Turns a refusal of SQLite into an error of the platform.
 *
 * @param failure - What the worker reported.
 * @param sql - The statement, without its values; undefined for a commit.
 * @returns The error.
 */
export function failureToError(failure: StatementFailure, sql: string | undefined): GyreError {
  const reading = readFailure(failure);
  return new GyreError({
    ...reading,
    message: sql === undefined ? failure.message : `${failure.message}; statement: ${sql.slice(0, 500)}`,
    data: { sqliteCode: failure.errorCode },
  });
}

function readFailure(failure: StatementFailure): Reading {
  if (failure.isFatal) return { kind: 'unavailable', code: 'sql/store-failed', help: 'check the disk, then restart the server' };
  const known = BY_EXTENDED[failure.errorCode] ?? BY_PRIMARY[failure.errorCode & 0xff];
  if (known !== undefined) return known;
  return { kind: 'internal', code: 'sql/statement-failed' };
}
