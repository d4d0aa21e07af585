/** Type of an expression's value; every value may be missing. */
export const ExpressionType = ['number', 'category', 'boolean', 'time'] as const;
/** One expression type; see {@link ExpressionType} for the whole set. */
export type ExpressionType = (typeof ExpressionType)[number];

/** A typed expression. `at` is the position in the source text, from 0. */
export type Expression = {
  readonly type: ExpressionType;
  /** Whether a number is always whole. */
  readonly isWhole: boolean;
  readonly at: number;
} & (
  | { readonly op: 'constant'; readonly value: number | string | boolean }
  | { readonly op: 'column'; readonly name: string }
  | { readonly op: 'call'; readonly name: string; readonly args: readonly Expression[] }
);
