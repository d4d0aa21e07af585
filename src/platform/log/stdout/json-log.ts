import type { Clock } from '#platform/clock';
import type { Log, LogLevel } from '#platform/log';

const ORDER: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** What a JSON log is made of. */
export interface JsonLogOptions {
  /** Lines below this level are left out. */
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Takes one line with its newline. @defaultValue stderr of the process */
  readonly write?: (line: string) => void;
}

/**
 * Makes a log of one JSON object a line, `time`, `level` and `message` first.
 *
 * @param options - Level, clock and sink.
 * @returns The log; fields that have no JSON form are written as text.
 * @example
 * ```ts
 * const lines: string[] = [];
 * const log = createJsonLog({ level: 'info', clock: { nowMs: () => 0, monotonicMs: () => 0 }, write: (line) => lines.push(line) });
 * log.write('info', 'ready', { port: 4973 });
 * lines[0]; // => '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"ready","port":4973}\n'
 * ```
 */
export function createJsonLog(options: JsonLogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  return {
    write: (level, message, fields = {}) => {
      if (ORDER[level] > ORDER[options.level]) return;
      const time = new Date(options.clock.nowMs()).toISOString();
      write(`${asJson({ time, level, message, ...fields })}\n`);
    },
  };
}

function asJson(line: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(line, replace);
  } catch {
    const { time, level, message } = line;
    return JSON.stringify({ time, level, message, fields: 'have no JSON form' });
  }
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
}
