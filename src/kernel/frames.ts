import { GyreError } from './errors.ts';

/** Numbers as 32-bit floats, one a row; NaN means missing. */
export interface FloatColumn {
  readonly kind: 'float32';
  readonly name: string;
  readonly values: Float32Array;
}

/** Doubles, one a row; NaN means missing. Times travel here as milliseconds since 1970 UTC. */
export interface DoubleColumn {
  readonly kind: 'float64';
  readonly name: string;
  readonly values: Float64Array;
}

/** Text as codes into `levels`, one a row; -1 means missing. */
export interface LevelColumn {
  readonly kind: 'levels';
  readonly name: string;
  readonly values: Int32Array;
  readonly levels: readonly string[];
}

/** One column of a {@link Frame}. */
export type Column = FloatColumn | DoubleColumn | LevelColumn;

/** A table as typed columns of equal length: what travels between data, training, serving and monitoring. Never row objects. */
export interface Frame {
  readonly nRows: number;
  readonly columns: readonly Column[];
}

const MAGIC = 'GYRFRM1\n';
const ALIGNMENT = 8;

interface ColumnHeader {
  readonly kind: Column['kind'];
  readonly name: string;
  readonly offset: number;
  readonly levels?: readonly string[];
}

/**
 * Finds a column by name.
 *
 * @param frame - The table.
 * @param name - Exact name.
 * @returns The column.
 * @throws {@link GyreError} `kernel/no-column` when there is none of that name.
 * @example
 * ```ts
 * columnOf({ nRows: 1, columns: [{ kind: 'float32', name: 'a', values: new Float32Array([1]) }] }, 'a').kind; // => 'float32'
 * ```
 */
export function columnOf(frame: Frame, name: string): Column {
  const column = frame.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const names = frame.columns.map((candidate) => candidate.name).join(', ');
    throw new GyreError({ kind: 'invalid', code: 'kernel/no-column', message: `no column "${name}"; there are: ${names}` });
  }
  return column;
}

/**
 * Writes a frame as bytes: the line `GYRFRM1`, a 32-bit little-endian header length, a JSON header, then each
 * column's values little endian at an offset that is a multiple of 8. The same frame always gives the same bytes.
 *
 * @param frame - The table; every column has `nRows` values.
 * @returns The bytes; about 4 or 8 per value.
 * @example
 * ```ts
 * decodeFrame(encodeFrame({ nRows: 0, columns: [] })).nRows; // => 0
 * ```
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const headers: ColumnHeader[] = [];
  let offset = 0;
  for (const column of frame.columns) {
    headers.push({
      kind: column.kind,
      name: column.name,
      offset,
      ...(column.kind === 'levels' ? { levels: column.levels } : {}),
    });
    offset = aligned(offset + column.values.byteLength);
  }
  const header = new TextEncoder().encode(JSON.stringify({ version: 1, nRows: frame.nRows, columns: headers }));
  const start = aligned(MAGIC.length + 4 + header.length);
  const bytes = new Uint8Array(start + offset);
  bytes.set(new TextEncoder().encode(MAGIC), 0);
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length, true);
  bytes.set(header, MAGIC.length + 4);
  frame.columns.forEach((column, index) => {
    const values = new Uint8Array(column.values.buffer, column.values.byteOffset, column.values.byteLength);
    bytes.set(values, start + (headers[index]?.offset ?? 0));
  });
  return bytes;
}

/**
 * Reads what {@link encodeFrame} wrote.
 *
 * @param bytes - The whole encoding.
 * @returns The frame; its columns own their memory.
 * @throws {@link GyreError} `kernel/bad-frame` when the bytes are not a whole frame of a known version.
 * @example
 * ```ts
 * decodeFrame(encodeFrame({ nRows: 2, columns: [{ kind: 'float64', name: 't', values: new Float64Array([1, 2]) }] })).nRows; // => 2
 * ```
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const headerLength =
    bytes.length < MAGIC.length + 4 ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || headerLength < 0 || MAGIC.length + 4 + headerLength > bytes.length) throw badFrame('no frame header');
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(MAGIC.length + 4, MAGIC.length + 4 + headerLength)));
  const start = aligned(MAGIC.length + 4 + headerLength);
  const columns = header.columns.map((column) => readColumn(bytes, start, header.nRows, column));
  return { nRows: header.nRows, columns };
}

function readColumn(bytes: Uint8Array, start: number, nRows: number, header: ColumnHeader): Column {
  const width = header.kind === 'float64' ? 8 : 4;
  const from = start + header.offset;
  if (from + nRows * width > bytes.length) throw badFrame(`column "${header.name}" is cut off`);
  // A copy by construction: `slice` of a Node Buffer would share its memory.
  const { buffer } = new Uint8Array(bytes.subarray(from, from + nRows * width));
  if (header.kind === 'float32') return { kind: 'float32', name: header.name, values: new Float32Array(buffer) };
  if (header.kind === 'float64') return { kind: 'float64', name: header.name, values: new Float64Array(buffer) };
  return { kind: 'levels', name: header.name, values: new Int32Array(buffer), levels: header.levels ?? [] };
}

function parseHeader(text: string): { readonly nRows: number; readonly columns: readonly ColumnHeader[] } {
  try {
    const header: unknown = JSON.parse(text);
    if (isHeader(header)) return header;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badFrame('the header is not readable');
}

function isHeader(value: unknown): value is { nRows: number; columns: ColumnHeader[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === 1 &&
    'nRows' in value &&
    'columns' in value
  );
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function badFrame(what: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'kernel/bad-frame', message: `not a Gyre frame: ${what}` });
}
