import { GyreError } from '#kernel';

/** One state of the automaton: a character set that leads to `next`, or a jump without a character. */
export type PatternState =
  | { readonly kind: 'set'; readonly set: CharacterSet; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'start' | 'end'; next: number }
  | { readonly kind: 'accept' };

/** Code point ranges, both ends included, as pairs in one list; `negated` turns it round. */
export interface CharacterSet {
  readonly ranges: readonly number[];
  readonly negated: boolean;
}

const LARGEST_REPEAT = 1000;
const MOST_STATES = 10_000;
const MOST_NESTING = 50;

type Node =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly least: number; readonly most: number };

interface Cursor {
  readonly points: readonly string[];
  at: number;
  depth: number;
}

const DIGIT = [48, 57];
const WORD = [48, 57, 65, 90, 95, 95, 97, 122];
const SPACE = [9, 10, 12, 13, 32, 32];
const CLASS_ESCAPES: Readonly<Record<string, readonly number[]>> = { d: DIGIT, w: WORD, s: SPACE };
const CONTROL_ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const LAST_POINT = 0x10ffff;

/** Parses a pattern into the states of its automaton; state 0 is the first. Throws `data/bad-pattern`. */
export function parsePattern(source: string): readonly PatternState[] {
  const cursor: Cursor = { points: Array.from(source), at: 0, depth: 0 };
  const node = parseChoice(cursor);
  if (cursor.at < cursor.points.length) throw bad(cursor, 'a closing bracket without its opening one');
  const states: PatternState[] = [];
  // The first state is a jump, so that it is always number 0 whatever follows.
  states.push({ kind: 'split', next: 1, other: 1 });
  emit(states, node, cursor);
  states.push({ kind: 'accept' });
  return states;
}

function parseChoice(cursor: Cursor): Node {
  const items = [parseSequence(cursor)];
  while (take(cursor, '|')) items.push(parseSequence(cursor));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'choice', items };
}

function parseSequence(cursor: Cursor): Node {
  const items: Node[] = [];
  for (let next = cursor.points[cursor.at]; next !== undefined && next !== '|' && next !== ')'; next = cursor.points[cursor.at]) {
    items.push(parseRepeat(cursor));
  }
  return { kind: 'sequence', items };
}

function parseRepeat(cursor: Cursor): Node {
  const item = parseAtom(cursor);
  const bounds = parseBounds(cursor);
  if (bounds === undefined) return item;
  // A lazy quantifier matches the same texts.
  take(cursor, '?');
  const next = cursor.points[cursor.at] ?? '';
  if (next !== '' && '*+?{'.includes(next)) throw bad(cursor, 'a quantifier behind a quantifier');
  if (item.kind === 'start' || item.kind === 'end') throw bad(cursor, 'a quantifier behind an anchor');
  return { kind: 'repeat', item, ...bounds };
}

function parseBounds(cursor: Cursor): { readonly least: number; readonly most: number } | undefined {
  if (take(cursor, '*')) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (take(cursor, '+')) return { least: 1, most: Number.POSITIVE_INFINITY };
  if (take(cursor, '?')) return { least: 0, most: 1 };
  if (cursor.points[cursor.at] !== '{') return undefined;
  const match = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(cursor.points.slice(cursor.at, cursor.at + 12).join(''));
  if (match === null) throw bad(cursor, 'a brace that is no {m}, {m,} or {m,n}; write \\{ for the character');
  const least = Number(match[1]);
  const openEnd = match[2] === undefined ? least : Number.POSITIVE_INFINITY;
  const most = match[3] === undefined ? openEnd : Number(match[3]);
  if (least > LARGEST_REPEAT || (most > LARGEST_REPEAT && Number.isFinite(most)) || most < least) {
    throw bad(cursor, `a repetition outside 0 to ${String(LARGEST_REPEAT)}`);
  }
  cursor.at += match[0].length;
  return { least, most };
}

function parseAtom(cursor: Cursor): Node {
  const point = cursor.points[cursor.at] ?? '';
  if (point === '(') return parseGroup(cursor);
  if (point === '[') return { kind: 'set', set: parseClass(cursor) };
  if (point === '\\') return { kind: 'set', set: parseEscape(cursor) };
  if ('*+?{}]'.includes(point)) throw bad(cursor, `"${point}" without something before it; write \\${point} for the character`);
  cursor.at += 1;
  if (point === '^') return { kind: 'start' };
  if (point === '$') return { kind: 'end' };
  if (point === '.') return { kind: 'set', set: { ranges: [10, 10], negated: true } };
  return { kind: 'set', set: single(point.codePointAt(0) ?? 0) };
}

function parseGroup(cursor: Cursor): Node {
  cursor.at += 1;
  cursor.depth += 1;
  if (cursor.depth > MOST_NESTING) throw bad(cursor, 'too many groups in groups');
  if (take(cursor, '?') && !take(cursor, ':')) throw bad(cursor, 'only (…) and (?:…) are groups');
  const node = parseChoice(cursor);
  if (!take(cursor, ')')) throw bad(cursor, 'a group without its closing bracket');
  cursor.depth -= 1;
  return node;
}

function parseClass(cursor: Cursor): CharacterSet {
  cursor.at += 1;
  const negated = take(cursor, '^');
  const ranges: number[] = [];
  while (cursor.points[cursor.at] !== ']') {
    if (cursor.at >= cursor.points.length) throw bad(cursor, 'a class without its closing bracket');
    const low = parseClassItem(cursor);
    const next = cursor.points[cursor.at + 1];
    if (cursor.points[cursor.at] !== '-' || next === ']' || next === undefined) {
      ranges.push(...low.ranges);
      continue;
    }
    cursor.at += 1;
    ranges.push(...rangeBetween(cursor, low, parseClassItem(cursor)));
  }
  if (ranges.length === 0) throw bad(cursor, 'an empty class');
  cursor.at += 1;
  return { ranges, negated };
}

function rangeBetween(cursor: Cursor, low: CharacterSet, high: CharacterSet): readonly number[] {
  const [from = 0, fromEnd] = low.ranges;
  const [to = 0, toEnd] = high.ranges;
  if (low.ranges.length !== 2 || high.ranges.length !== 2 || from !== fromEnd || to !== toEnd || to < from) {
    throw bad(cursor, 'a range whose ends are not two characters in order');
  }
  return [from, to];
}

function parseClassItem(cursor: Cursor): CharacterSet {
  const point = cursor.points[cursor.at] ?? '';
  if (point === '[') throw bad(cursor, '"[" inside a class; write \\[ for the character');
  if (point !== '\\') {
    cursor.at += 1;
    return single(point.codePointAt(0) ?? 0);
  }
  const set = parseEscape(cursor);
  if (!set.negated) return set;
  return { ranges: complement(set.ranges), negated: false };
}

function complement(ranges: readonly number[]): readonly number[] {
  const out: number[] = [];
  let from = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const low = ranges[i] ?? 0;
    if (low > from) out.push(from, low - 1);
    from = (ranges[i + 1] ?? 0) + 1;
  }
  if (from <= LAST_POINT) out.push(from, LAST_POINT);
  return out;
}

function parseEscape(cursor: Cursor): CharacterSet {
  const letter = cursor.points[cursor.at + 1] ?? '';
  const known = CLASS_ESCAPES[letter.toLowerCase()];
  const control = CONTROL_ESCAPES[letter];
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(cursor.points.slice(cursor.at, cursor.at + 4).join(''));
  if (hex !== null) {
    cursor.at += 4;
    return single(Number.parseInt(hex[1] ?? '', 16));
  }
  cursor.at += 2;
  if (known !== undefined) return { ranges: known, negated: letter !== letter.toLowerCase() };
  if (control !== undefined) return single(control);
  if (/^[!-/:-@[-`{-~]$/.test(letter)) return single(letter.codePointAt(0) ?? 0);
  throw bad(cursor, `"\\${letter}" is not supported`);
}

function single(point: number): CharacterSet {
  return { ranges: [point, point], negated: false };
}

function emit(states: PatternState[], node: Node, cursor: Cursor): void {
  if (states.length > MOST_STATES) throw bad(cursor, 'the pattern is too large');
  if (node.kind === 'set') states.push({ kind: 'set', set: node.set, next: states.length + 1 });
  else if (node.kind === 'sequence') for (const item of node.items) emit(states, item, cursor);
  else if (node.kind === 'choice') emitChoice(states, node.items, cursor);
  else if (node.kind === 'repeat') emitRepeat(states, node, cursor);
  else states.push({ kind: node.kind, next: states.length + 1 });
}

function emitChoice(states: PatternState[], items: readonly Node[], cursor: Cursor): void {
  const ends: { next: number; other: number }[] = [];
  items.forEach((item, index) => {
    if (index === items.length - 1) {
      emit(states, item, cursor);
      return;
    }
    const fork = jump(states, states.length + 1);
    emit(states, item, cursor);
    ends.push(jump(states, 0));
    fork.other = states.length;
  });
  for (const end of ends) {
    end.next = states.length;
    end.other = states.length;
  }
}

function emitRepeat(states: PatternState[], node: Node & { readonly kind: 'repeat' }, cursor: Cursor): void {
  for (let i = 0; i < node.least; i += 1) emit(states, node.item, cursor);
  if (node.most === Number.POSITIVE_INFINITY) {
    const entry = states.length;
    const loop = jump(states, entry + 1);
    emit(states, node.item, cursor);
    jump(states, entry);
    loop.other = states.length;
    return;
  }
  const exits: { other: number }[] = [];
  for (let i = node.least; i < node.most; i += 1) {
    exits.push(jump(states, states.length + 1));
    emit(states, node.item, cursor);
  }
  for (const exit of exits) exit.other = states.length;
}

/** Adds a jump to a state; its second way is the same until it is set. */
function jump(states: PatternState[], to: number): { next: number; other: number } {
  const state = { kind: 'split' as const, next: to, other: to };
  states.push(state);
  return state;
}

function take(cursor: Cursor, point: string): boolean {
  if (cursor.points[cursor.at] !== point) return false;
  cursor.at += 1;
  return true;
}

function bad(cursor: Cursor, what: string): GyreError {
  return new GyreError({
    kind: 'invalid',
    code: 'data/bad-pattern',
    message: `the pattern "${cursor.points.join('').slice(0, 80)}" has ${what} (near character ${String(cursor.at + 1)})`,
  });
}
