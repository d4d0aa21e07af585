import { floatBytes, WireWriter } from './wire-writer.ts';

/** Element types of ONNX tensors. */
export const OnnxType = { float: 1, int64: 7, string: 8, bool: 9 } as const;

/** An attribute of a node. */
export type OnnxAttribute =
  | { readonly float: number }
  | { readonly whole: number }
  | { readonly text: string }
  | { readonly floats: readonly number[] }
  | { readonly wholes: readonly number[] }
  | { readonly texts: readonly string[] }
  | { readonly tensor: OnnxTensor };

/** One operation: named tensors in, named tensors out. */
export interface OnnxNode {
  readonly op: string;
  /** `ai.onnx.ml`, or left out for the core operators. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: { readonly floats: readonly number[] } | { readonly wholes: readonly number[] };
}

/** An input or output of the graph; a text dimension is a name such as `N`. */
export interface OnnxValue {
  readonly name: string;
  readonly type: (typeof OnnxType)[keyof typeof OnnxType];
  readonly dims: readonly (number | string)[];
}

/** A whole model. */
export interface OnnxGraph {
  readonly name: string;
  readonly irVersion: number;
  /** Operator sets by domain; the empty domain is the core. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Field numbers of onnx.proto, frozen by its rules. */
const ATTRIBUTE_TYPES = { float: 1, whole: 2, text: 3, tensor: 4, floats: 6, wholes: 7, texts: 8 } as const;

/**
 * Writes a graph as the bytes of an `.onnx` file; equal graphs give equal bytes.
 *
 * @see onnx.proto of ONNX 1.12 to 1.22; the field numbers used here are the same in all of them.
 */
export function encodeGraph(graph: OnnxGraph): Uint8Array {
  const body = new WireWriter();
  for (const node of graph.nodes) body.message(1, encodeNode(node));
  body.text(2, graph.name);
  for (const constant of graph.constants) body.message(5, encodeTensor(constant));
  for (const input of graph.inputs) body.message(11, encodeValue(input));
  for (const output of graph.outputs) body.message(12, encodeValue(output));
  const model = new WireWriter().whole(1, graph.irVersion).text(2, 'gyre').message(7, body);
  for (const [domain, version] of Object.entries(graph.opsets)) {
    model.message(8, new WireWriter().text(1, domain).whole(2, version));
  }
  for (const [key, value] of Object.entries(graph.metadata)) model.message(14, new WireWriter().text(1, key).text(2, value));
  return model.finish();
}

function encodeNode(node: OnnxNode): WireWriter {
  const writer = new WireWriter();
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) writer.message(5, encodeAttribute(name, attribute));
  if (node.domain !== undefined) writer.text(7, node.domain);
  return writer;
}

function encodeAttribute(name: string, attribute: OnnxAttribute): WireWriter {
  const writer = new WireWriter().text(1, name);
  if ('float' in attribute) return writer.float(2, attribute.float).whole(20, ATTRIBUTE_TYPES.float);
  if ('whole' in attribute) return writer.whole(3, attribute.whole).whole(20, ATTRIBUTE_TYPES.whole);
  if ('text' in attribute) return writer.text(4, attribute.text).whole(20, ATTRIBUTE_TYPES.text);
  if ('tensor' in attribute) return writer.message(5, encodeTensor(attribute.tensor)).whole(20, ATTRIBUTE_TYPES.tensor);
  if ('floats' in attribute) return writer.floats(7, attribute.floats).whole(20, ATTRIBUTE_TYPES.floats);
  if ('wholes' in attribute) return writer.wholes(8, attribute.wholes).whole(20, ATTRIBUTE_TYPES.wholes);
  for (const text of attribute.texts) writer.text(9, text);
  return writer.whole(20, ATTRIBUTE_TYPES.texts);
}

function encodeTensor(tensor: OnnxTensor): WireWriter {
  const writer = new WireWriter().wholes(1, tensor.dims);
  if ('floats' in tensor.values) {
    return writer.whole(2, OnnxType.float).text(8, tensor.name).block(9, floatBytes(tensor.values.floats));
  }
  const view = new DataView(new ArrayBuffer(tensor.values.wholes.length * 8));
  tensor.values.wholes.forEach((value, index) => {
    view.setBigInt64(index * 8, BigInt(value), true);
  });
  return writer.whole(2, OnnxType.int64).text(8, tensor.name).block(9, new Uint8Array(view.buffer));
}

function encodeValue(value: OnnxValue): WireWriter {
  const shape = new WireWriter();
  for (const dim of value.dims) {
    shape.message(1, typeof dim === 'number' ? new WireWriter().whole(1, dim) : new WireWriter().text(2, dim));
  }
  const tensor = new WireWriter().whole(1, value.type).message(2, shape);
  return new WireWriter().text(1, value.name).message(2, new WireWriter().message(1, tensor));
}
