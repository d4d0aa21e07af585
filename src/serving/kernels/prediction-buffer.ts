import type { Column, Frame } from '#kernel';
import type { LiveDeployment } from '../live-endpoint.ts';
import { loggedName } from '../prediction-frame.ts';

/** Values of one model input, row by row. */
interface LoggedInput {
  readonly name: string;
  readonly source: number;
  readonly isCategory: boolean;
  readonly values: Float32Array | Int32Array;
  /** Codes of the texts so far, for categories. */
  readonly codes: Map<string, number>;
  readonly levels: string[];
}

/** Logged predictions of one deployment, in columns that were made beforehand: a row costs no memory but its ids. */
export interface PredictionBuffer {
  readonly deployment: LiveDeployment;
  readonly capacity: number;
  nRows: number;
  readonly ids: string[];
  readonly requests: string[];
  readonly moments: Float64Array;
  readonly arrived: Float64Array;
  readonly scores: Float64Array;
  readonly latencies: Float32Array;
  readonly inputs: readonly LoggedInput[];
}

/** What a buffer is told of the rows of one call. */
export interface LoggedCall {
  /** Columns that feed the model: of the call, or the features. */
  readonly sources: readonly Column[];
  readonly nRows: number;
  readonly requestId: string;
  /** Column that names the entities; undefined: the request id does. */
  readonly key: Column | undefined;
  readonly moments: Float64Array;
  readonly arrivedAtMs: number;
  /** `scores[row * stride]`. */
  readonly scores: Float64Array;
  readonly stride: number;
  readonly latencyUs: number;
  /** Number of the first row within its request. */
  readonly firstRow: number;
}

/** Bytes one logged row takes in the columns of a buffer. */
export function loggedRowBytes(deployment: LiveDeployment): number {
  return 28 + 4 * deployment.model.inputs.length;
}

/** Makes an empty buffer. */
export function makePredictionBuffer(deployment: LiveDeployment, capacity: number): PredictionBuffer {
  return {
    deployment,
    capacity,
    nRows: 0,
    ids: new Array<string>(capacity),
    requests: new Array<string>(capacity),
    moments: new Float64Array(capacity),
    arrived: new Float64Array(capacity),
    scores: new Float64Array(capacity),
    latencies: new Float32Array(capacity),
    inputs: deployment.model.inputs.map((input, place) => ({
      name: loggedName(input.name),
      source: deployment.sources[place]!,
      isCategory: input.kind === 'category',
      values: input.kind === 'category' ? new Int32Array(capacity) : new Float32Array(capacity),
      codes: new Map<string, number>(),
      levels: [],
    })),
  };
}

/** Appends rows of a call, as many as there is room for; returns how many. */
export function appendPredictions(buffer: PredictionBuffer, call: LoggedCall, skip: number): number {
  const start = buffer.nRows;
  const count = Math.min(call.nRows - skip, buffer.capacity - start);
  for (let offset = 0; offset < count; offset += 1) {
    const row = skip + offset;
    const at = start + offset;
    const id = call.key === undefined ? undefined : keyAt(call.key, row);
    const isOnly = call.nRows === 1 && call.firstRow === 0;
    buffer.ids[at] = id ?? (isOnly ? call.requestId : `${call.requestId}#${String(call.firstRow + row)}`);
    buffer.requests[at] = call.requestId;
    buffer.moments[at] = call.moments[row]!;
    buffer.arrived[at] = call.arrivedAtMs;
    buffer.scores[at] = call.scores[row * call.stride]!;
    buffer.latencies[at] = call.latencyUs;
  }
  const { inputs } = buffer;
  for (let place = 0; place < inputs.length; place += 1) {
    const input = inputs[place]!;
    const source = call.sources[input.source]!;
    const { values } = input;
    const from = source.values;
    if (input.isCategory) {
      for (let row = 0; row < count; row += 1) values[start + row] = levelCode(input, source, skip + row);
    } else if (source.kind === 'levels') {
      for (let row = 0; row < count; row += 1) values[start + row] = Number.NaN;
    } else {
      for (let row = 0; row < count; row += 1) values[start + row] = from[skip + row]!;
    }
  }
  buffer.nRows = start + count;
  return count;
}

function levelCode(input: LoggedInput, source: Column, row: number): number {
  const text = keyAt(source, row);
  return text === undefined ? -1 : codeOf(input, text);
}

/** Texts beyond this many a segment, and longer ones, share one level, so that a caller cannot fill the memory with them. */
const LEVELS_LIMIT = 10_000;
const LONGEST_LEVEL = 1024;
const OTHER_LEVEL = '(other)';

function codeOf(input: LoggedInput, text: string): number {
  const known = input.codes.get(text);
  if (known !== undefined) return known;
  const level = input.levels.length >= LEVELS_LIMIT || text.length > LONGEST_LEVEL ? OTHER_LEVEL : text;
  const before = input.codes.get(level);
  if (before !== undefined) return before;
  const code = input.levels.push(level) - 1;
  input.codes.set(level, code);
  return code;
}

function keyAt(column: Column, row: number): string | undefined {
  const value = column.values[row]!;
  if (column.kind === 'levels') return column.levels[value];
  return Number.isNaN(value) ? undefined : String(value);
}

/** Gives what was logged as a frame over the memory of the buffer, which must not be written any more. */
export function frameOfBuffer(buffer: PredictionBuffer): Frame {
  const { nRows, deployment } = buffer;
  const shadow = new Float32Array(nRows).fill(deployment.snapshot.shadow ? 1 : 0);
  const own: readonly Column[] = [
    { kind: 'levels', name: 'id', values: counting(nRows), levels: buffer.ids.slice(0, nRows) },
    { kind: 'levels', name: 'request', values: counting(nRows), levels: buffer.requests.slice(0, nRows) },
    { kind: 'float64', name: 'moment', values: buffer.moments.subarray(0, nRows) },
    { kind: 'float64', name: 'arrived', values: buffer.arrived.subarray(0, nRows) },
    { kind: 'float64', name: 'score', values: buffer.scores.subarray(0, nRows) },
    { kind: 'levels', name: 'deployment', values: new Int32Array(nRows), levels: [deployment.snapshot.name] },
    { kind: 'levels', name: 'model', values: new Int32Array(nRows), levels: [deployment.model.digest] },
    { kind: 'float32', name: 'latencyUs', values: buffer.latencies.subarray(0, nRows) },
    { kind: 'float32', name: 'shadow', values: shadow },
  ];
  return { nRows, columns: [...own, ...buffer.inputs.map((input) => inputColumn(input, nRows))] };
}

function inputColumn({ name, values, levels }: LoggedInput, nRows: number): Column {
  if (values instanceof Float32Array) return { kind: 'float32', name, values: values.subarray(0, nRows) };
  return { kind: 'levels', name, values: values.subarray(0, nRows), levels };
}

function counting(nRows: number): Int32Array {
  const values = new Int32Array(nRows);
  for (let row = 0; row < nRows; row += 1) values[row] = row;
  return values;
}
