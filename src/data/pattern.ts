import { GyreError } from '#kernel';
import { type CharacterSet, type PatternState, parsePattern } from './pattern-syntax.ts';

/** A compiled pattern: answers whether it occurs anywhere in a text, in time linear in the text. */
export type Pattern = (text: string) => boolean;

/**
 * Compiles a pattern of the syntax that RE2 and ECMAScript read alike: literals, `.`, classes, `\d \w \s`, groups, `|`,
 * `* + ? {m,n}`, `^` and `$`. No back-references and no look-around, so that no text can make it slow.
 *
 * @param source - The pattern.
 * @returns The matcher; it agrees with DuckDB's `regexp_matches`.
 * @throws {@link GyreError} `data/bad-pattern` for anything else, with the position.
 * @see https://swtch.com/~rsc/regexp/regexp2.html for the simulation, https://github.com/google/re2/wiki/Syntax for the syntax
 * @example
 * ```ts
 * compilePattern('^[A-Z]{3}$')('SFO'); // => true
 * ```
 */
export function compilePattern(source: string): Pattern {
  const states = parsePattern(source);
  return (text) => simulate(states, text);
}

/** Says what is wrong with a pattern, or nothing. */
export function patternProblem(source: string): string | undefined {
  try {
    parsePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof GyreError) return error.message;
    throw error;
  }
}

interface Place {
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

function simulate(states: readonly PatternState[], text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let active: ReadonlySet<number> = new Set();
  for (let position = 0; position <= points.length; position += 1) {
    const here = new Set(active);
    // The pattern may begin anywhere: its first state joins at every position.
    if (follow(states, 0, { atStart: position === 0, atEnd: position === points.length }, here)) return true;
    const after = step(states, here, { point: points[position], isLast: position + 1 === points.length });
    if (after === undefined) return position < points.length;
    active = after;
  }
  return false;
}

/** Gives the states behind one character, or undefined when the pattern is complete there, or the text is at its end. */
function step(
  states: readonly PatternState[],
  active: ReadonlySet<number>,
  read: { readonly point: number | undefined; readonly isLast: boolean },
): ReadonlySet<number> | undefined {
  const { point } = read;
  if (point === undefined) return undefined;
  const after = new Set<number>();
  for (const index of active) {
    const state = states[index];
    const isThrough = state?.kind === 'set' && contains(state.set, point);
    if (isThrough && follow(states, state.next, { atStart: false, atEnd: read.isLast }, after)) return undefined;
  }
  return after;
}

/** Adds a state and all that are reached without a character; tells whether the end of the pattern is among them. */
function follow(states: readonly PatternState[], from: number, place: Place, into: Set<number>): boolean {
  const open = [from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const state = states[index];
    if (state === undefined || into.has(index)) continue;
    if (state.kind === 'accept') return true;
    into.add(index);
    open.push(...jumpsOf(state, place));
  }
  return false;
}

function jumpsOf(state: PatternState, place: Place): readonly number[] {
  if (state.kind === 'split') return [state.other, state.next];
  if (state.kind === 'start') return place.atStart ? [state.next] : [];
  if (state.kind === 'end') return place.atEnd ? [state.next] : [];
  return [];
}

function contains(set: CharacterSet, point: number): boolean {
  for (let i = 0; i < set.ranges.length; i += 2) {
    if (point >= (set.ranges[i] ?? 0) && point <= (set.ranges[i + 1] ?? -1)) return !set.negated;
  }
  return set.negated;
}
