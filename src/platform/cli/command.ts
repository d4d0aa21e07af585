import type { Static, TSchema } from 'typebox';
import type { RouteContract } from '#platform/http/api';

/** One flag of a command. */
export interface CommandFlag {
  /** Without dashes: `port`. */
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean';
  readonly summary: string;
  /** Shown in help as the placeholder: `N`, `DIR`. */
  readonly placeholder?: string;
}

/** Where a command writes: stdout is the answer, stderr is everything else. */
export interface CommandIo {
  readonly isTerminal: boolean;
  /** Writes to stdout, with a newline. */
  answer(text: string): void;
  /** Writes a progress or explanation line to stderr, with a newline. */
  note(text: string): void;
  /** Prints a table: aligned on a terminal, tab-separated with header elsewhere. */
  table(columns: readonly string[], rows: readonly (readonly string[])[]): void;
}

/** Calls a route of the running server; throws the GyreError that the problem document describes. */
export type ApiCall = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  contract: RouteContract<P, Q, B, A>,
  input?: {
    readonly params?: Static<P>;
    readonly query?: Static<Q>;
    readonly body?: Static<B>;
    readonly bytes?: Uint8Array;
    readonly idempotencyKey?: string;
  },
) => Promise<Static<A>>;

/** What a command works with. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Whether `--json` was given: then only JSON goes to stdout. */
  readonly json: boolean;
  readonly io: CommandIo;
  readonly call: ApiCall;
  /** Base URL of the server that answers, such as `http://127.0.0.1:4973`. */
  readonly serverUrl: string;
  /** Project named by `--project`, or by the project file found upwards, or the only one there is. */
  project(): Promise<string>;
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Folder of the embedded store, absolute: `--data`, `GYRE_DATA`, the nearest `.gyre` upwards, or `.gyre` here. */
  readonly dataFolder: string;
}

/** One command: `gyre <noun> <verb>` or a daily verb. */
export interface Command {
  /** Words behind `gyre`: `audit verify`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments, for help: `TURN`. At most two; a trailing `?` marks an optional one. */
  readonly positionals: readonly string[];
  readonly flags: readonly CommandFlag[];
  /**
   * What must be there before it runs. `server` (default): a running server, or one started for the command on an existing store;
   * `store`: the same, and the store may be made; `nothing`: no server, `call` and `project` throw.
   */
  readonly needs?: 'server' | 'store' | 'nothing';
  /** At least two. */
  readonly examples: readonly string[];
  /** Does it and returns the exit code of `reference/ui.md` §5.3 (0 done, 6 fail, 7 undecided, 8 still running …). Throws GyreError for failures. */
  run(context: CommandContext): Promise<number>;
}

/**
 * Declares a command.
 *
 * @param command - The command.
 * @returns The same.
 */
export function defineCommand(command: Command): Command {
  return command;
}
