import { alignedTable, type CommandIo, tabSeparated } from '#platform/cli';

/** Columns of a terminal that does not say how many it has. */
const DEFAULT_WIDTH = 100;

/** The process's own streams, as commands use them. */
export interface ProcessIo extends CommandIo {
  readonly width: number;
  readonly hasColor: boolean;
}

/** Binds the streams of this process; stdout is the answer, stderr is everything else. */
export function processIo(line: readonly string[]): ProcessIo {
  const isTerminal = process.stdout.isTTY;
  const width = process.stdout.columns ?? DEFAULT_WIDTH;
  const answer = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  return {
    isTerminal,
    width,
    hasColor: process.stderr.isTTY && process.env['NO_COLOR'] === undefined && !line.includes('--no-color'),
    answer,
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
    table: (columns, rows) => {
      answer(isTerminal ? alignedTable(columns, rows, width) : tabSeparated(columns, rows));
    },
  };
}
