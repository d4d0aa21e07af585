import type { Frame } from '#kernel';

/** A column of a table that is loaded from frames. */
export interface LoadColumn {
  readonly name: string;
  /** `text` becomes VARCHAR, `whole` BIGINT, `double` DOUBLE. */
  readonly kind: 'text' | 'whole' | 'double';
}

/** One file of `encodeFrame`, and which of its rows to load. */
export interface LoadSource {
  /** Path that {@link DuckEngine.admit} gave. */
  readonly path: string;
  /** Number that the rows carry in `gyre_batch`. */
  readonly batch: number;
  /** Keeps rows whose value of `column` lies in [from, to); absent keeps all. */
  readonly where?: { readonly column: string; readonly from: number; readonly to: number };
}

/**
 * Exclusive use of the engine on one connection; temporary tables vanish with it.
 *
 * Laws: calls are done in order; a failed call throws `data/engine-failed` and leaves the session usable.
 */
export interface DuckSession {
  /** Runs a statement. */
  run(sql: string): Promise<void>;
  /** Runs a query: text comes back as levels in ascending order, FLOAT as float32, everything else as float64 (times in milliseconds, booleans as 0 and 1); NULL as missing. */
  read(sql: string): Promise<Frame>;
  /** Runs a query and writes its rows as `encodeFrame` to a path that {@link DuckEngine.freshPath} gave; the named columns become float32 by `finiteFloat32`. Gives the number of rows. */
  write(sql: string, target: { readonly path: string; readonly float32: readonly string[] }): Promise<number>;
  /** Makes a temporary table of frames: the columns, `gyre_batch` (INTEGER) and `gyre_row` (DOUBLE, from 1 within a source). A column that a frame lacks is NULL. */
  load(table: string, columns: readonly LoadColumn[], sources: readonly LoadSource[]): Promise<void>;
}

/** Extensions of files that the engine reads and writes. */
export type DuckFile = 'parquet' | 'csv' | 'ndjson' | 'frame';

/**
 * DuckDB in a worker thread: the table engine. Started at its first use, one for the process, closed to the network and
 * to every file it was not given.
 *
 * Laws: sessions run one at a time in the order of their calls; SQL text is Gyre's own, with names, texts and numbers
 * quoted by `quoteName`, `quoteText` and `quoteNumber`.
 */
export interface DuckEngine {
  /** Runs one query in a session of its own. Throws `data/engine-failed`. */
  query(sql: string): Promise<Frame>;
  /** Runs work with exclusive use of the engine. */
  session<T>(work: (session: DuckSession) => Promise<T>): Promise<T>;
  /** Makes a local file readable for the engine and gives the path to write into SQL; the same file again gives the same path. */
  admit(path: string, extension: DuckFile): Promise<string>;
  /** Gives a fresh path that the engine may write; the caller moves or removes the file. */
  freshPath(extension: DuckFile): Promise<string>;
  /** Tells whether the worker runs. */
  isRunning(): boolean;
  /** Ends the worker after the session in hand; a later session starts another. */
  stop(): Promise<void>;
}
