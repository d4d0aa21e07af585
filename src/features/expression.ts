/** Type of an expression's value; every value may be missing. */
export const ExpressionType = ['number', 'category', 'boolean', 'time'] as const;
/** One expression type; see {@link ExpressionType} for the whole set. */
export type ExpressionType = (typeof ExpressionType)[number];

/** What an operation does; its rules are in `operations.ts`. */
export const OperationName = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'modulo',
  'negate',
  'equal',
  'not-equal',
  'less',
  'less-or-equal',
  'greater',
  'greater-or-equal',
  'and',
  'or',
  'not',
  'is-missing',
  'in',
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
] as const;
/** One operation; see {@link OperationName} for the whole set. */
export type OperationName = (typeof OperationName)[number];

/** What every expression has: its type, and where it stands in the source text, from 0. */
interface Typed {
  readonly type: ExpressionType;
  /** Whether a number is always whole. */
  readonly isWhole: boolean;
  readonly at: number;
}

/** A number, text, truth value or time written in the source. */
export interface ConstantExpression extends Typed {
  readonly op: 'constant';
  readonly value: number | string | boolean;
}

/** A column of the row. */
export interface ColumnExpression extends Typed {
  readonly op: 'column';
  readonly name: string;
}

/** An operation on other expressions. */
export interface CallExpression extends Typed {
  readonly op: 'call';
  readonly name: OperationName;
  readonly args: readonly Expression[];
}

/** A typed expression. */
export type Expression = ConstantExpression | ColumnExpression | CallExpression;
