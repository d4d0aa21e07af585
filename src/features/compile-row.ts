import type { Column } from '#kernel';
import type { CallExpression, Expression, OperationName } from './expression.ts';
import { canOverflow, passesOverflow } from './operations.ts';

/** The columns that a compiled expression reads, in its own order. */
export type Slots = readonly Column[];

/** Gives the value of a row: truth values as 0 and 1, times in milliseconds, NaN for missing. */
export type NumberReader = (slots: Slots, row: number) => number;

/** Gives the text of a row, undefined for missing. */
export type TextReader = (slots: Slots, row: number) => string | undefined;

/**
 * Compiles an expression of type number, boolean or time for one row of typed columns. It gives the same value as the SQL of `compileSql`.
 *
 * @param expression - Typed expression.
 * @param slotOf - Place of each column among the slots.
 * @returns A function without state; it allocates nothing but texts that `concat` makes.
 */
export function compileNumber(expression: Expression, slotOf: ReadonlyMap<string, number>): NumberReader {
  const read = compileUnchecked(expression, slotOf);
  if (!canOverflow(expression)) return read;
  return (slots, row) => {
    const value = read(slots, row);
    return Number.isFinite(value) ? value : Number.NaN;
  };
}

/** Compiles an expression whose value may be an infinity where `canOverflow` says so. */
function compileUnchecked(expression: Expression, slotOf: ReadonlyMap<string, number>): NumberReader {
  if (expression.op === 'constant') {
    const value = Number(expression.value);
    return () => value;
  }
  if (expression.op === 'column') {
    const slot = slotOf.get(expression.name) ?? -1;
    return (slots, row) => slots[slot]?.values[row] ?? Number.NaN;
  }
  const { name, args } = expression;
  const readers = (): readonly NumberReader[] =>
    args.map((arg, index) => (passesOverflow(name, index) ? compileUnchecked : compileNumber)(arg, slotOf));
  return onText(expression, slotOf) ?? onNumbers(name, readers());
}

/** Compiles an expression of type category for one row of typed columns. */
export function compileText(expression: Expression, slotOf: ReadonlyMap<string, number>): TextReader {
  if (expression.op === 'constant') {
    const value = String(expression.value);
    return () => value;
  }
  if (expression.op === 'column') {
    const slot = slotOf.get(expression.name) ?? -1;
    return (slots, row) => textAt(slots[slot], row);
  }
  if (expression.name === 'if') return textChoice(expression, slotOf);
  const args = expression.args.map((arg) => compileText(arg, slotOf));
  return expression.name === 'coalesce' ? firstText(args) : joinedText(args);
}

function textAt(column: Column | undefined, row: number): string | undefined {
  return column?.kind === 'levels' ? column.levels[column.values[row] ?? -1] : undefined;
}

function textChoice(expression: CallExpression, slotOf: ReadonlyMap<string, number>): TextReader {
  const [condition, yes, no] = expression.args;
  if (condition === undefined || yes === undefined || no === undefined) return () => undefined;
  const test = compileNumber(condition, slotOf);
  const whenTrue = compileText(yes, slotOf);
  const whenFalse = compileText(no, slotOf);
  return (slots, row) => {
    const value = test(slots, row);
    if (value === 1) return whenTrue(slots, row);
    return value === 0 ? whenFalse(slots, row) : undefined;
  };
}

function firstText(args: readonly TextReader[]): TextReader {
  return (slots, row) => {
    for (const arg of args) {
      const text = arg(slots, row);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function joinedText(args: readonly TextReader[]): TextReader {
  return (slots, row) => {
    let joined = '';
    for (const arg of args) {
      const text = arg(slots, row);
      if (text === undefined) return undefined;
      joined += text;
    }
    return joined;
  };
}

/** Compiles a test whose arguments are texts; undefined for every other operation. */
function onText({ name, args }: CallExpression, slotOf: ReadonlyMap<string, number>): NumberReader | undefined {
  const [first] = args;
  if (first?.type !== 'category') return undefined;
  const value = compileText(first, slotOf);
  if (name === 'is-missing') return (slots, row) => Number(value(slots, row) === undefined);
  if (name === 'in') {
    const members = new Set(args.slice(1).map((arg) => (arg.op === 'constant' ? arg.value : undefined)));
    return (slots, row) => {
      const text = value(slots, row);
      return text === undefined ? Number.NaN : Number(members.has(text));
    };
  }
  const [, second] = args;
  if (second === undefined) return undefined;
  const other = compileText(second, slotOf);
  const whenEqual = Number(name === 'equal');
  return (slots, row) => {
    const [left, right] = [value(slots, row), other(slots, row)];
    if (left === undefined || right === undefined) return Number.NaN;
    return left === right ? whenEqual : 1 - whenEqual;
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

type Unary = (value: number) => number;
type Binary = (left: number, right: number) => number;

const UNARY: Partial<Record<OperationName, Unary>> = {
  negate: (value) => -value,
  not: (value) => 1 - value,
  'is-missing': (value) => Number(Number.isNaN(value)),
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  round: (value) => Math.floor(value + 0.5),
  sqrt: Math.sqrt,
  // As float32: see `compileSql`.
  log: (value) => (value > 0 ? Math.fround(Math.log(value)) : Number.NaN),
  hour: (timeMs) => cyclic(Math.floor(timeMs / HOUR_MS), 24),
  weekday: (timeMs) => cyclic(Math.floor(timeMs / DAY_MS) + 3, 7) + 1,
  month: (timeMs) => new Date(Math.floor(timeMs)).getUTCMonth() + 1,
  time: (value) => value,
};

/** Three-valued logic: a missing side leaves the result open only where the other side does not decide it. */
const BINARY: Partial<Record<OperationName, Binary>> = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
  modulo: (left, right) => left % right,
  and: (left, right) => (left === 0 || right === 0 ? 0 : left * right),
  or: (left, right) => (left === 1 || right === 1 ? 1 : left + right),
  less: (left, right) => (left < right ? 1 : falseUnlessMissing(left, right)),
  'less-or-equal': (left, right) => (left <= right ? 1 : falseUnlessMissing(left, right)),
  greater: (left, right) => (left > right ? 1 : falseUnlessMissing(left, right)),
  'greater-or-equal': (left, right) => (left >= right ? 1 : falseUnlessMissing(left, right)),
  equal: (left, right) => (left === right ? 1 : falseUnlessMissing(left, right)),
  'not-equal': (left, right) => (left === right ? 0 : 1 + falseUnlessMissing(left, right)),
  hours_between: (from, to) => (to - from) / HOUR_MS,
};

function falseUnlessMissing(left: number, right: number): number {
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

function cyclic(value: number, length: number): number {
  return ((value % length) + length) % length;
}

function onNumbers(name: OperationName, args: readonly NumberReader[]): NumberReader {
  const [first = missing, second = missing, third = missing] = args;
  const unary = UNARY[name];
  if (unary !== undefined) return (slots, row) => unary(first(slots, row));
  const binary = BINARY[name];
  if (binary !== undefined) return (slots, row) => binary(first(slots, row), second(slots, row));
  if (name === 'if') return numberChoice(first, second, third);
  if (name === 'coalesce') return firstNumber(args);
  if (name === 'in') return membership(first, args.slice(1));
  const better: (value: number, best: number) => boolean =
    name === 'least' ? (value, best) => value < best : (value, best) => value > best;
  return extreme(args, better);
}

function missing(): number {
  return Number.NaN;
}

function numberChoice(test: NumberReader, yes: NumberReader, no: NumberReader): NumberReader {
  return (slots, row) => {
    const value = test(slots, row);
    if (value === 1) return yes(slots, row);
    return value === 0 ? no(slots, row) : Number.NaN;
  };
}

function firstNumber(args: readonly NumberReader[]): NumberReader {
  return (slots, row) => {
    for (const arg of args) {
      const value = arg(slots, row);
      if (!Number.isNaN(value)) return value;
    }
    return Number.NaN;
  };
}

/** Members are constants, so that they are read once. */
function membership(value: NumberReader, members: readonly NumberReader[]): NumberReader {
  const set = new Set(members.map((member) => member([], 0)));
  return (slots, row) => {
    const read = value(slots, row);
    return Number.isNaN(read) ? Number.NaN : Number(set.has(read));
  };
}

function extreme(args: readonly NumberReader[], better: (value: number, best: number) => boolean): NumberReader {
  return (slots, row) => {
    let best = Number.NaN;
    for (const [index, arg] of args.entries()) {
      const value = arg(slots, row);
      if (Number.isNaN(value)) return Number.NaN;
      if (index === 0 || better(value, best)) best = value;
    }
    return best;
  };
}
