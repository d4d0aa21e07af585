/** Levels, by what the reader must do. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Facts of a log line; JSON values, never secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where log lines go. Laws: never throws, never blocks the caller on IO. */
export interface Log {
  /** Writes one line. */
  write(level: LogLevel, message: string, fields?: LogFields): void;
}

/**
 * Makes a log that keeps its lines in memory: for tests.
 *
 * @returns The log and its lines, oldest first.
 * @example
 * ```ts
 * const log = createMemoryLog();
 * log.write('info', 'ready');
 * log.lines.length; // => 1
 * ```
 */
export function createMemoryLog(): Log & { readonly lines: readonly { level: LogLevel; message: string; fields: LogFields }[] } {
  const lines: { level: LogLevel; message: string; fields: LogFields }[] = [];
  return {
    lines,
    write: (level, message, fields = {}) => {
      lines.push({ level, message, fields });
    },
  };
}
