import { parseArgs } from 'node:util';
import { didYouMean, GyreError } from '#kernel';
import type { Command, CommandFlag } from './command.ts';
import { GLOBAL_FLAGS } from './flags.ts';

/** Flags by name; a flag that was not given is undefined. */
export type FlagValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** What stands behind the command's words. */
export interface ParsedArguments {
  readonly args: readonly string[];
  readonly flags: FlagValues;
}

/**
 * Finds the words of a command among flags: the longest name that the line starts with.
 *
 * @param line - The command line behind `gyre`.
 * @param names - Every command's name: one or two words.
 * @returns The name and the rest of the line; name undefined when there are no words at all.
 * @throws {@link GyreError} `cli/unknown-command` with the nearest name.
 * @example
 * ```ts
 * findCommand(['--json', 'audit', 'verify', 'x'], ['audit verify']).rest; // => ['--json', 'x']
 * ```
 */
export function findCommand(
  line: readonly string[],
  names: readonly string[],
): { readonly name: string | undefined; readonly rest: readonly string[] } {
  const places = wordPlaces(line);
  const words = places.map((place) => line[place] ?? '');
  if (words.length === 0) return { name: undefined, rest: line };
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    if (words.length >= count && names.includes(name)) {
      const used = new Set(places.slice(0, count));
      return { name, rest: line.filter((_, index) => !used.has(index)) };
    }
  }
  throw unknownCommand(words, names);
}

/** Gives the places of the first two words that are neither flags nor their values. */
function wordPlaces(line: readonly string[]): readonly number[] {
  const end = line.includes('--') ? line.indexOf('--') : line.length;
  const places: number[] = [];
  for (let at = 0; at < end && places.length < 2; at += 1) {
    const word = line[at] ?? '';
    if (!word.startsWith('-')) places.push(at);
    else if (takesNextWord(word)) at += 1;
    // A flag that only the command knows ends its words: what follows may be the flag's value.
    else if (places.length > 0) break;
  }
  return places;
}

function takesNextWord(word: string): boolean {
  if (word.includes('=')) return false;
  const flag = GLOBAL_FLAGS.find(({ name, short }) => word === `--${name}` || (short !== undefined && word === `-${short}`));
  return flag !== undefined && flag.kind !== 'boolean';
}

function unknownCommand(words: readonly string[], names: readonly string[]): GyreError {
  const [first = '', second = ''] = words;
  const verbs = names.filter((name) => name.startsWith(`${first} `));
  const isNoun = verbs.length > 0;
  const written = isNoun ? `${first} ${second}`.trim() : first;
  return new GyreError({
    kind: 'invalid',
    code: 'cli/unknown-command',
    message: `there is no command "gyre ${written.slice(0, 80)}"${didYouMean(written, names)}`,
    help: isNoun
      ? `"${first}" has: ${verbs.map((verb) => verb.slice(first.length + 1)).join(', ')}`
      : 'gyre help lists all commands',
  });
}

/**
 * Parses what stands behind the words of a command.
 *
 * @param command - The command: its flags and positionals.
 * @param rest - The line without the command's words.
 * @returns Arguments and flags, numbers converted.
 * @throws {@link GyreError} `cli/unknown-flag`, `cli/bad-flag`, `cli/missing-argument`, `cli/extra-argument`.
 */
export function parseArguments(command: Command, rest: readonly string[]): ParsedArguments {
  const known = [...GLOBAL_FLAGS, ...command.flags];
  const { positionals, tokens } = parseArgs({
    args: [...rest],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(known.map((flag) => [flag.name, optionOf(flag)])),
  });
  const flags: Record<string, string | number | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'option') flags[token.name] = flagValue(command, known, token);
  }
  if (flags['help'] !== true) requirePositionals(command, positionals);
  return { args: positionals, flags };
}

function optionOf(flag: CommandFlag & { readonly short?: string }): { type: 'boolean' | 'string'; short?: string } {
  const type = flag.kind === 'boolean' ? 'boolean' : 'string';
  return flag.short === undefined ? { type } : { type, short: flag.short };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

function flagValue(command: Command, known: readonly CommandFlag[], token: OptionToken): string | number | boolean {
  const flag = known.find(({ name }) => name === token.name);
  if (flag === undefined) {
    const near = didYouMean(
      token.name,
      known.map(({ name }) => name),
    ).replace(/"([^"]+)"/, '"--$1"');
    throw new GyreError({
      kind: 'invalid',
      code: 'cli/unknown-flag',
      message: `gyre ${command.name} has no flag "${token.rawName.slice(0, 80)}"${near}`,
      help: `gyre ${command.name} --help`,
    });
  }
  if (flag.kind === 'boolean') {
    if (token.value !== undefined) throw badFlag(`--${flag.name} takes no value; got "${token.value.slice(0, 80)}"`);
    return true;
  }
  if (token.value === undefined) throw badFlag(`--${flag.name} needs a value: --${flag.name} ${flag.placeholder ?? 'VALUE'}`);
  return flag.kind === 'number' ? numberOf(flag.name, token.value) : token.value;
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw badFlag(`--${name} needs a number; got "${text.slice(0, 80)}"`);
}

function badFlag(message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'cli/bad-flag', message });
}

function requirePositionals(command: Command, given: readonly string[]): void {
  const missing = command.positionals.slice(given.length).find((name) => !name.endsWith('?'));
  const usage = `gyre ${[command.name, ...command.positionals.map((name) => (name.endsWith('?') ? `[${name.slice(0, -1)}]` : name))].join(' ')}`;
  if (missing !== undefined) {
    throw new GyreError({ kind: 'invalid', code: 'cli/missing-argument', message: `${missing} is missing; write: ${usage}` });
  }
  const extra = given[command.positionals.length];
  if (extra !== undefined) {
    throw new GyreError({
      kind: 'invalid',
      code: 'cli/extra-argument',
      message: `"${extra.slice(0, 80)}" is one argument too many; write: ${usage}`,
    });
  }
}
