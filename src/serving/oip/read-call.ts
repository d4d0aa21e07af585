import { didYouMean, type GyreError, isGyreError, parseTimeMs } from '#kernel';
import {
  type GrowingLevels,
  type InputColumn,
  makeInputColumns,
  type RequestReader,
  type SignatureInput,
} from '../input-columns.ts';
import { readUsualMatrix } from '../kernels/read-matrix.ts';
import { numberAt, refuseValue, textOf, type ValuePlace } from './datatypes.ts';
import { badInput, badRequest, quote } from './refusal.ts';
import { readInferBody, type Tensor } from './tensor-json.ts';

/** Largest number of rows of one request. */
const ROWS_LIMIT = 10_000;
/** Name of the one two-dimensional tensor that may stand for all numeric inputs. */
export const MATRIX_INPUT = 'input';

/** A request, read into columns. */
export interface ReadRequest {
  readonly id: string | undefined;
  /** The reader's own columns for small requests: valid in this turn only. */
  readonly columns: readonly InputColumn[];
  readonly nRows: number;
  /** Places of the outputs asked for; empty for all. */
  readonly outputs: readonly string[];
}

/** Reads the body of an inference request into columns. */
export function readRequest(text: string, reader: RequestReader): ReadRequest {
  const body = readInferBody(text);
  const nRows = rowsOf(body.inputs);
  const columns = nRows <= reader.capacity ? reader.columns : makeInputColumns(reader.inputs, nRows);
  const seen = reader.seen.fill(0);
  for (const tensor of body.inputs) {
    if (reader.takesMatrix && tensor.name === MATRIX_INPUT) readMatrix({ reader, columns, seen, tensor, nRows });
    else readInput({ reader, columns, seen, tensor, nRows });
  }
  clearUnsent(reader.inputs, columns, seen, nRows);
  return { id: body.id, columns, nRows, outputs: body.outputs };
}

function rowsOf(inputs: readonly Tensor[]): number {
  const [first] = inputs;
  const nRows = first?.shape[0] ?? 0;
  if (nRows === 0) throw badInput(first?.name ?? '', 'has no rows; send at least one');
  if (nRows > ROWS_LIMIT) {
    throw badRequest(`${String(nRows)} rows are too many for one request; send at most ${String(ROWS_LIMIT)}`);
  }
  const other = inputs.find((tensor) => tensor.shape[0] !== nRows);
  if (other === undefined) return nRows;
  throw badInput(other.name, `has ${String(other.shape[0])} rows, but ${quote(first?.name)} has ${String(nRows)}`);
}

interface Reading {
  readonly reader: RequestReader;
  readonly columns: readonly InputColumn[];
  readonly seen: Uint8Array;
  readonly tensor: Tensor;
  readonly nRows: number;
}

function readInput({ reader, columns, seen, tensor, nRows }: Reading): void {
  const place = reader.index.get(tensor.name) ?? -1;
  const column = columns[place];
  const input = reader.inputs[place];
  if (column === undefined || input === undefined) throw unknownInput(reader, tensor.name);
  claim(seen, place, tensor.name);
  if (tensor.values.length !== nRows) throw badInput(tensor.name, `"shape" ${quote(tensor.shape)} is not one value a row`);
  if (column.kind === 'levels') readTexts(column, tensor, nRows);
  else if (input.kind === 'time') readTimes(column.values, tensor, nRows);
  else readNumbers(column.values, tensor, { from: 0, stride: 1, nRows });
}

function readMatrix({ reader, columns, seen, tensor, nRows }: Reading): void {
  const { matrixPlaces: places } = reader;
  if (tensor.shape.length !== 2 || tensor.shape[1] !== places.length) {
    throw badInput(tensor.name, `"shape" ${quote(tensor.shape)} must be [rows, ${String(places.length)}]`);
  }
  for (const place of places) claim(seen, place, tensor.name);
  const isFloat = tensor.datatype === 'FP32' || tensor.datatype === 'FP64';
  if (isFloat && readUsualMatrix(tensor.values, columns, places, nRows) < 0) return;
  for (const [from, place] of places.entries()) {
    const column = columns[place];
    if (column !== undefined) readNumbers(column.values, tensor, { from, stride: places.length, nRows });
  }
}

function claim(seen: Uint8Array, place: number, name: string): void {
  if (seen[place] === 1) throw badInput(name, 'is given twice');
  seen[place] = 1;
}

interface Rows {
  readonly from: number;
  readonly stride: number;
  readonly nRows: number;
}

function readNumbers(values: Float32Array | Float64Array | Int32Array, tensor: Tensor, { from, stride, nRows }: Rows): void {
  const isFloat = tensor.datatype === 'FP32' || tensor.datatype === 'FP64';
  for (let row = 0; row < nRows; row += 1) {
    const index = from + row * stride;
    const value = tensor.values[index];
    // 1e38 is below the largest float32: the usual number needs no further look.
    const isUsual = isFloat && typeof value === 'number' && value < 1e38 && value > -1e38;
    values[row] = isUsual ? value : heldNumber(value, values, { name: tensor.name, datatype: tensor.datatype, index });
  }
}

function heldNumber(value: unknown, values: Float32Array | Float64Array | Int32Array, place: ValuePlace): number {
  const number = numberAt(value, place);
  if (values instanceof Float32Array && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) {
    throw badInput(place.name, `value ${String(place.index)} is ${quote(value)}, which the model's FP32 input cannot hold`);
  }
  return number;
}

function readTimes(values: Float32Array | Float64Array | Int32Array, tensor: Tensor, nRows: number): void {
  for (let row = 0; row < nRows; row += 1) {
    const value = tensor.values[row];
    const place = { name: tensor.name, datatype: tensor.datatype, index: row };
    values[row] = tensor.datatype === 'BYTES' && typeof value === 'string' ? timeOf(value, place) : instantAt(value, place);
  }
}

/** Beyond it there is no date: such a moment could be logged and never be shown again. */
const LAST_TIME_MS = 8.64e15;

function instantAt(value: unknown, place: ValuePlace): number {
  const timeMs = numberAt(value, place);
  return Math.abs(timeMs) > LAST_TIME_MS
    ? refuseValue(value, place, 'milliseconds since 1970, at most 100 million days from it')
    : timeMs;
}

function timeOf(text: string, place: ValuePlace): number {
  try {
    return parseTimeMs(text);
  } catch (error) {
    if (!isGyreError(error)) throw error;
    throw badInput(place.name, `value ${String(place.index)}: ${error.message}`);
  }
}

function readTexts(column: GrowingLevels, tensor: Tensor, nRows: number): void {
  column.levels.length = 0;
  const codes = nRows === 1 ? undefined : new Map<string, number>();
  for (let row = 0; row < nRows; row += 1) {
    const text = textOf(tensor.values[row], { name: tensor.name, datatype: tensor.datatype, index: row });
    column.values[row] = text === undefined ? -1 : levelOf(column.levels, codes, text);
  }
}

function levelOf(levels: string[], codes: Map<string, number> | undefined, text: string): number {
  const known = codes?.get(text);
  if (known !== undefined) return known;
  const code = levels.push(text) - 1;
  codes?.set(text, code);
  return code;
}

/** The columns are used again and again: what this request did not send must not keep the values of the one before. */
function clearUnsent(inputs: readonly SignatureInput[], columns: readonly InputColumn[], seen: Uint8Array, nRows: number): void {
  for (let place = seen.indexOf(0); place >= 0; place = seen.indexOf(0, place + 1)) {
    const input = inputs[place];
    if (input === undefined) return;
    if (input.required) {
      const missing = inputs.filter((other, index) => other.required && seen[index] !== 1).map((other) => other.name);
      throw badInput(input.name, `is missing; send ${missing.join(', ')} (a value may be null)`);
    }
    columns[place]?.values.fill(input.storage === 'levels' ? -1 : Number.NaN, 0, nRows);
  }
}

function unknownInput(reader: RequestReader, name: string): GyreError {
  const names = reader.inputs.map((input) => input.name);
  return badInput(name, `is unknown to "${reader.name}"${didYouMean(name, names)}; it takes ${names.join(', ')}`);
}
