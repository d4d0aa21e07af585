import { GyreError } from '#kernel';

/** One word of an expression. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  /** As written; of a text, its content. */
  readonly text: string;
  readonly at: number;
}

/** Longest expression, characters. */
export const LONGEST_EXPRESSION = 2000;

const SPACE = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const TEXT = /'((?:[^']|'')*)'/y;
const SIGN = /<=|>=|!=|<>|==|[-+*/%<>=(),]/y;

/** Cuts an expression into words. Throws `features/bad-expression`, `features/too-large`. */
export function tokenize(source: string): readonly Token[] {
  if (source.length > LONGEST_EXPRESSION) {
    throw new GyreError({
      kind: 'invalid',
      code: 'features/too-large',
      message: `an expression has ${String(source.length)} characters; at most ${String(LONGEST_EXPRESSION)}`,
    });
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const space = matchAt(SPACE, source, at);
    at += space?.[0].length ?? 0;
    if (at >= source.length) break;
    const token = tokenAt(source, at);
    tokens.push(token.token);
    at += token.length;
  }
  tokens.push({ kind: 'end', text: 'the end', at: source.length });
  return tokens;
}

function tokenAt(source: string, at: number): { readonly token: Token; readonly length: number } {
  for (const [kind, pattern] of [
    ['number', NUMBER],
    ['name', NAME],
    ['text', TEXT],
    ['sign', SIGN],
  ] as const) {
    const match = matchAt(pattern, source, at);
    if (match === null) continue;
    if (match[0].includes('\0')) throw expressionError(source, at, 'the NUL character in a text');
    const text = kind === 'text' ? (match[1] ?? '').replaceAll("''", "'") : match[0];
    return { token: { kind, text, at }, length: match[0].length };
  }
  const found = source.slice(at, at + 1);
  throw expressionError(source, at, found === "'" ? 'a text without its closing quote' : `"${found}" means nothing here`);
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** An error about one place of an expression. */
export function expressionError(source: string, at: number, what: string, code = 'features/bad-expression'): GyreError {
  return new GyreError({
    kind: 'invalid',
    code,
    message: `the expression "${source.length > 120 ? `${source.slice(0, 117)}…` : source}" has ${what}, at character ${String(at + 1)}`,
    data: { at },
  });
}
