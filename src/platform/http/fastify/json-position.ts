/** Where a JSON text stops being JSON. */
export interface JsonFault {
  /** From 0, in UTF-16 units. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

const LITERAL = /(?:true|false|null)\b/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

/** Gives the end of the token that starts at `at`, or `at` when there is none. */
type Scan = (text: string, at: number) => number;

const scanNumber: Scan = (text, at) => skip(NUMBER, text, at);
const scanLiteral: Scan = (text, at) => skip(LITERAL, text, at);

type Expectation = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close' | 'end';

/** Finds the first place at which a text is not JSON any more (RFC 8259); called only for text that JSON.parse refused. */
export function findJsonFault(text: string): JsonFault {
  const offset = faultOffset(text);
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset, line: before.split('\n').length, column: offset - lineStart + 1 };
}

function faultOffset(text: string): number {
  const open: string[] = [];
  let expected: Expectation = 'value';
  let at = skip(SPACE, text, 0);
  while (at < text.length) {
    const next = advance(text, at, expected, open);
    if (next === undefined) return at;
    expected = next.expected;
    at = skip(SPACE, text, next.at);
  }
  return at;
}

interface Advance {
  readonly at: number;
  readonly expected: Expectation;
}

function advance(text: string, at: number, expected: Expectation, open: string[]): Advance | undefined {
  const character = text[at] ?? '';
  const isClosing = character === ']' || character === '}';
  if (isClosing && expected.endsWith('close')) return close(character, at, open);
  if (expected.startsWith('value')) return value(text, at, open);
  if (expected.startsWith('key')) return token(text, at, [scanString], 'colon');
  if (expected === 'colon' && character === ':') return { at: at + 1, expected: 'value' };
  if (expected === 'comma-or-close' && character === ',') return { at: at + 1, expected: memberOf(open) };
  return undefined;
}

function memberOf(open: readonly string[]): Expectation {
  return open.at(-1) === '{' ? 'key' : 'value';
}

function value(text: string, at: number, open: string[]): Advance | undefined {
  const character = text[at] ?? '';
  if (character !== '{' && character !== '[') return token(text, at, [scanString, scanNumber, scanLiteral], afterValue(open));
  open.push(character);
  return { at: at + 1, expected: character === '{' ? 'key-or-close' : 'value-or-close' };
}

function close(character: string, at: number, open: string[]): Advance | undefined {
  if (open.at(-1) !== (character === '}' ? '{' : '[')) return undefined;
  open.pop();
  return { at: at + 1, expected: afterValue(open) };
}

function token(text: string, at: number, scans: readonly Scan[], expected: Expectation): Advance | undefined {
  for (const scan of scans) {
    const end = scan(text, at);
    if (end > at) return { at: end, expected };
  }
  return undefined;
}

function afterValue(open: readonly string[]): Expectation {
  return open.length === 0 ? 'end' : 'comma-or-close';
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** RFC 8259 §7; a loop instead of a pattern, because patterns for strings of a megabyte exhaust the engine's stack. */
function scanString(text: string, start: number): number {
  if (text[start] !== '"') return start;
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return start;
    const end = code === 0x5c ? skip(ESCAPE, text, at) : at + 1;
    if (end === at) return start;
    at = end;
  }
  return start;
}
