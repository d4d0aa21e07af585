import { requireDatatype } from './datatypes.ts';
import { badInput, badRequest, quote } from './refusal.ts';

/** One input as it stands in a request; `data` is still unread, flat or nested. */
export interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** Flat, row-major, as many as the product of the shape. */
  readonly values: readonly unknown[];
}

/** A request as it stands, before any input is read. */
export interface InferBody {
  readonly id: string | undefined;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
}

/** Largest number of values of one input. */
const VALUES_LIMIT = 1_000_000;
const RANK_LIMIT = 8;
const ID_LIMIT = 256;

/** Reads the body of an inference request. */
export function readInferBody(text: string): InferBody {
  const body = parseJson(text);
  if (!isObject(body)) throw badRequest('the body must be a JSON object with "inputs"');
  const { inputs } = body;
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw badRequest('"inputs" must be a list of at least one {name, shape, datatype, data}');
  }
  checkParameters(body, 'the request');
  return { id: readId(body['id']), inputs: inputs.map(readTensor), outputs: readOutputs(body['outputs']) };
}

function parseJson(text: string): unknown {
  try {
    // Only a tensor of 64-bit integers can hold what a double cannot: only then is each number's own text looked at.
    return text.includes('INT64') ? (JSON.parse(text, keepExactIntegers) as unknown) : (JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest('the body is nested too deeply');
    throw badRequest(`the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}

function keepExactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d{1,20}$/.test(source) ? BigInt(source) : value;
}

function readId(id: unknown): string | undefined {
  if (id === undefined) return undefined;
  if (typeof id === 'string' && id.length <= ID_LIMIT) return id;
  throw badRequest(`"id" must be a string of at most ${String(ID_LIMIT)} characters, not ${quote(id)}`);
}

function readTensor(tensor: unknown, place: number): Tensor {
  if (!isObject(tensor)) throw badRequest(`inputs[${String(place)}] must be an object, not ${quote(tensor)}`);
  const { name } = tensor;
  if (typeof name !== 'string' || name === '') throw badRequest(`inputs[${String(place)}] has no "name"`);
  const datatype = requireDatatype(name, tensor['datatype']);
  const shape = readShape(name, tensor['shape']);
  if (tensor['parameters'] !== undefined) checkParameters(tensor, `input ${quote(name)}`);
  return { name, datatype, shape, values: readValues(name, shape, tensor['data']) };
}

function readShape(name: string, shape: unknown): readonly number[] {
  if (!Array.isArray(shape) || shape.length === 0 || shape.length > RANK_LIMIT) {
    throw badInput(name, `"shape" must be a list of 1 to ${String(RANK_LIMIT)} whole numbers, not ${quote(shape)}`);
  }
  let product = 1;
  for (const size of shape as readonly unknown[]) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw badInput(name, `"shape" ${quote(shape)} has ${quote(size)}; every size is a whole number, 0 or more`);
    }
    product *= size;
    if (product > VALUES_LIMIT) throw badInput(name, `"shape" ${quote(shape)} asks for over ${String(VALUES_LIMIT)} values`);
  }
  // Every member was seen to be a number.
  return shape as readonly number[];
}

function readValues(name: string, shape: readonly number[], data: unknown): readonly unknown[] {
  if (!Array.isArray(data)) throw badInput(name, '"data" must be a list, flat or nested by the shape');
  let expected = 1;
  for (const size of shape) expected *= size;
  const values = shape.length > 1 && Array.isArray(data[0]) ? flatten({ name, shape, data, depth: 0, into: [] }) : data;
  if (values.length !== expected) {
    throw badInput(name, `"shape" ${quote(shape)} asks for ${String(expected)} values, "data" has ${String(values.length)}`);
  }
  return values;
}

interface Nest {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: unknown;
  readonly depth: number;
  readonly into: unknown[];
}

/** Depth is bounded by the rank of the shape, so hostile nesting ends in an error, not in recursion. */
function flatten(nest: Nest): readonly unknown[] {
  const { name, shape, data, depth, into } = nest;
  if (!Array.isArray(data) || data.length !== shape[depth]) {
    throw badInput(name, `"data" is not nested as "shape" ${quote(shape)} says, at depth ${String(depth)}`);
  }
  if (depth === shape.length - 1) {
    for (const value of data as readonly unknown[]) into.push(value);
    return into;
  }
  for (const part of data as readonly unknown[]) flatten({ name, shape, data: part, depth: depth + 1, into });
  return into;
}

function readOutputs(outputs: unknown): readonly string[] {
  if (outputs === undefined) return [];
  if (!Array.isArray(outputs)) throw badRequest(`"outputs" must be a list of {name}, not ${quote(outputs)}`);
  return outputs.map((output: unknown, place) => {
    const name = isObject(output) ? output['name'] : undefined;
    if (typeof name !== 'string') throw badRequest(`outputs[${String(place)}] has no "name"`);
    return name;
  });
}

function checkParameters(holder: Readonly<Record<string, unknown>>, what: string): void {
  const parameters = holder['parameters'];
  if (parameters === undefined) return;
  if (!isObject(parameters)) throw badRequest(`"parameters" of ${what} must be an object`);
  for (const [key, value] of Object.entries(parameters)) {
    if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) continue;
    throw badRequest(`parameter ${quote(key)} of ${what} must be a string, number or boolean, not ${quote(value)}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
