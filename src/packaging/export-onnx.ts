import { GyreError } from '#kernel';
import type { CategoryEncoder, LinearTerms, Model } from '#training';
import { encodeGraph, type OnnxNode, type OnnxTensor, OnnxType, type OnnxValue } from './onnx-graph.ts';
import { treeEnsemble } from './tree-ensemble.ts';

/** Operator sets of 2022: what is needed, read by every runtime of the last years. */
const IR_VERSION = 8;
const CORE_OPSET = 17;
const ML_OPSET = 3;

/** A part of the graph that ends in one tensor. */
interface Part {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
}

/** Names that the graph uses beside those of the features. */
interface Names {
  readonly encoded: string;
  readonly margin: string;
  readonly answer: string;
  readonly label: string;
  readonly own: (part: string) => string;
}

/**
 * Writes a model as an ONNX graph. Each number is an input of shape `[N, 1]` of float32 (NaN missing), each category one of strings (the empty text
 * missing). A binary task answers `probability`, `[N, 1]` of float32, and `label`, `[N]` of int64, which is 1 from 0.5 on; a regression answers
 * `prediction`. An output whose name a feature has already gets `_out` behind it.
 *
 * @param model - A trained model.
 * @param metadata - Text to carry in the file, such as the digest of the model.
 * @returns The bytes of an `.onnx` file (IR 8, opset 17, ai.onnx.ml 3); equal models and metadata give equal bytes.
 * @throws {@link GyreError} `packaging/no-inputs` when the model has no features.
 * @example
 * ```ts
 * const features = [{ name: 'x', kind: 'number' as const }];
 * const bytes = exportOnnx({ format: 'gyre-model', version: 1, kind: 'prior', task: 'binary', features, encoders: [], value: 0.25 });
 * bytes[0]; // => 8
 * ```
 * @see https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export function exportOnnx(model: Model, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  if (model.features.length === 0) {
    throw new GyreError({
      kind: 'invalid',
      code: 'packaging/no-inputs',
      message: 'a model without features cannot become an ONNX graph',
    });
  }
  const names = nameParts(model);
  const answer = answerOf(model, names);
  return encodeGraph({
    name: `gyre ${model.kind}`,
    irVersion: IR_VERSION,
    opsets: { '': CORE_OPSET, 'ai.onnx.ml': ML_OPSET },
    inputs: model.features.map(({ name, kind }) => ({
      name,
      type: kind === 'number' ? OnnxType.float : OnnxType.string,
      dims: ['N', 1],
    })),
    outputs: outputsOf(model, names),
    nodes: answer.nodes,
    constants: answer.constants,
    metadata,
  });
}

function nameParts(model: Model): Names {
  const taken = new Set(model.features.map((feature) => feature.name));
  const free = (name: string): string => (taken.has(name) ? free(`${name}_out`) : name);
  return {
    encoded: free('gyre/encoded'),
    margin: free('gyre/margin'),
    answer: free(model.task === 'binary' ? 'probability' : 'prediction'),
    label: free('label'),
    own: (part) => free(`gyre/${part}`),
  };
}

function outputsOf(model: Model, names: Names): readonly OnnxValue[] {
  const answer = { name: names.answer, type: OnnxType.float, dims: ['N', 1] };
  return model.task === 'binary' ? [answer, { name: names.label, type: OnnxType.int64, dims: ['N'] }] : [answer];
}

function answerOf(model: Model, names: Names): Part {
  if (model.kind === 'prior') return joined([constantAnswer(model, names, names.answer, model.value), labelPart(model, names)]);
  // A regression's margin is its answer already.
  const margin = model.task === 'binary' ? names.margin : names.answer;
  const link: OnnxNode[] = model.task === 'binary' ? [{ op: 'Sigmoid', inputs: [margin], outputs: [names.answer] }] : [];
  return joined([
    encodedInputs(model, names),
    marginPart(model, names, margin),
    { nodes: link, constants: [] },
    labelPart(model, names),
  ]);
}

function marginPart(model: Exclude<Model, { kind: 'prior' }>, names: Names, output: string): Part {
  if (model.kind !== 'gbt') return linearPart(model.terms, names, output);
  const sum = names.own('sum');
  const { node, constant } = treeEnsemble(model.trees, names.encoded, sum);
  if (node === undefined) return constantAnswer(model, names, output, model.base + constant);
  const base = names.own('base');
  return {
    nodes: [node, { op: 'Add', inputs: [sum, base], outputs: [output] }],
    constants: [row(base, [model.base + constant])],
  };
}

/** `intercept + Σ (finite(x) ? slope·(x − center) : missing)`; x − x is NaN for whatever is not finite. */
function linearPart(terms: LinearTerms, names: Names, output: string): Part {
  const own = names.own;
  const x = names.encoded;
  const column = (name: string, values: readonly number[]): OnnxTensor => ({
    name,
    dims: [values.length, 1],
    values: { floats: values },
  });
  return {
    nodes: [
      { op: 'Sub', inputs: [x, own('centers')], outputs: [own('centered')] },
      { op: 'Sub', inputs: [x, x], outputs: [own('nothing')] },
      { op: 'IsNaN', inputs: [own('nothing')], outputs: [own('is-missing')] },
      { op: 'Where', inputs: [own('is-missing'), own('zero'), own('centered')], outputs: [own('known')] },
      { op: 'MatMul', inputs: [own('known'), own('slopes')], outputs: [own('known-sum')] },
      { op: 'Cast', inputs: [own('is-missing')], outputs: [own('missing-flags')], attributes: { to: { whole: OnnxType.float } } },
      { op: 'MatMul', inputs: [own('missing-flags'), own('missing')], outputs: [own('missing-sum')] },
      { op: 'Add', inputs: [own('known-sum'), own('missing-sum')], outputs: [own('both')] },
      { op: 'Add', inputs: [own('both'), own('intercept')], outputs: [output] },
    ],
    constants: [
      row(own('centers'), terms.centers),
      row(own('zero'), [0]),
      column(own('slopes'), terms.slopes),
      column(own('missing'), terms.missing),
      row(own('intercept'), [terms.intercept]),
    ],
  };
}

/** All inputs as one matrix of floats, categories by their encoder. */
function encodedInputs(model: Model, names: Names): Part {
  const encoders = new Map(model.encoders.map((encoder) => [encoder.feature, encoder]));
  const nodes: OnnxNode[] = [];
  const columns = model.features.map(({ name }, index) => {
    const encoder = encoders.get(index);
    if (encoder === undefined) return name;
    const output = names.own(`encoded-${index}`);
    nodes.push(labelEncoder(encoder, name, output));
    return output;
  });
  nodes.push({ op: 'Concat', inputs: columns, outputs: [names.encoded], attributes: { axis: { whole: 1 } } });
  return { nodes, constants: [] };
}

function labelEncoder(encoder: CategoryEncoder, input: string, output: string): OnnxNode {
  return {
    op: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      keys_strings: { texts: ['', ...encoder.levels] },
      values_floats: { floats: [encoder.missing, ...encoder.values] },
      default_float: { float: encoder.unseen },
    },
  };
}

/** One value for all rows: the shape is the first input's. */
function constantAnswer(model: Model, names: Names, output: string, value: number): Part {
  const shape = names.own('shape');
  const tensor: OnnxTensor = { name: names.own('value'), dims: [1], values: { floats: [value] } };
  return {
    nodes: [
      { op: 'Shape', inputs: [model.features[0]?.name ?? ''], outputs: [shape] },
      { op: 'ConstantOfShape', inputs: [shape], outputs: [output], attributes: { value: { tensor } } },
    ],
    constants: [],
  };
}

function labelPart(model: Model, names: Names): Part {
  if (model.task !== 'binary') return { nodes: [], constants: [] };
  const own = names.own;
  return {
    nodes: [
      { op: 'GreaterOrEqual', inputs: [names.answer, own('half')], outputs: [own('is-one')] },
      { op: 'Cast', inputs: [own('is-one')], outputs: [own('label-column')], attributes: { to: { whole: OnnxType.int64 } } },
      { op: 'Squeeze', inputs: [own('label-column'), own('last-axis')], outputs: [names.label] },
    ],
    constants: [row(own('half'), [0.5]), { name: own('last-axis'), dims: [1], values: { wholes: [1] } }],
  };
}

function row(name: string, floats: readonly number[]): OnnxTensor {
  return { name, dims: [1, floats.length], values: { floats } };
}

function joined(parts: readonly Part[]): Part {
  return { nodes: parts.flatMap((part) => part.nodes), constants: parts.flatMap((part) => part.constants) };
}
