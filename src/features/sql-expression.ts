import { quoteName, quoteNumber, quoteText } from '#data';
import { GyreError } from '#kernel';
import type { CallExpression, Expression, OperationName } from './expression.ts';
import { canOverflow, passesOverflow } from './operations.ts';

/** Longest SQL of one expression, characters. `if`, `least` and `greatest` name an argument twice. */
const LONGEST_SQL = 100_000;

/**
 * Compiles an expression to SQL over a row whose numbers and times (milliseconds) are DOUBLE without NaN, truth values
 * BOOLEAN, categories VARCHAR, and whose missing values are NULL. Every value is finite or
 * NULL. It gives the same value as `compileNumber` and `compileText`.
 *
 * @param expression - Typed expression.
 * @returns A SQL expression of the same conventions.
 * @throws {@link GyreError} `features/too-large` when the SQL becomes too long.
 */
export function compileSql(expression: Expression): string {
  const text = write(expression);
  if (text.length <= LONGEST_SQL) return text;
  throw tooLarge();
}

function tooLarge(): GyreError {
  return new GyreError({
    kind: 'invalid',
    code: 'features/too-large',
    message: 'an expression is too deep: write it with fewer parts in one another',
  });
}

/** Writes an expression whose value is finite or NULL. */
function write(expression: Expression): string {
  const text = writeUnchecked(expression);
  return canOverflow(expression) ? bind(text, (value) => `CASE WHEN isfinite(${value}) THEN ${value} END`) : text;
}

/** Writes an expression whose value may be an infinity or NaN where {@link canOverflow} says so. */
function writeUnchecked(expression: Expression): string {
  if (expression.op === 'column') return quoteName(expression.name);
  if (expression.op === 'call') return writeCall(expression);
  if (typeof expression.value === 'number') return quoteNumber(expression.value);
  return typeof expression.value === 'string' ? quoteText(expression.value) : String(expression.value);
}

function writeCall(expression: CallExpression): string {
  const args = expression.args.map((arg, index) => (passesOverflow(expression.name, index) ? writeUnchecked(arg) : write(arg)));
  const total = args.reduce((sum, arg) => sum + arg.length, 0);
  if (total > LONGEST_SQL) throw tooLarge();
  return TEMPLATES[expression.name](args);
}

/** Last time that JavaScript has a date for. */
const LAST_TIME_MS = '8640000000000000';

type Template = (args: readonly string[]) => string;

const infix =
  (sign: string): Template =>
  ([left = '', right = '']) =>
    `(${left} ${sign} ${right})`;

const COLUMN = /^"(?:[^"]|"")*"$/;

/**
 * Names a value that is used more than once. A macro such as `nullif` writes its argument out twice: nested 20 deep, the
 * engine would plan a million copies.
 */
function bind(value: string, body: (name: string) => string): string {
  if (COLUMN.test(value)) return `(${body(value)})`;
  return `list_transform([${value}], lambda gyre_v: ${body('gyre_v')})[1]`;
}

/** DuckDB leaves missing arguments of least and greatest out; here one makes the whole missing. */
const extreme =
  (name: string): Template =>
  (args) =>
    `(CASE WHEN ${args.map((arg) => `${arg} IS NOT NULL`).join(' AND ')} THEN ${name}(${args.join(', ')}) END)`;

const cyclic = (value: string, length: number): string =>
  `(((${value}) % ${String(length)} + ${String(length)}) % ${String(length)})`;

const TEMPLATES: Readonly<Record<OperationName, Template>> = {
  add: infix('+'),
  // A sign of its own on each side: two minus signs in a row would begin a comment.
  subtract: ([left = '', right = '']) => `(${left} - (${right}))`,
  multiply: infix('*'),
  // By zero they give an infinity, NaN or NULL, all of which end as missing.
  divide: infix('/'),
  modulo: infix('%'),
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
  sqrt: ([value = '']) => bind(value, (one) => `CASE WHEN ${one} >= 0 THEN sqrt(${one}) END`),
  // Logarithms of two libraries differ in the last bit of a double; as float32 they agree.
  log: ([value = '']) => bind(value, (one) => `CASE WHEN ${one} > 0 THEN ln(${one})::FLOAT::DOUBLE END`),
  least: extreme('least'),
  greatest: extreme('greatest'),
  hour: ([time = '']) => cyclic(`floor(${time} / 3600000)`, 24),
  weekday: ([time = '']) => `(${cyclic(`floor(${time} / 86400000) + 3`, 7)} + 1)`,
  month: ([time = '']) =>
    bind(
      time,
      (one) => `CASE WHEN abs(${one}) <= ${LAST_TIME_MS} THEN month(make_timestamp_ms(floor(${one})::BIGINT))::DOUBLE END`,
    ),
  hours_between: ([from = '', to = '']) => `((${to} - ${from}) / 3600000)`,
  time: ([value = '']) => value,
  concat: (args) => `(${args.join(' || ')})`,
};
