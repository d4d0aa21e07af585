import { GyreError } from '#kernel';

/**
 * Reads comma-separated text by RFC 4180: quoted fields may hold commas, quotes (doubled) and line breaks.
 *
 * @param text - The whole text; a byte order mark at its start is dropped.
 * @returns Its records, the header among them; empty lines are left out.
 * @throws {@link GyreError} `serving/rows-file` when a quote is never closed.
 * @see RFC 4180
 */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const records: (readonly string[])[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const { fields, end } = readRecord(text, at);
    if (fields.length > 1 || fields[0] !== '') records.push(fields);
    at = end;
  }
  return records;
}

function readRecord(text: string, start: number): { readonly fields: readonly string[]; readonly end: number } {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    fields.push(field.value);
    if (text[field.end] !== ',') return { fields, end: field.end + (text.startsWith('\r\n', field.end) ? 2 : 1) };
    at = field.end + 1;
  }
}

interface Field {
  readonly value: string;
  /** Place behind the field. */
  readonly end: number;
}

function plainField(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number): Field {
  let end = start + 1;
  while (end < text.length) {
    if (text[end] !== '"') end += 1;
    else if (text[end + 1] === '"') end += 2;
    else return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
  }
  throw new GyreError({
    kind: 'invalid',
    code: 'serving/rows-file',
    message: `a quote in the CSV text is never closed: ${JSON.stringify(text.slice(start, start + 40))}`,
  });
}

/**
 * Writes records as comma-separated text.
 *
 * @param records - Fields by record, the header first.
 * @returns Lines that end with a line feed; fields are quoted where they must be.
 * @see RFC 4180
 */
export function writeCsv(records: readonly (readonly string[])[]): string {
  return records.map((record) => `${record.map(csvField).join(',')}\n`).join('');
}

function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
