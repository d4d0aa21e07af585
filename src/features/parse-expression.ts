import { didYouMean, type GyreError } from '#kernel';
import type { Expression, ExpressionType, OperationName } from './expression.ts';
import { FUNCTION_NAMES, typeCall } from './operations.ts';
import { expressionError, type Token, tokenize } from './tokens.ts';

/** Columns an expression may name. */
export type ColumnScope = ReadonlyMap<string, { readonly type: ExpressionType; readonly isWhole: boolean }>;

const MOST_DEPTH = 40;
/** Most operations on one way from the whole to a leaf: chains and brackets together. */
const MOST_LEVELS = 100;
const RESERVED = new Set(['and', 'or', 'not', 'in', 'is', 'missing', 'true', 'false']);

interface Cursor {
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly scope: ColumnScope;
  at: number;
  depth: number;
}

/**
 * Parses an expression of the feature language and gives each part its type.
 *
 * Loosest first: `or`; `and`; `not`; comparisons `= != < <= > >=`, `in (…)`, `is missing`, `is not missing`; `+ -`; `* / %`; unary `-`;
 * numbers, 'texts', `true`, `false`, column names, functions, brackets.
 *
 * @param source - Text, at most 2,000 characters.
 * @param scope - Columns by name.
 * @returns The typed expression.
 * @throws {@link GyreError} `features/bad-expression`, `features/unknown-name` with the nearest name, `features/wrong-type`, `features/too-large`.
 */
export function parseExpression(source: string, scope: ColumnScope): Expression {
  const cursor: Cursor = { source, tokens: tokenize(source), scope, at: 0, depth: 0 };
  const expression = parseOr(cursor);
  const rest = peek(cursor);
  if (rest.kind !== 'end') throw unexpected(cursor, rest);
  if (levelsOf(expression) > MOST_LEVELS) throw tooDeep(cursor, MOST_LEVELS);
  return expression;
}

function levelsOf(expression: Expression): number {
  return expression.op === 'call' ? 1 + Math.max(0, ...expression.args.map(levelsOf)) : 0;
}

function parseOr(cursor: Cursor): Expression {
  return parseChain(cursor, parseAnd, { or: 'or' });
}

function parseAnd(cursor: Cursor): Expression {
  return parseChain(cursor, parseNot, { and: 'and' });
}

function parseNot(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (!take(cursor, 'not')) return parseComparison(cursor);
  return deeper(cursor, () => call(cursor, 'not', [parseNot(cursor)], token.at));
}

const COMPARISONS: Readonly<Record<string, OperationName>> = {
  '=': 'equal',
  '==': 'equal',
  '!=': 'not-equal',
  '<>': 'not-equal',
  '<': 'less',
  '<=': 'less-or-equal',
  '>': 'greater',
  '>=': 'greater-or-equal',
};

function parseComparison(cursor: Cursor): Expression {
  const left = parseSum(cursor);
  const token = peek(cursor);
  if (take(cursor, 'is')) return parseMissing(cursor, left, token.at);
  if (take(cursor, 'in')) return parseMembership(cursor, left, token.at);
  if (token.kind === 'name' && token.text === 'not') {
    cursor.at += 1;
    if (!take(cursor, 'in')) throw unexpected(cursor, peek(cursor), '"in"');
    return call(cursor, 'not', [parseMembership(cursor, left, token.at)], token.at);
  }
  const name = token.kind === 'sign' ? COMPARISONS[token.text] : undefined;
  if (name === undefined) return left;
  cursor.at += 1;
  return call(cursor, name, [left, parseSum(cursor)], token.at);
}

function parseMissing(cursor: Cursor, left: Expression, at: number): Expression {
  const isNegated = take(cursor, 'not');
  if (!take(cursor, 'missing')) throw unexpected(cursor, peek(cursor), '"missing"');
  const test = call(cursor, 'is-missing', [left], at);
  return isNegated ? call(cursor, 'not', [test], at) : test;
}

function parseMembership(cursor: Cursor, left: Expression, at: number): Expression {
  if (!take(cursor, '(')) throw unexpected(cursor, peek(cursor), '"("');
  const members = parseArguments(cursor);
  const variable = members.find((member) => member.op !== 'constant');
  if (variable !== undefined)
    throw expressionError(cursor.source, variable.at, 'something other than a constant in the list of "in"');
  return call(cursor, 'in', [left, ...members], at);
}

function parseSum(cursor: Cursor): Expression {
  return parseChain(cursor, parseProduct, { '+': 'add', '-': 'subtract' });
}

function parseProduct(cursor: Cursor): Expression {
  return parseChain(cursor, parseUnary, { '*': 'multiply', '/': 'divide', '%': 'modulo' });
}

function parseUnary(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (!take(cursor, '-')) return parsePrimary(cursor);
  return deeper(cursor, () => {
    const operand = parseUnary(cursor);
    if (operand.op === 'constant' && typeof operand.value === 'number')
      return { ...operand, value: 0 - operand.value, at: token.at };
    return call(cursor, 'negate', [operand], token.at);
  });
}

function parsePrimary(cursor: Cursor): Expression {
  const token = peek(cursor);
  cursor.at += 1;
  if (token.kind === 'number') return parseNumber(cursor, token);
  if (token.kind === 'text') return constant(token.text, 'category', token.at);
  if (token.kind === 'name') return parseName(cursor, token);
  if (token.kind === 'sign' && token.text === '(') {
    return deeper(cursor, () => {
      const inner = parseOr(cursor);
      if (!take(cursor, ')')) throw unexpected(cursor, peek(cursor), '")"');
      return inner;
    });
  }
  throw unexpected(cursor, token, 'a value');
}

function parseNumber(cursor: Cursor, token: Token): Expression {
  const value = Number(token.text);
  if (!Number.isFinite(value)) throw expressionError(cursor.source, token.at, 'a number too large to hold');
  return constant(value, 'number', token.at);
}

function parseName(cursor: Cursor, token: Token): Expression {
  if (token.text === 'true' || token.text === 'false') return constant(token.text === 'true', 'boolean', token.at);
  if (take(cursor, '(')) return parseFunction(cursor, token);
  if (RESERVED.has(token.text)) throw unexpected(cursor, token, 'a value');
  const column = cursor.scope.get(token.text);
  if (column !== undefined) return { op: 'column', name: token.text, ...column, at: token.at };
  const hint = didYouMean(token.text, cursor.scope.keys());
  throw expressionError(cursor.source, token.at, `no column "${token.text}" to read${hint}`, 'features/unknown-name');
}

function parseFunction(cursor: Cursor, token: Token): Expression {
  const name = FUNCTION_NAMES.find((known) => known === token.text);
  if (name === undefined) {
    const hint = didYouMean(token.text, FUNCTION_NAMES);
    throw expressionError(cursor.source, token.at, `no function "${token.text}"${hint}`, 'features/unknown-name');
  }
  return call(cursor, name, parseArguments(cursor), token.at);
}

/** Reads what stands between an opening bracket that was taken and its closing one. */
function parseArguments(cursor: Cursor): readonly Expression[] {
  return deeper(cursor, () => {
    const args: Expression[] = [];
    if (take(cursor, ')')) return args;
    do {
      args.push(parseOr(cursor));
    } while (take(cursor, ','));
    if (!take(cursor, ')')) throw unexpected(cursor, peek(cursor), '")" or ","');
    return args;
  });
}

function parseChain(
  cursor: Cursor,
  parseOperand: (cursor: Cursor) => Expression,
  signs: Readonly<Record<string, OperationName>>,
): Expression {
  let left = parseOperand(cursor);
  for (let links = 0; ; links += 1) {
    const token = peek(cursor);
    const name = token.kind === 'sign' || token.kind === 'name' ? ownValue(signs, token.text) : undefined;
    if (name === undefined) return left;
    if (links > MOST_DEPTH) throw tooDeep(cursor);
    cursor.at += 1;
    left = call(cursor, name, [left, parseOperand(cursor)], token.at);
  }
}

function ownValue(record: Readonly<Record<string, OperationName>>, key: string): OperationName | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function call(cursor: Cursor, name: OperationName, args: readonly Expression[], at: number): Expression {
  const typed = typeCall(name, args);
  if ('problem' in typed) throw expressionError(cursor.source, at, typed.problem, 'features/wrong-type');
  if ('constant' in typed) return constant(typed.constant, 'time', at);
  return { op: 'call', name, args, ...typed, at };
}

function constant(value: number | string | boolean, type: ExpressionType, at: number): Expression {
  return { op: 'constant', value, type, isWhole: typeof value === 'number' && Number.isSafeInteger(value), at };
}

function deeper<T>(cursor: Cursor, parse: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > MOST_DEPTH) throw tooDeep(cursor);
  const result = parse();
  cursor.depth -= 1;
  return result;
}

function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.at] ?? { kind: 'end', text: 'the end', at: cursor.source.length };
}

function take(cursor: Cursor, text: string): boolean {
  const token = peek(cursor);
  if (token.text !== text || (token.kind !== 'sign' && token.kind !== 'name')) return false;
  cursor.at += 1;
  return true;
}

function tooDeep(cursor: Cursor, limit = MOST_DEPTH): GyreError {
  return expressionError(cursor.source, peek(cursor).at, `more than ${String(limit)} parts in one another`, 'features/too-large');
}

function unexpected(cursor: Cursor, token: Token, expected?: string): GyreError {
  const found = token.kind === 'end' ? 'its end' : `"${token.text}"`;
  return expressionError(
    cursor.source,
    token.at,
    expected === undefined ? `${found} too much` : `${found} where ${expected} should be`,
  );
}
