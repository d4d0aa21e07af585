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

function simulate(states: readonly PatternState[], text: string): boolean {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let active = new Set<number>();
  for (let position = 0; position <= points.length; position += 1) {
    const place = { atStart: position === 0, atEnd: position === points.length };
    // The pattern may begin anywhere: its first state joins at every position.
    if (follow(states, 0, place, active)) return true;
    const point = points[position];
    if (point === undefined) return false;
    const after = new Set<number>();
    const nextPlace = { atStart: false, atEnd: position + 1 === points.length };
    for (const index of active) {
      const state = states[index];
      if (state?.kind === 'set' && contains(state.set, point) && follow(states, state.next, nextPlace, after)) return true;
    }
    active = after;
  }
  return false;
}

/** Adds a state and all that are reached without a character; tells whether the end of the pattern is among them. */
function follow(
  states: readonly PatternState[],
  from: number,
  place: { readonly atStart: boolean; readonly atEnd: boolean },
  into: Set<number>,
): boolean {
  const open = [from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const state = states[index];
    if (state === undefined || into.has(index)) continue;
    if (state.kind === 'accept') return true;
    into.add(index);
    if (state.kind === 'split') open.push(state.other, state.next);
    if (state.kind === 'start' && place.atStart) open.push(state.next);
    if (state.kind === 'end' && place.atEnd) open.push(state.next);
  }
  return false;
}

function contains(set: CharacterSet, point: number): boolean {
  for (let i = 0; i < set.ranges.length; i += 2) {
    if (point >= (set.ranges[i] ?? 0) && point <= (set.ranges[i + 1] ?? -1)) return !set.negated;
  }
  return set.negated;
}
