import type { Column, LevelColumn } from '#kernel';

/** One input of an endpoint's signature: what a caller may send. */
export interface SignatureInput {
  readonly name: string;
  readonly kind: 'number' | 'category' | 'time';
  /** How a value is held: models read float32, feature expressions float64, categories levels. */
  readonly storage: Column['kind'];
  readonly required: boolean;
}

/** A category column whose levels grow while a request is read. */
export interface GrowingLevels extends LevelColumn {
  readonly levels: string[];
}

/** A column that a request is read into. */
export type InputColumn = Exclude<Column, LevelColumn> | GrowingLevels;

/**
 * Makes columns for a signature.
 *
 * @param inputs - The signature.
 * @param nRows - Rows each column holds.
 * @returns One column per input, in order; values are unset.
 */
export function makeInputColumns(inputs: readonly SignatureInput[], nRows: number): readonly InputColumn[] {
  return inputs.map(({ name, storage }) => {
    if (storage === 'float32') return { kind: storage, name, values: new Float32Array(nRows) };
    if (storage === 'float64') return { kind: storage, name, values: new Float64Array(nRows) };
    return { kind: storage, name, values: new Int32Array(nRows), levels: [] };
  });
}

/**
 * Gives rows of a column without copying.
 *
 * @param column - The column.
 * @param from - First row.
 * @param to - Row behind the last.
 * @returns A column of `to - from` rows over the same memory.
 */
export function columnRows(column: Column, from: number, to: number): Column {
  if (column.kind === 'levels') return { ...column, values: column.values.subarray(from, to) };
  if (column.kind === 'float32') return { ...column, values: column.values.subarray(from, to) };
  return { ...column, values: column.values.subarray(from, to) };
}

/**
 * Writes one value of a column as text, for keys.
 *
 * @param column - The column.
 * @param row - The row.
 * @returns The text; undefined when the value is missing.
 */
export function textAt(column: Column, row: number): string | undefined {
  const value = column.values[row] ?? Number.NaN;
  if (column.kind === 'levels') return column.levels[value];
  return Number.isNaN(value) ? undefined : String(value);
}

/** What an endpoint takes: enough to read requests anywhere, a worker thread included. */
export interface RequestSignature {
  /** Name of the endpoint, for messages. */
  readonly name: string;
  readonly inputs: readonly SignatureInput[];
  /** Whether all model inputs may come as one two-dimensional tensor. */
  readonly takesMatrix: boolean;
}

/** A signature with what reading needs: one request at a time. */
export interface RequestReader extends RequestSignature {
  readonly index: ReadonlyMap<string, number>;
  /** Columns for small requests, used again and again. */
  readonly columns: readonly InputColumn[];
  /** Rows that `columns` hold. */
  readonly capacity: number;
  /** Which inputs the request under way has brought: 1 for each. */
  readonly seen: Uint8Array;
  /** Inputs that one matrix stands for, in order. */
  readonly matrixPlaces: readonly number[];
}

/**
 * Makes the reader of a signature.
 *
 * @param signature - What the endpoint takes.
 * @param capacity - Rows of the requests that are read into its own columns; 0 gives each request columns of its own.
 * @returns The reader.
 */
export function makeRequestReader(signature: RequestSignature, capacity: number): RequestReader {
  const { inputs } = signature;
  return {
    ...signature,
    index: new Map(inputs.map((input, place) => [input.name, place])),
    columns: makeInputColumns(inputs, capacity),
    capacity,
    seen: new Uint8Array(inputs.length),
    matrixPlaces: inputs.flatMap((input, place) => (input.required ? [place] : [])),
  };
}
