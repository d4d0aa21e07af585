import type { RequestReader } from '../input-columns.ts';
import { scanNumbers } from '../kernels/scan-numbers.ts';
import { type ReadRequest, readRequest } from './read-call.ts';

/**
 * What the bodies of one client have in common: the same text around other numbers. Only for one row of a matrix, where
 * nearly all of the body is numbers.
 */
export interface RepeatedBody {
  /** Up to the bracket that opens the numbers, and from the one that closes them. */
  readonly before: Buffer;
  readonly after: Buffer;
  readonly id: string | undefined;
  readonly numbers: Float64Array;
}

const DATA = '"data":[';
/** Datatypes whose every number is a value: whole-number types refuse some, which only the whole parse sees. */
const FLOATS = ['"datatype":"FP32"', '"datatype":"FP64"'];

/**
 * Finds what may repeat in a body that was read in full.
 *
 * @param bytes - The body.
 * @param reader - Who read it.
 * @param read - What was read.
 * @returns The frame around its numbers; undefined when it is not one row of a plain matrix.
 */
export function findRepeated(bytes: Buffer, reader: RequestReader, read: ReadRequest): RepeatedBody | undefined {
  if (!reader.takesMatrix || read.nRows !== 1 || read.outputs.length > 0) return undefined;
  const start = bytes.indexOf(DATA);
  if (start < 0 || bytes.includes('"data"', start + 1)) return undefined;
  if (!FLOATS.some((datatype) => bytes.includes(datatype))) return undefined;
  const from = start + DATA.length;
  const to = bytes.indexOf(']', from);
  const numbers = new Float64Array(reader.matrixPlaces.length);
  if (!scanNumbers(bytes, from, to, numbers)) return undefined;
  // One matrix alone: every input came out of these numbers, in this order.
  const isWhole = reader.matrixPlaces.every(
    (place, index) => read.columns[place]?.values[0] === Math.fround(numbers[index] ?? 0),
  );
  if (!isWhole || bytes.indexOf('"name"') !== bytes.lastIndexOf('"name"')) return undefined;
  return { before: Buffer.from(bytes.subarray(0, from)), after: Buffer.from(bytes.subarray(to)), id: read.id, numbers };
}

/**
 * Reads a body that differs from an earlier one in its numbers only.
 *
 * @param bytes - The body.
 * @param repeated - What the earlier one left.
 * @param reader - Gets the numbers in its own columns.
 * @returns What was read; undefined when the body is another one.
 */
export function readRepeated(bytes: Buffer, repeated: RepeatedBody, reader: RequestReader): ReadRequest | undefined {
  const { before, after, numbers } = repeated;
  const to = bytes.length - after.length;
  if (to < before.length || bytes.compare(before, 0, before.length, 0, before.length) !== 0) return undefined;
  if (bytes.compare(after, 0, after.length, to) !== 0 || !scanNumbers(bytes, before.length, to, numbers)) return undefined;
  fillFirstRow(reader, numbers);
  return { id: repeated.id, columns: reader.columns, nRows: 1, outputs: [] };
}

function fillFirstRow({ columns, matrixPlaces }: RequestReader, numbers: Float64Array): void {
  for (const column of columns) column.values[0] = column.kind === 'levels' ? -1 : Number.NaN;
  for (const [index, place] of matrixPlaces.entries()) {
    const column = columns[place];
    if (column !== undefined) column.values[0] = numbers[index] ?? Number.NaN;
  }
}

/** Misses in a row after which a client is thought to send no such bodies, and how often it is tried again. */
const MISSES = 16;
const TRY_AGAIN_EVERY = 256;

/** Reads small bodies, remembering of each what may repeat; falls back to the whole parse. */
export function createSmallBodyReader(): (body: Buffer, reader: RequestReader) => ReadRequest {
  let lastReader: RequestReader | undefined;
  let repeated: RepeatedBody | undefined;
  let misses = 0;
  return (body, reader) => {
    const known = repeated === undefined || lastReader !== reader ? undefined : readRepeated(body, repeated, reader);
    if (known !== undefined) {
      misses = 0;
      return known;
    }
    const read = readRequest(body.toString(), reader);
    misses += 1;
    if (misses <= MISSES || misses % TRY_AGAIN_EVERY === 0) {
      lastReader = reader;
      repeated = findRepeated(body, reader, read);
    }
    return read;
  };
}
