import { quoteName, quoteNumber, quoteText } from '#data';
import { GyreError } from '#kernel';
import type { CallExpression, Expression, OperationName } from './expression.ts';

/** Longest SQL of one expression, characters. Some operations name an argument twice. */
const LONGEST_SQL = 100_000;

/**
 * Compiles an expression to SQL over a row whose numbers and times (milliseconds) are DOUBLE without NaN, truth values
 * BOOLEAN, categories VARCHAR, and whose missing values are NULL. It gives the same value as `compileRow`.
 *
 * @param expression - Typed expression.
 * @returns A SQL expression of the same conventions.
 * @throws {@link GyreError} `features/too-large` when the SQL becomes too long.
 */
export function compileSql(expression: Expression): string {
  const text = write(expression);
  if (text.length <= LONGEST_SQL) return text;
  throw new GyreError({
    kind: 'invalid',
    code: 'features/too-large',
    message: 'an expression is too deep: write it with fewer parts in one another',
  });
}

function write(expression: Expression): string {
  if (expression.op === 'column') return quoteName(expression.name);
  if (expression.op === 'call') return writeCall(expression);
  if (typeof expression.value === 'number') return quoteNumber(expression.value);
  return typeof expression.value === 'string' ? quoteText(expression.value) : String(expression.value);
}

function writeCall(expression: CallExpression): string {
  const args = expression.args.map(write);
  const total = args.reduce((sum, arg) => sum + arg.length, 0);
  if (total > LONGEST_SQL)
    throw new GyreError({
      kind: 'invalid',
      code: 'features/too-large',
      message: 'an expression is too deep: write it with fewer parts in one another',
    });
  return TEMPLATES[expression.name](args);
}

type Template = (args: readonly string[]) => string;

const infix =
  (sign: string): Template =>
  ([left = '', right = '']) =>
    `(${left} ${sign} ${right})`;

/** NaN comes out of infinities only, and means missing. */
const orMissing = (value: string): string => `nullif(${value}, 'NaN'::DOUBLE)`;

/** DuckDB leaves missing arguments of least and greatest out; here one makes the whole missing. */
const extreme =
  (name: string): Template =>
  (args) =>
    `(CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${name}(${args.join(', ')}) END)`;

const cyclic = (value: string, length: number): string =>
  `(((${value}) % ${String(length)} + ${String(length)}) % ${String(length)})`;

const TEMPLATES: Readonly<Record<OperationName, Template>> = {
  add: (args) => orMissing(infix('+')(args)),
  // A sign of its own on each side: two minus signs in a row would begin a comment.
  subtract: ([left = '', right = '']) => orMissing(`(${left} - (${right}))`),
  multiply: (args) => orMissing(infix('*')(args)),
  divide: ([left = '', right = '']) => orMissing(`(${left} / nullif(${right}, 0))`),
  modulo: ([left = '', right = '']) => orMissing(`(${left} % nullif(${right}, 0))`),
  negate: ([value = '']) => `(-(${value}))`,
  equal: infix('='),
  'not-equal': infix('<>'),
  less: infix('<'),
  'less-or-equal': infix('<='),
  greater: infix('>'),
  'greater-or-equal': infix('>='),
  and: infix('AND'),
  or: infix('OR'),
  not: ([value = '']) => `(NOT ${value})`,
  'is-missing': ([value = '']) => `(${value} IS NULL)`,
  in: ([value = '', ...members]) => `(${value} IN (${members.join(', ')}))`,
  coalesce: (args) => `coalesce(${args.join(', ')})`,
  if: ([condition = '', yes = '', no = '']) => `(CASE WHEN ${condition} THEN ${yes} WHEN NOT ${condition} THEN ${no} END)`,
  abs: ([value = '']) => `abs(${value})`,
  floor: ([value = '']) => `floor(${value})`,
  ceil: ([value = '']) => `ceil(${value})`,
  round: ([value = '']) => `floor(${value} + 0.5::DOUBLE)`,
  sqrt: ([value = '']) => `(CASE WHEN ${value} >= 0 THEN sqrt(${value}) END)`,
  log: ([value = '']) => `(CASE WHEN ${value} > 0 THEN ln(${value}) END)`,
  least: extreme('least'),
  greatest: extreme('greatest'),
  hour: ([time = '']) => cyclic(`floor(${time} / 3600000)`, 24),
  weekday: ([time = '']) => `(${cyclic(`floor(${time} / 86400000) + 3`, 7)} + 1)`,
  month: ([time = '']) => `month(make_timestamp_ms((${time})::BIGINT))::DOUBLE`,
  hours_between: ([from = '', to = '']) => `((${to} - ${from}) / 3600000)`,
  time: ([value = '']) => value,
  concat: (args) => `(${args.join(' || ')})`,
};
