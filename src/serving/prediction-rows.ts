import { GyreError } from '#kernel';
import { parseCsv, writeCsv } from './delimited-text.ts';

/** Forms in which rows are read and written. */
export const RowsFormat = ['csv', 'json', 'ndjson'] as const;
/** One form; see {@link RowsFormat} for the whole set. */
export type RowsFormat = (typeof RowsFormat)[number];

/** One row by column name; values of CSV are text. */
export type Row = Readonly<Record<string, unknown>>;

/** Tells the form of a file by its name. */
export function formatOf(file: string): RowsFormat {
  if (/\.(ndjson|jsonl)$/i.test(file)) return 'ndjson';
  return /\.json$/i.test(file) ? 'json' : 'csv';
}

/**
 * Reads rows.
 *
 * @param text - The whole text.
 * @param format - Its form.
 * @returns The rows in order.
 * @throws {@link GyreError} `serving/rows-file` when the text is not of that form, or has no rows.
 */
export function parseRows(text: string, format: RowsFormat): readonly Row[] {
  const rows = format === 'csv' ? csvRows(text) : jsonRows(text, format);
  if (rows.length === 0) throw badFile('it has no rows');
  const broken = rows.findIndex((row) => typeof row !== 'object' || row === null || Array.isArray(row));
  if (broken >= 0) throw badFile(`row ${String(broken + 1)} is not an object`);
  return rows;
}

function csvRows(text: string): readonly Row[] {
  const [header, ...records] = parseCsv(text);
  if (header === undefined) return [];
  return records.map((record, place) => {
    if (record.length !== header.length) {
      throw badFile(`row ${String(place + 1)} has ${String(record.length)} fields, the header has ${String(header.length)}`);
    }
    return Object.fromEntries(header.map((name, column) => [name, record[column] ?? '']));
  });
}

function jsonRows(text: string, format: 'json' | 'ndjson'): readonly Row[] {
  const lines = format === 'ndjson' ? text.split(/\r?\n/).filter((line) => line.trim() !== '') : [text];
  const values = lines.map((line, place) => parseJson(line, format === 'ndjson' ? `line ${String(place + 1)}` : 'the text'));
  const rows: unknown = format === 'ndjson' ? values : values[0];
  if (!Array.isArray(rows)) throw badFile('it must hold a list of objects');
  return rows as readonly Row[];
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badFile(`${what} is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

/** Writes rows in a form; columns are those of all rows, in the order of their first row. */
export function writeRows(rows: readonly Row[], format: RowsFormat): string {
  if (format === 'json') return `${JSON.stringify(rows, undefined, 2)}\n`;
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return writeCsv([names, ...rows.map((row) => names.map((name) => fieldOf(row[name])))]);
}

function fieldOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An input as the endpoint describes it. */
export interface DescribedInput {
  readonly name: string;
  readonly datatype: string;
}

/** Makes the tensors of some rows: text of a CSV becomes numbers where the endpoint asks for them, an empty field is missing. */
export function tensorsOf(rows: readonly Row[], inputs: readonly DescribedInput[]) {
  return inputs
    .filter((input) => rows.some((row) => row[input.name] !== undefined))
    .map(({ name, datatype }) => ({
      name,
      datatype,
      shape: [rows.length],
      data: rows.map((row) => valueFor(row[name], datatype)),
    }));
}

function valueFor(value: unknown, datatype: string): unknown {
  if (value === undefined || value === null || value === '') return null;
  if (datatype === 'BYTES') return typeof value === 'string' ? value : JSON.stringify(value);
  const number = typeof value === 'string' ? Number(value) : value;
  // What is no number goes as it stands: the endpoint names the row and says what it expects.
  return typeof number === 'number' && Number.isNaN(number) ? value : number;
}

function badFile(message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'serving/rows-file', message: `the rows cannot be read: ${message}` });
}
