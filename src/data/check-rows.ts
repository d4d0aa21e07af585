import { type Column, columnOf, type Frame } from '#kernel';
import type { CheckFinding } from './breach-error.ts';
import type { Check, CheckRule } from './check.ts';
import { compilePattern } from './pattern.ts';

/** What all checks found. */
export interface RowVerdicts {
  /** Checks that rows break, in order of declaration. */
  readonly findings: readonly CheckFinding[];
  /** Per row, the names of the quarantining checks that it breaks, joined by commas; levels, -1 for accepted rows. Undefined when no row is set aside. */
  readonly reasons: (Column & { readonly kind: 'levels' }) | undefined;
}

/** Name of the column that says why a row was set aside. */
export const REASON_COLUMN = 'gyre_reason';

/**
 * Applies checks to rows.
 *
 * @param frame - Typed rows, as `typeColumns` makes them.
 * @param checks - What to hold them against; the same rules as the SQL of `check-sql.ts`.
 * @returns What was found, and which rows are to be set aside.
 */
export function checkRows(frame: Frame, checks: readonly Check[]): RowVerdicts {
  const findings: CheckFinding[] = [];
  const setAside: string[] = [];
  for (const check of checks) {
    const breaks = breachTest(frame, check.rule);
    const finding = collect(frame, check, breaks, setAside);
    if (finding !== undefined) findings.push(finding);
  }
  return { findings, reasons: setAside.length === 0 ? undefined : reasonColumn(frame.nRows, setAside) };
}

function collect(frame: Frame, check: Check, breaks: (row: number) => boolean, setAside: string[]): CheckFinding | undefined {
  const broken: number[] = [];
  for (let row = 0; row < frame.nRows; row += 1) if (breaks(row)) broken.push(row);
  const [firstRow] = broken;
  if (firstRow === undefined) return undefined;
  if (check.onBreach === 'quarantine') {
    for (const row of broken) setAside[row] = setAside[row] === undefined ? check.name : `${setAside[row]},${check.name}`;
  }
  return { check, breaches: broken.length, firstRow, value: shownValue(columnOf(frame, check.rule.column), firstRow) };
}

function reasonColumn(nRows: number, setAside: readonly string[]): Column & { readonly kind: 'levels' } {
  const codes = new Int32Array(nRows).fill(-1);
  const levels = [...new Set(setAside.filter((reason) => reason !== undefined))].sort();
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  setAside.forEach((reason, row) => {
    codes[row] = codeOf.get(reason) ?? -1;
  });
  return { kind: 'levels', name: REASON_COLUMN, values: codes, levels };
}

/** Makes the test of one rule. A missing value breaks only `not-null`. */
function breachTest(frame: Frame, rule: CheckRule): (row: number) => boolean {
  const column = columnOf(frame, rule.column);
  if (rule.kind === 'not-null') return (row) => isMissing(column, row);
  if (rule.kind === 'unique') return repeatTest(column, frame.nRows);
  if (rule.kind === 'greater-than') return comparisonTest(column, columnOf(frame, rule.other));
  if (rule.kind === 'between') {
    const low = rule.low ?? Number.NEGATIVE_INFINITY;
    const high = rule.high ?? Number.POSITIVE_INFINITY;
    const read = numberReader(column);
    return (row) => {
      const value = read(row);
      return value < low || value > high;
    };
  }
  return memberTest(column, rule);
}

function memberTest(column: Column, rule: CheckRule & { readonly kind: 'in' | 'matches' }): (row: number) => boolean {
  const holds = levelTest(rule);
  if (column.kind === 'levels') {
    // Each level is tested once, however many rows have it.
    const broken = column.levels.map((level) => !holds(level));
    return (row) => broken[column.values[row] ?? -1] === true;
  }
  return (row) => {
    const value = column.values[row] ?? Number.NaN;
    return !Number.isNaN(value) && !holds(value);
  };
}

function levelTest(rule: CheckRule & { readonly kind: 'in' | 'matches' }): (value: string | number) => boolean {
  if (rule.kind === 'matches') {
    const pattern = compilePattern(rule.pattern);
    return (value) => pattern(String(value));
  }
  const values = new Set(rule.values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  // Whole numbers travel as text where one of them is beyond 2^53-1, and a list of numbers still means numbers.
  return (value) => values.has(value) || values.has(Number(value));
}

function repeatTest(column: Column, nRows: number): (row: number) => boolean {
  const seen = new Set<number>();
  const repeats = new Uint8Array(nRows);
  for (let row = 0; row < nRows; row += 1) {
    if (isMissing(column, row)) continue;
    const value = column.values[row] ?? 0;
    if (seen.has(value)) repeats[row] = 1;
    seen.add(value);
  }
  return (row) => repeats[row] === 1;
}

function comparisonTest(left: Column, right: Column): (row: number) => boolean {
  if (left.kind === 'levels' || right.kind === 'levels') {
    return (row) => {
      if (isMissing(left, row) || isMissing(right, row)) return false;
      return wholeAt(left, row) <= wholeAt(right, row);
    };
  }
  return (row) => (left.values[row] ?? Number.NaN) <= (right.values[row] ?? Number.NaN);
}

/** Exact value for a comparison in which at least one side is a column of large whole numbers. */
function wholeAt(column: Column, row: number): bigint | number {
  const value = column.values[row] ?? 0;
  if (column.kind === 'levels') return BigInt(column.levels[value] ?? '0');
  return value;
}

function numberReader(column: Column): (row: number) => number {
  if (column.kind !== 'levels') return (row) => column.values[row] ?? Number.NaN;
  const numbers = column.levels.map(Number);
  return (row) => numbers[column.values[row] ?? -1] ?? Number.NaN;
}

function isMissing(column: Column, row: number): boolean {
  const value = column.values[row] ?? Number.NaN;
  return column.kind === 'levels' ? value < 0 : Number.isNaN(value);
}

function shownValue(column: Column, row: number): string {
  if (isMissing(column, row)) return 'missing';
  const value = column.values[row] ?? 0;
  return (column.kind === 'levels' ? JSON.stringify(column.levels[value]) : String(value)).slice(0, 80);
}
