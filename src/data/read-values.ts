import type { FileFormat } from './append.ts';
import type { ColumnType, DatasetColumn } from './dataset.ts';
import { FIRST_INSTANT_MS, INSTANT_SQL_PATTERN, LAST_INSTANT_MS } from './parse-instant.ts';
import { quoteName, quoteText } from './sql-text.ts';

/** How one column of a file is read: its typed value, and whether the raw value does not fit. */
export interface ColumnReading {
  /** Typed value; times as milliseconds (BIGINT), missing as NULL. */
  readonly typed: string;
  /** BOOLEAN, never NULL. */
  readonly isBad: string;
  /** Raw value as VARCHAR, for messages. */
  readonly shown: string;
}

/** SQL type of a column in working tables. */
export const WORKING_TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  category: 'VARCHAR',
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  time: 'BIGINT',
};

const NUMBER_PATTERN = '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?$';
const WHOLE_PATTERN = '^[+-]?\\d{1,20}$';
const IN_RANGE = `BETWEEN ${String(FIRST_INSTANT_MS)} AND ${String(LAST_INSTANT_MS)}`;

/**
 * Writes the SQL that reads one column of a file as its declared type, by the rules of values in the slice's README.
 *
 * @param column - What is declared.
 * @param format - Format of the file.
 * @param sourceType - DuckDB's type of the file's column; for CSV `VARCHAR`, for NDJSON `JSON`.
 * @returns Expressions over the file's column of that name.
 */
export function readColumn(column: DatasetColumn, format: FileFormat, sourceType: string): ColumnReading {
  const raw = quoteName(column.name);
  if (format === 'csv') return readText(column.type, raw);
  if (format === 'ndjson') return readJson(column.type, raw);
  return readNative(column.type, raw, sourceType);
}

function reading(
  raw: string,
  typed: string,
  options: { readonly isMissing?: string; readonly shown?: string } = {},
): ColumnReading {
  const missing = options.isMissing === undefined ? '' : ` AND NOT coalesce(${options.isMissing}, false)`;
  return {
    typed,
    isBad: `(${raw} IS NOT NULL AND (${typed}) IS NULL${missing})`,
    shown: options.shown ?? `${raw}::VARCHAR`,
  };
}

function instantOfText(text: string): string {
  const whole = `TRY_CAST(${text} AS BIGINT)`;
  // Fractions beyond microseconds and then beyond milliseconds are cut off, as for JSON.
  const cut = `regexp_replace(${text}, '(\\.\\d{3})\\d+', '\\1')`;
  const instant = `epoch_ms(TRY_CAST(CASE WHEN length(${text}) = 10 THEN ${text} || 'T00:00:00Z' ELSE replace(replace(replace(${cut}, ' ', 'T'), 't', 'T'), 'z', 'Z') END AS TIMESTAMPTZ))`;
  return `CASE WHEN regexp_matches(${text}, ${quoteText(INSTANT_SQL_PATTERN)}) AND NOT starts_with(${text}, '0000') AND ${instant} ${IN_RANGE} THEN ${instant}
    WHEN regexp_matches(${text}, '^-?\\d{1,15}$') AND ${whole} ${IN_RANGE} THEN ${whole} END`;
}

function readText(type: ColumnType, raw: string): ColumnReading {
  switch (type) {
    case 'text':
    case 'category':
      return reading(raw, raw);
    case 'number':
      return reading(
        raw,
        `CASE WHEN regexp_matches(${raw}, ${quoteText(NUMBER_PATTERN)}) THEN TRY_CAST(${raw} AS DOUBLE) WHEN ${raw} IN ('Infinity', '-Infinity') THEN ${raw}::DOUBLE END`,
        { isMissing: `${raw} = 'NaN'` },
      );
    case 'integer':
      return reading(raw, `CASE WHEN regexp_matches(${raw}, ${quoteText(WHOLE_PATTERN)}) THEN TRY_CAST(${raw} AS BIGINT) END`);
    case 'boolean':
      return reading(
        raw,
        `CASE WHEN lower(${raw}) IN ('true', '1') THEN true WHEN lower(${raw}) IN ('false', '0') THEN false END`,
      );
    case 'time':
      return reading(raw, instantOfText(raw));
  }
}

function readJson(type: ColumnType, raw: string): ColumnReading {
  const kind = `json_type(${raw})`;
  const text = `(${raw} ->> '$')`;
  const present = `CASE WHEN ${kind} <> 'NULL' THEN ${raw} END`;
  const wrap = (typed: string, isMissing = 'false'): ColumnReading =>
    reading(`(${present})`, typed, { isMissing, shown: `${raw}::VARCHAR` });
  switch (type) {
    case 'text':
    case 'category':
      return wrap(`CASE WHEN ${kind} = 'VARCHAR' THEN ${text} END`);
    case 'number':
      return wrap(
        `CASE WHEN ${kind} IN ('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT') OR (${kind} = 'VARCHAR' AND ${text} IN ('Infinity', '-Infinity')) THEN TRY_CAST(${text} AS DOUBLE) END`,
        `${kind} = 'VARCHAR' AND ${text} = 'NaN'`,
      );
    case 'integer':
      return wrap(
        `CASE WHEN ${kind} IN ('BIGINT', 'UBIGINT') OR (${kind} = 'VARCHAR' AND regexp_matches(${text}, ${quoteText(WHOLE_PATTERN)})) THEN TRY_CAST(${text} AS BIGINT) WHEN ${kind} = 'DOUBLE' AND ${wholeDouble(`TRY_CAST(${text} AS DOUBLE)`)} THEN TRY_CAST(TRY_CAST(${text} AS DOUBLE) AS BIGINT) END`,
      );
    case 'boolean':
      return wrap(`CASE WHEN ${kind} = 'BOOLEAN' THEN ${text} = 'true' END`);
    case 'time':
      return wrap(jsonInstant(kind, text));
  }
}

function jsonInstant(kind: string, text: string): string {
  const double = `TRY_CAST(${text} AS DOUBLE)`;
  const whole = `TRY_CAST(${double} AS BIGINT)`;
  return `CASE WHEN ${kind} = 'VARCHAR' THEN CASE WHEN contains(${text}, '-') AND NOT starts_with(${text}, '-') THEN ${instantOfText(text)} END
    WHEN ${kind} IN ('DOUBLE', 'BIGINT', 'UBIGINT') AND ${wholeDouble(double)} AND ${whole} ${IN_RANGE} THEN ${whole} END`;
}

function wholeDouble(value: string): string {
  return `(${value} = floor(${value}) AND abs(${value}) <= 9007199254740991)`;
}

const WHOLE_TYPES = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const FLOAT_TYPES = /^(FLOAT|DOUBLE|DECIMAL\(.*)$/;
const NESTED_TYPES = /^(BLOB|STRUCT|MAP|LIST|UNION)|\[/;
const TIME_TYPES = /^(TIMESTAMP(_S|_MS|_NS)?|DATE)$/;

function readNative(type: ColumnType, raw: string, sourceType: string): ColumnReading {
  if (sourceType === 'VARCHAR') return readText(type, raw);
  return nativeReading(type, raw, sourceType) ?? reading(raw, `NULL::${WORKING_TYPES[type]}`);
}

/** Undefined where no value of the file's type fits the declared one. */
function nativeReading(type: ColumnType, raw: string, sourceType: string): ColumnReading | undefined {
  const isNan = { isMissing: `isnan(${raw}::DOUBLE)` };
  switch (type) {
    case 'text':
    case 'category':
      return NESTED_TYPES.test(sourceType) ? undefined : reading(raw, `${raw}::VARCHAR`);
    case 'number':
      return isNumeric(sourceType) ? reading(raw, `nullif(${raw}::DOUBLE, 'NaN'::DOUBLE)`, isNan) : undefined;
    case 'integer':
      return isNumeric(sourceType) ? nativeWhole(raw, sourceType) : undefined;
    case 'boolean':
      return sourceType === 'BOOLEAN' ? reading(raw, raw) : undefined;
    case 'time':
      return nativeInstant(raw, sourceType);
  }
}

function nativeWhole(raw: string, sourceType: string): ColumnReading {
  if (WHOLE_TYPES.test(sourceType)) return reading(raw, `TRY_CAST(${raw} AS BIGINT)`);
  const whole = `CASE WHEN ${wholeDouble(`${raw}::DOUBLE`)} THEN TRY_CAST(${raw} AS BIGINT) END`;
  return reading(raw, whole, { isMissing: `isnan(${raw}::DOUBLE)` });
}

function isNumeric(sourceType: string): boolean {
  return WHOLE_TYPES.test(sourceType) || FLOAT_TYPES.test(sourceType);
}

/** A time without a zone is taken as UTC. */
function nativeInstant(raw: string, sourceType: string): ColumnReading | undefined {
  const inRange = (value: string): ColumnReading => reading(raw, `CASE WHEN ${value} ${IN_RANGE} THEN ${value} END`);
  if (TIME_TYPES.test(sourceType)) return inRange(`epoch_ms(TRY_CAST(${raw} AS TIMESTAMP))`);
  if (sourceType === 'TIMESTAMP WITH TIME ZONE') return inRange(`epoch_ms(${raw})`);
  return WHOLE_TYPES.test(sourceType) ? inRange(`TRY_CAST(${raw} AS BIGINT)`) : undefined;
}
