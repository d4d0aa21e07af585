import { type Column, didYouMean, type Frame, GyreError, type Problem } from '#kernel';
import type { Dataset, DatasetColumn } from './dataset.ts';
import { isInstant, parseInstantMs } from './parse-instant.ts';

/** Most rows of one append as JSON, which the main thread types; larger tables come as files. */
export const MOST_JSON_ROWS = 20_000;

const MOST_PROBLEMS = 20;
const MOST_INTEGER = 9_223_372_036_854_775_807n;
const LEAST_INTEGER = -9_223_372_036_854_775_808n;

/** What reading one value gave: the value as a double or text, `missing`, or undefined when it does not fit the type. */
type Read<T> = (value: unknown) => T | undefined;

const MISSING_NUMBER = Number.NaN;

/**
 * Reads JSON columns as the dataset declares them.
 *
 * Rules of values: null is missing in every column. `number`: a JSON number, or "NaN" (missing), "Infinity", "-Infinity".
 * `integer`: a whole JSON number up to 2^53-1, or decimal text up to 64 bits. `boolean`: true or false. `time`: RFC 3339
 * with a zone, a date, or whole milliseconds since 1970. `text`, `category`: a well-formed string.
 *
 * @param dataset - What is declared.
 * @param columns - One list a column, all of one length ≥ 1.
 * @returns The rows: text as levels in order of appearance, everything else as doubles; an integer column with a value
 * beyond 2^53-1 as levels of decimal text.
 * @throws {@link GyreError} `data/missing-column`, `data/unknown-column`, `data/ragged-columns`, `data/no-rows`,
 * `data/too-many-rows`, `data/bad-value` (with up to 20 problems).
 */
export function typeColumns(dataset: Dataset, columns: Readonly<Record<string, readonly unknown[]>>): Frame {
  assertNames(dataset, Object.keys(columns));
  const nRows = assertLengths(dataset, columns);
  const problems: Problem[] = [];
  const typed = dataset.columns.map((column) => typeColumn(column, columns[column.name] ?? [], problems));
  const [first] = problems;
  if (first !== undefined) {
    throw new GyreError({ kind: 'invalid', code: 'data/bad-value', message: first.detail, problems });
  }
  return { nRows, columns: typed };
}

/** Refuses a table whose columns are not the declared ones. Throws `data/missing-column`, `data/unknown-column`. */
export function assertNames(dataset: Dataset, names: readonly string[]): void {
  const declared = dataset.columns.map((column) => column.name);
  const missing = declared.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new GyreError({
      kind: 'invalid',
      code: 'data/missing-column',
      message: `dataset "${dataset.name}" declares ${missing.map((name) => `"${name}"`).join(', ')}, which the rows lack`,
      problems: missing.map((name) => ({
        pointer: '/columns',
        code: 'data/missing-column',
        detail: `column "${name}" is missing`,
      })),
    });
  }
  const unknown = names.filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  const problems = unknown.slice(0, MOST_PROBLEMS).map((name) => ({
    pointer: `/columns/${name.slice(0, 80)}`,
    code: 'data/unknown-column',
    detail: `dataset "${dataset.name}" declares no column "${name.slice(0, 80)}"${didYouMean(name, declared)}`,
  }));
  throw new GyreError({ kind: 'invalid', code: 'data/unknown-column', message: problems[0]?.detail ?? '', problems });
}

function assertLengths(dataset: Dataset, columns: Readonly<Record<string, readonly unknown[]>>): number {
  const [first, ...rest] = dataset.columns.map((column) => ({ name: column.name, length: columns[column.name]?.length ?? 0 }));
  const nRows = first?.length ?? 0;
  const ragged = rest.find((column) => column.length !== nRows);
  if (ragged !== undefined) {
    throw new GyreError({
      kind: 'invalid',
      code: 'data/ragged-columns',
      message: `column "${ragged.name}" has ${String(ragged.length)} values, "${first?.name ?? ''}" has ${String(nRows)}`,
    });
  }
  if (nRows === 0) throw new GyreError({ kind: 'invalid', code: 'data/no-rows', message: 'the append brings no rows' });
  if (nRows > MOST_JSON_ROWS) {
    throw new GyreError({
      kind: 'too-large',
      code: 'data/too-many-rows',
      message: `the append brings ${String(nRows)} rows; as JSON at most ${String(MOST_JSON_ROWS)}, more as a file`,
    });
  }
  return nRows;
}

function typeColumn(column: DatasetColumn, values: readonly unknown[], problems: Problem[]): Column {
  const refuse = (row: number): void => {
    if (problems.length < MOST_PROBLEMS) problems.push(badValue(column, row, values[row]));
  };
  if (column.type === 'text' || column.type === 'category') return typeText(column.name, values, refuse);
  if (column.type === 'integer') return typeIntegers(column.name, values, refuse);
  const read = READERS[column.type];
  const out = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    const number = value === null ? MISSING_NUMBER : read(value);
    if (number === undefined) refuse(row);
    else out[row] = number;
  }
  return { kind: 'float64', name: column.name, values: out };
}

const NUMBER_WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

const READERS: Readonly<Record<'number' | 'boolean' | 'time', Read<number>>> = {
  number: (value) => (typeof value === 'number' ? value : NUMBER_WORDS[String(value)]),
  boolean: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
  time: (value) => {
    if (typeof value === 'string') return parseInstantMs(value);
    return typeof value === 'number' && isInstant(value) ? value : undefined;
  },
};

function typeText(name: string, values: readonly unknown[], refuse: (row: number) => void): Column {
  const codes = new Int32Array(values.length);
  const codeOf = new Map<string, number>();
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value === null) codes[row] = -1;
    else if (typeof value !== 'string' || !isCarriable(value)) refuse(row);
    else codes[row] = codeFor(codeOf, value);
  }
  return { kind: 'levels', name, values: codes, levels: [...codeOf.keys()] };
}

function codeFor(codeOf: Map<string, number>, text: string): number {
  const known = codeOf.get(text);
  if (known !== undefined) return known;
  codeOf.set(text, codeOf.size);
  return codeOf.size - 1;
}

function isCarriable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function typeIntegers(name: string, values: readonly unknown[], refuse: (row: number) => void): Column {
  const out = new Float64Array(values.length);
  let isLarge = false;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    const whole = value === null ? Number.NaN : wholeOf(value);
    if (whole === undefined) refuse(row);
    else if (typeof whole === 'bigint') isLarge = true;
    else out[row] = whole;
  }
  if (!isLarge) return { kind: 'float64', name, values: out };
  return typeText(
    name,
    values.map((value) => (value === null ? null : String(wholeOf(value)))),
    () => undefined,
  );
}

/** Reads a whole number: a double where it is exact, else a bigint. */
function wholeOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  if (typeof value !== 'string' || !/^[+-]?\d{1,20}$/.test(value)) return undefined;
  const whole = BigInt(value.replace('+', ''));
  if (whole > MOST_INTEGER || whole < LEAST_INTEGER) return undefined;
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

const EXPECTED: Readonly<Record<DatasetColumn['type'], string>> = {
  text: 'a text',
  category: 'a text',
  number: 'a number, or "NaN", "Infinity", "-Infinity"',
  integer: 'a whole number (beyond 2^53-1 as text)',
  boolean: 'true or false',
  time: 'RFC 3339 with a zone, such as 2001-03-01T00:00:00Z, or whole milliseconds since 1970',
};

/** Describes a value that does not fit its column; `row` counts from 0. */
export function badValue(column: DatasetColumn, row: number, value: unknown): Problem {
  const shown = JSON.stringify(value) ?? 'nothing';
  return {
    pointer: `/columns/${column.name}/${String(row)}`,
    code: 'data/bad-value',
    detail: `column "${column.name}", row ${String(row + 1)}: ${shown.slice(0, 80)} is not ${EXPECTED[column.type]}`,
  };
}
