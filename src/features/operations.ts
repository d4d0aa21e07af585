import { parseTimeMs } from '#kernel';
import type { Expression, ExpressionType, OperationName } from './expression.ts';

/** Operations that are written as functions. */
export const FUNCTION_NAMES = [
  'coalesce',
  'if',
  'abs',
  'floor',
  'ceil',
  'round',
  'sqrt',
  'log',
  'least',
  'greatest',
  'hour',
  'weekday',
  'month',
  'hours_between',
  'time',
  'concat',
] as const satisfies readonly OperationName[];

/** Type of a call, a time that was written as text, or what is wrong with it. */
export type CallType =
  | { readonly type: ExpressionType; readonly isWhole: boolean }
  | { readonly constant: number }
  | { readonly problem: string };

type Rule = (args: readonly Expression[]) => CallType;

const NUMBER = { type: 'number', isWhole: false } as const;
const WHOLE = { type: 'number', isWhole: true } as const;
const BOOLEAN = { type: 'boolean', isWhole: false } as const;
const CATEGORY = { type: 'category', isWhole: false } as const;

/** Types an operation on numbers: `isWhole` tells whether its value is whole whenever its arguments are. */
const onNumbers =
  (count: number, keepsWhole: boolean): Rule =>
  (args) =>
    expectTypes(args, Array<ExpressionType>(count).fill('number')) ?? {
      type: 'number',
      isWhole: keepsWhole && args.every((arg) => arg.isWhole),
    };

const fixed =
  (types: readonly ExpressionType[], result: CallType): Rule =>
  (args) =>
    expectTypes(args, types) ?? result;

const ordered: Rule = (args) => {
  const [left, right] = args;
  if (left?.type !== right?.type) return mixed(left, right);
  if (left?.type === 'number' || left?.type === 'time') return BOOLEAN;
  return { problem: `an order between values of type ${left?.type ?? ''}; only numbers and times have one` };
};

const alike: Rule = ([left, right]) => (left?.type === right?.type ? BOOLEAN : mixed(left, right));

const sameType =
  (least: number): Rule =>
  (args) => {
    const [first] = args;
    if (first === undefined || args.length < least) return { problem: `too few values; at least ${String(least)}` };
    const other = args.find((arg) => arg.type !== first.type);
    return other === undefined ? { type: first.type, isWhole: args.every((arg) => arg.isWhole) } : mixed(first, other);
  };

const RULES: Readonly<Record<OperationName, Rule>> = {
  add: onNumbers(2, true),
  subtract: onNumbers(2, true),
  multiply: onNumbers(2, true),
  divide: onNumbers(2, false),
  modulo: onNumbers(2, true),
  negate: onNumbers(1, true),
  equal: alike,
  'not-equal': alike,
  less: ordered,
  'less-or-equal': ordered,
  greater: ordered,
  'greater-or-equal': ordered,
  and: fixed(['boolean', 'boolean'], BOOLEAN),
  or: fixed(['boolean', 'boolean'], BOOLEAN),
  not: fixed(['boolean'], BOOLEAN),
  'is-missing': (args) => (args.length === 1 ? BOOLEAN : { problem: 'one value is tested for being missing' }),
  in: (args) => {
    const typed = sameType(2)(args);
    return 'problem' in typed ? typed : BOOLEAN;
  },
  coalesce: sameType(2),
  if: ([condition, ...branches]) => {
    if (condition?.type !== 'boolean')
      return { problem: `a condition of type ${condition?.type ?? 'nothing'}; it must be true or false` };
    return branches.length === 2 ? sameType(2)(branches) : { problem: 'a number of branches other than two' };
  },
  abs: onNumbers(1, true),
  floor: fixed(['number'], WHOLE),
  ceil: fixed(['number'], WHOLE),
  round: fixed(['number'], WHOLE),
  sqrt: onNumbers(1, false),
  log: onNumbers(1, false),
  least: extreme,
  greatest: extreme,
  hour: fixed(['time'], WHOLE),
  weekday: fixed(['time'], WHOLE),
  month: fixed(['time'], WHOLE),
  hours_between: fixed(['time', 'time'], NUMBER),
  time: ([text, ...rest]) => {
    if (text?.op !== 'constant' || typeof text.value !== 'string' || rest.length > 0)
      return { problem: "no text such as time('2001-03-01T00:00:00Z')" };
    return timeConstant(text.value);
  },
  concat: (args) => {
    const other = args.find((arg) => arg.type !== 'category');
    if (args.length < 2) return { problem: 'too few texts; at least 2' };
    return other === undefined ? CATEGORY : { problem: `a ${other.type} among texts` };
  },
};

function extreme(args: readonly Expression[]): CallType {
  const typed = sameType(2)(args);
  if ('problem' in typed || 'constant' in typed) return typed;
  return typed.type === 'number' || typed.type === 'time' ? typed : { problem: `no order between values of type ${typed.type}` };
}

function timeConstant(text: string): CallType {
  try {
    return { constant: parseTimeMs(text) };
  } catch {
    return { problem: `a time "${text.slice(0, 40)}" that is not RFC 3339 with a zone, nor a date` };
  }
}

/** Gives the type of an operation on typed arguments, or says why there is none. */
export function typeCall(name: OperationName, args: readonly Expression[]): CallType {
  return RULES[name](args);
}

function expectTypes(args: readonly Expression[], types: readonly ExpressionType[]): { readonly problem: string } | undefined {
  if (args.length !== types.length) return { problem: `${String(args.length)} values where ${String(types.length)} should be` };
  const wrong = args.findIndex((arg, index) => arg.type !== types[index]);
  return wrong < 0 ? undefined : { problem: `a ${args[wrong]?.type ?? ''} where a ${types[wrong] ?? ''} should be` };
}

function mixed(left: Expression | undefined, right: Expression | undefined): { readonly problem: string } {
  return { problem: `a ${left?.type ?? 'nothing'} and a ${right?.type ?? 'nothing'} together` };
}

const ARITHMETIC: ReadonlySet<OperationName> = new Set(['add', 'subtract', 'multiply', 'divide', 'modulo']);
const KEEPS_OVERFLOW: ReadonlySet<OperationName> = new Set(['negate', 'abs', 'floor', 'ceil', 'round']);

/**
 * Tells whether an argument may be an infinity or NaN: such a value stays so to the end of a chain of arithmetic, where it
 * becomes missing at once. Only a divisor has to be settled before: 1 / infinity would be a number again.
 */
export function passesOverflow(name: OperationName, index: number): boolean {
  if (name === 'divide' || name === 'modulo') return index === 0;
  return ARITHMETIC.has(name) || KEEPS_OVERFLOW.has(name);
}

/** Tells whether plain floating-point arithmetic can make an infinity or NaN of an expression. */
export function canOverflow(expression: Expression): boolean {
  if (expression.op !== 'call') return false;
  if (ARITHMETIC.has(expression.name)) return true;
  const [arg] = expression.args;
  return KEEPS_OVERFLOW.has(expression.name) && arg !== undefined && canOverflow(arg);
}
