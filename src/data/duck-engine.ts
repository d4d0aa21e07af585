import type { Frame } from '#kernel';

/** Rows to be loaded as a table before a query: files of `encodeFrame`, read by the engine itself. */
export interface FrameSource {
  readonly path: string;
}

/** One job of the engine: statements run in order on one connection; a query's rows come back as a frame. */
export interface DuckJob {
  /** Statements that prepare or clean up, run before the query. */
  readonly before?: readonly string[];
  /** Query whose rows come back: text as levels in ascending order, everything else as doubles (times in milliseconds), FLOAT as float32. */
  readonly query: string;
}

/**
 * DuckDB in a worker thread: the table engine. Loaded at first use, sandboxed to the files it was given.
 *
 * Laws: jobs run one at a time in order of their calls; a job that fails leaves nothing behind (tables that it made are
 * dropped); SQL text is Gyre's own, with names quoted by {@link quoteName} and texts by `quoteText`.
 */
export interface DuckEngine {
  /** Runs a job and gives the rows of its query. Throws `data/engine-failed`. */
  query(job: DuckJob | string): Promise<Frame>;
  /** Makes a local file readable for the engine and gives the path to write into SQL. */
  admit(path: string, extension: 'parquet' | 'csv' | 'ndjson' | 'frame'): Promise<string>;
  /** Ends the worker; a later job starts another. */
  stop(): Promise<void>;
}
