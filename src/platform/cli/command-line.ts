import { GyreError, parseDurationMs } from '#kernel';
import type { ApiCall, Command, CommandContext, CommandIo } from './command.ts';
import { errorJson, errorText } from './error-text.ts';
import { ExitCode, exitCodeOf } from './exit-codes.ts';
import { commandHelp, exitCodesHelp, overviewHelp } from './help-text.ts';
import { type FlagValues, findCommand, parseArguments } from './parse-arguments.ts';

/** Longest wait for one answer when `--timeout` says nothing; long work is an operation, not an answer. */
const DEFAULT_TIMEOUT_MS = 120_000;

/** A command as it stands in the list of all: loaded only when it is called, so that the others cost nothing. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command itself. */
  load(): Promise<Command>;
}

/** A server that answers the calls of a command. */
interface OpenServer {
  readonly url: string;
  readonly call: ApiCall;
  close(): Promise<void>;
}

/** Everything the command line gets from outside. */
export interface CommandLine {
  /** The words behind `gyre`. */
  readonly line: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly commands: readonly CommandEntry[];
  readonly io: CommandIo;
  /** Columns of the terminal. */
  readonly width: number;
  readonly hasColor: boolean;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Gives the folder of the store from what `--data` or `GYRE_DATA` names. */
  dataFolder(named: string | undefined): string;
  /** Finds or starts the server of a command. */
  openServer(search: {
    readonly named: string | undefined;
    readonly dataFolder: string;
    readonly mayCreate: boolean;
    readonly timeoutMs: number;
  }): Promise<OpenServer>;
  /** Gives the project when none was named: that of the project file upwards, or the only one there is. */
  defaultProject(call: ApiCall): Promise<string>;
}

/**
 * Runs one command line to its end. Never throws: failures are written, and become the exit code.
 *
 * @param cli - The words and the world.
 * @returns The exit code.
 */
export async function runCommandLine(cli: CommandLine): Promise<number> {
  const json = cli.line.includes('--json');
  const isVerbose = cli.line.includes('--verbose') || cli.line.includes('-v');
  try {
    return await dispatch(cli);
  } catch (error) {
    if (cli.signal.aborted) return ExitCode.interrupted;
    if (json) cli.io.answer(errorJson(error));
    else cli.io.note(errorText(error, { isVerbose, hasColor: cli.hasColor, width: cli.width }));
    return exitCodeOf(error);
  }
}

async function dispatch(cli: CommandLine): Promise<number> {
  const { name, rest } = findCommand(cli.line, ['help', ...cli.commands.map((command) => command.name)]);
  if (name === undefined || name === 'help') return await help(cli, rest);
  const command = await entryOf(cli, name).load();
  const parsed = parseArguments(command, rest);
  if (parsed.flags['help'] === true) {
    cli.io.answer(commandHelp(command));
    return ExitCode.done;
  }
  return await run(cli, command, parsed);
}

async function help(cli: CommandLine, rest: readonly string[]): Promise<number> {
  const words = rest.filter((word) => !word.startsWith('-'));
  if (words.length === 0) cli.io.answer(overviewHelp(cli.commands));
  else if (words.join(' ') === 'exit-codes') cli.io.answer(exitCodesHelp());
  else {
    const { name } = findCommand(
      words,
      cli.commands.map((command) => command.name),
    );
    cli.io.answer(commandHelp(await entryOf(cli, name ?? '').load()));
  }
  return ExitCode.done;
}

function entryOf(cli: CommandLine, name: string): CommandEntry {
  const entry = cli.commands.find((command) => command.name === name);
  if (entry !== undefined) return entry;
  throw new GyreError({ kind: 'invalid', code: 'cli/unknown-command', message: `there is no command "gyre ${name}"` });
}

async function run(
  cli: CommandLine,
  command: Command,
  { args, flags }: { readonly args: readonly string[]; readonly flags: FlagValues },
): Promise<number> {
  const needs = command.needs ?? 'server';
  const dataFolder = cli.dataFolder(text(flags['data']) ?? cli.environment['GYRE_DATA']);
  const context = { args, flags, json: flags['json'] === true, io: quietIo(cli.io, flags), signal: cli.signal, dataFolder };
  if (needs === 'nothing') {
    return await command.run({ ...context, serverUrl: '', call: noServer(command), project: noServer(command) });
  }
  const server = await cli.openServer({
    named: text(flags['server']) ?? cli.environment['GYRE_SERVER'],
    dataFolder,
    mayCreate: needs === 'store',
    timeoutMs: timeoutOf(flags),
  });
  try {
    return await command.run({
      ...context,
      serverUrl: server.url,
      call: server.call,
      project: projectOf(cli, flags, server.call),
    });
  } finally {
    await server.close();
  }
}

function projectOf(cli: CommandLine, flags: FlagValues, call: ApiCall): CommandContext['project'] {
  return async () => text(flags['project']) ?? cli.environment['GYRE_PROJECT'] ?? (await cli.defaultProject(call));
}

function quietIo(io: CommandIo, flags: FlagValues): CommandIo {
  return flags['quiet'] === true ? { ...io, note: () => undefined } : io;
}

function timeoutOf(flags: FlagValues): number {
  const given = text(flags['timeout']);
  return given === undefined ? DEFAULT_TIMEOUT_MS : parseDurationMs(given);
}

function noServer(command: Command): () => Promise<never> {
  return async () => {
    throw new GyreError({
      kind: 'internal',
      code: 'cli/no-server',
      message: `gyre ${command.name} said that it needs no server, and called one`,
    });
  };
}

function text(value: string | number | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
