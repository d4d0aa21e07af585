import type { Command, CommandFlag } from './command.ts';
import { exitCodeTable } from './exit-codes.ts';
import { GLOBAL_FLAGS } from './flags.ts';

/** A command as the list of all commands shows it. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: string;
}

/**
 * Writes the help of one command: two examples first, then flags.
 *
 * @param command - The command.
 * @returns Lines for a terminal of 80 columns and more.
 */
export function commandHelp(command: Command): string {
  const usage = command.positionals.map((name) => (name.endsWith('?') ? `[${name.slice(0, -1)}]` : name));
  const own = command.flags.length === 0 ? [] : ['', 'Flags:', ...flagLines(command.flags)];
  return [
    ...command.examples.map((example) => `  ${example}`),
    '',
    `${command.summary}.`,
    '',
    `Usage: gyre ${[command.name, ...usage, '[flags]'].join(' ')}`,
    ...own,
    '',
    'Flags of every command:',
    ...flagLines(GLOBAL_FLAGS),
    '',
    'Exit codes: gyre help exit-codes',
  ].join('\n');
}

/**
 * Writes the list of all commands.
 *
 * @param commands - Every command.
 * @returns Lines for a terminal of 80 columns and more.
 */
export function overviewHelp(commands: readonly CommandSummary[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    '  gyre up                   server, screens and endpoints on http://127.0.0.1:4973',
    '  gyre status               what runs here, and how it is',
    '',
    'Gyre runs the whole machine-learning lifecycle from one process.',
    '',
    'Usage: gyre COMMAND [arguments] [flags]',
    '',
    'Commands:',
    ...[...commands].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Flags of every command:',
    ...flagLines(GLOBAL_FLAGS),
    '',
    'More: gyre help COMMAND, gyre help exit-codes',
  ].join('\n');
}

/**
 * Writes the help topic about exit codes.
 *
 * @returns The table with a heading.
 */
export function exitCodesHelp(): string {
  return `Exit codes of gyre:\n\n${exitCodeTable()}`;
}

function flagLines(flags: readonly (CommandFlag & { readonly short?: string })[]): readonly string[] {
  const names = flags.map((flag) => {
    const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
    return `${short}--${flag.name}${flag.kind === 'boolean' ? '' : ` ${flag.placeholder ?? 'VALUE'}`}`;
  });
  const width = Math.max(...names.map((name) => name.length));
  return flags.map((flag, index) => `  ${(names[index] ?? '').padEnd(width)}  ${flag.summary}`);
}
