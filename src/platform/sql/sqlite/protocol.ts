import type { SqlValue } from '#platform/sql';

/** What the main thread asks of a worker. `enter` and `leave` have no answer: their failures come out of what follows. */
export type WorkerRequest =
  | { readonly op: 'enter' }
  | { readonly op: 'leave'; readonly keep: boolean }
  | { readonly op: 'run'; readonly id: number; readonly sql: string; readonly values: readonly unknown[] }
  | { readonly op: 'insert'; readonly id: number; readonly sql: string; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly op: 'commit'; readonly id: number }
  | { readonly op: 'close'; readonly id: number };

/** What SQLite said when it refused. */
export interface StatementFailure {
  /** Extended result code of SQLite; 0 where the refusal came from elsewhere. */
  readonly errorCode: number;
  readonly message: string;
  /** The whole transaction is gone, not only the statement. */
  readonly isTransactionLost: boolean;
  /** It happened while writing to stable storage, so nothing after it can be trusted. */
  readonly isFatal: boolean;
}

/** Rows as arrays, with their columns once. */
export interface StatementResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly changes: number;
  readonly insertId: number | bigint;
}

/** What a worker answers. The answer with id 0 comes once, when the file is open. */
export type WorkerAnswer =
  | { readonly id: number; readonly result: StatementResult }
  | { readonly id: number; readonly failure: StatementFailure };

/** How a worker opens the file. */
export interface WorkerSettings {
  readonly path: string;
  readonly mode: 'writer' | 'reader';
  /** `off` for stores that need not outlive the process. */
  readonly durability: 'full' | 'off';
}

/** The answer of an act that gives no rows. */
export const NO_ROWS: StatementResult = { columns: [], rows: [], changes: 0, insertId: 0 };
