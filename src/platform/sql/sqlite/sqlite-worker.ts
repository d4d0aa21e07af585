import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { NO_ROWS, type StatementFailure, type StatementResult, type WorkerRequest, type WorkerSettings } from './protocol.ts';
import { createStatementRunner } from './statement-runner.ts';

/** After so many commits or changed rows the log is written back into the file, between two transactions. */
const CHECKPOINT_COMMITS = 256;
const CHECKPOINT_CHANGES = 4096;

/** Result codes of SQLite (sqlite.org/rescode.html), primary and extended. */
const SQLITE_IOERR = 10;
const SQLITE_IOERR_SHMSIZE = 4874;

// The parent starts this file with exactly these settings.
const settings = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error('sqlite-worker runs in a worker thread only');

let database: DatabaseSync;
let lost: StatementFailure | undefined;
let commits = 0;
let changes = 0;

function failureOf(error: unknown, stage: 'statement' | 'commit'): StatementFailure {
  const errorCode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  const isFatal = settings.mode === 'writer' && (errorCode & 0xff) === SQLITE_IOERR && errorCode !== SQLITE_IOERR_SHMSIZE;
  return {
    errorCode,
    message: error instanceof Error ? error.message : String(error),
    isTransactionLost: stage === 'commit' || !database.isTransaction,
    isFatal,
  };
}

function openDatabase(): DatabaseSync {
  const opened = new DatabaseSync(settings.path, { readOnly: settings.mode === 'reader', timeout: 5000 });
  opened.exec('PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY');
  if (settings.mode === 'reader') {
    opened.exec('PRAGMA cache_size = -4000');
    return opened;
  }
  opened.exec('PRAGMA cache_size = -8000; PRAGMA journal_mode = WAL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
  opened.exec(`PRAGMA synchronous = ${settings.durability}; PRAGMA journal_size_limit = 67108864`);
  // The automatic write-back swallows a failed fsync and may trust the next one; ours does not.
  opened.exec('PRAGMA wal_autocheckpoint = 0');
  return opened;
}

function enter(): void {
  if (lost !== undefined) return;
  try {
    if (settings.mode === 'reader') {
      database.exec('BEGIN');
      return;
    }
    if (!database.isTransaction) database.exec('BEGIN IMMEDIATE');
    database.exec('SAVEPOINT work');
  } catch (error) {
    lost = { ...failureOf(error, 'statement'), isTransactionLost: true };
  }
}

function leave(keep: boolean): void {
  if (settings.mode === 'reader') {
    if (database.isTransaction) database.exec('ROLLBACK');
    lost = undefined;
    return;
  }
  if (lost !== undefined) return;
  try {
    database.exec(keep ? 'RELEASE work' : 'ROLLBACK TO work; RELEASE work');
  } catch (error) {
    lost = { ...failureOf(error, 'statement'), isTransactionLost: true };
  }
}

function act(work: () => StatementResult): StatementResult | StatementFailure {
  if (lost !== undefined) return lost;
  try {
    const result = work();
    changes += result.changes;
    return result;
  } catch (error) {
    const failure = failureOf(error, 'statement');
    if (failure.isTransactionLost) lost = failure;
    return failure;
  }
}

function commit(): StatementResult | StatementFailure {
  const before = lost;
  if (before?.isFatal !== true) lost = undefined;
  try {
    if (!database.isTransaction) return before ?? NO_ROWS;
    database.exec(before === undefined ? 'COMMIT' : 'ROLLBACK');
    commits += 1;
    return before ?? NO_ROWS;
  } catch (error) {
    const failure = failureOf(error, 'commit');
    if (failure.isFatal) lost = failure;
    else if (database.isTransaction) database.exec('ROLLBACK');
    return failure;
  }
}

/** Runs after the answer to a commit is on its way, so that nobody waits for it but the next transaction. */
function writeBack(): void {
  if (commits < CHECKPOINT_COMMITS && changes < CHECKPOINT_CHANGES) return;
  commits = 0;
  changes = 0;
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch (error) {
    const failure = failureOf(error, 'commit');
    if (failure.isFatal) lost = failure;
  }
}

function answer(id: number, outcome: StatementResult | StatementFailure): void {
  port?.postMessage('rows' in outcome ? { id, result: outcome } : { id, failure: outcome });
}

function close(id: number): void {
  database.close();
  answer(id, NO_ROWS);
  port?.close();
}

const runner = (() => {
  try {
    database = openDatabase();
    answer(0, NO_ROWS);
    return createStatementRunner(database);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    answer(0, { errorCode: 0, message, isTransactionLost: true, isFatal: true });
    port.close();
    throw error;
  }
})();

port.on('message', (request: WorkerRequest) => {
  switch (request.op) {
    case 'enter':
      enter();
      break;
    case 'leave':
      leave(request.keep);
      break;
    case 'run':
      answer(
        request.id,
        act(() => runner.run(request.sql, request.values)),
      );
      break;
    case 'insert':
      answer(
        request.id,
        act(() => runner.insert(request.sql, request.rows)),
      );
      break;
    case 'commit':
      answer(request.id, commit());
      writeBack();
      break;
    case 'close':
      close(request.id);
      break;
  }
});
