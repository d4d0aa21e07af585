import { Task } from './candidate.ts';
import { DocumentReader } from './document-reader.ts';
import type { CategoryEncoder, FeatureSpec, LinearTerms, Model, Tree } from './model.ts';
import { trainingError } from './training-error.ts';
import { requireOneTree } from './tree-shape.ts';

const MAX_MODEL_BYTES = 256 * 1024 * 1024;
const MAX_FEATURES = 4096;
const MAX_LEVELS = 200_000;
const MAX_TREES = 20_000;
const MAX_SPLITS_PER_TREE = 65_535;
const MAX_SPLITS = 5_000_000;

const COMMON_KEYS = ['format', 'version', 'kind', 'task', 'features', 'encoders'];
const OWN_KEYS = { prior: ['value'], logistic: ['terms'], linear: ['terms'], gbt: ['base', 'trees'] } as const;
const KINDS = ['prior', 'logistic', 'linear', 'gbt'] as const;

/**
 * Reads a model from bytes that may come from anywhere. Whatever it returns can be compiled and scored without further checks: sizes, indices and
 * numbers are in range, and no tree has a cycle.
 *
 * @param bytes - UTF-8 JSON, at most 256 MiB.
 * @returns The model.
 * @throws {@link GyreError} `training/bad-model` with a JSON pointer to the first fault; `training/too-large` for too many bytes.
 * @example
 * ```ts
 * const text = '{"encoders":[],"features":[],"format":"gyre-model","kind":"prior","task":"regression","value":4,"version":1}';
 * parseModel(new TextEncoder().encode(text)).task; // => 'regression'
 * ```
 */
export function parseModel(bytes: Uint8Array): Model {
  if (bytes.length > MAX_MODEL_BYTES) {
    throw trainingError('training/too-large', `a model of ${bytes.length} bytes; at most ${MAX_MODEL_BYTES}`, 'too-large');
  }
  const reader = new DocumentReader(readJson(bytes), 'training/bad-model');
  reader.at('format').oneOf(['gyre-model']);
  reader.at('version').whole(1, 1);
  const kind = reader.at('kind').oneOf(KINDS);
  reader.onlyKeys([...COMMON_KEYS, ...OWN_KEYS[kind]]);
  const task = reader.at('task').oneOf(Task);
  const features = readFeatures(reader.at('features'));
  const encoders = readEncoders(reader.at('encoders'), features, kind !== 'prior');
  const common = { format: 'gyre-model', version: 1, task, features, encoders } as const;
  if (kind === 'prior') return { ...common, kind, value: readPrior(reader.at('value'), task) };
  if (kind === 'gbt') {
    const trees = readTrees(reader.at('trees'), features.length);
    return { ...common, kind, base: reader.at('base').float32(), trees };
  }
  if ((kind === 'logistic') !== (task === 'binary')) reader.at('task').fail(`does not go with ${kind}`);
  return { ...common, kind, terms: readTerms(reader.at('terms'), features.length) };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 120) : 'unreadable';
    throw trainingError('training/bad-model', `not a model document: ${why}`);
  }
}

function readPrior(reader: DocumentReader, task: Task): number {
  const value = reader.float32();
  if (task === 'binary' && (value < 0 || value > 1)) reader.fail(`is ${value}; a probability is in [0, 1]`);
  return value;
}

function readFeatures(reader: DocumentReader): readonly FeatureSpec[] {
  const names = new Set<string>();
  return reader.list(MAX_FEATURES).map((item) => {
    item.onlyKeys(['name', 'kind']);
    const name = item.at('name').text();
    if (name === '') item.at('name').fail('is empty');
    if (names.has(name)) item.at('name').fail(`names "${name.slice(0, 40)}" a second time`);
    names.add(name);
    return { name, kind: item.at('kind').oneOf(['number', 'category'] as const) };
  });
}

function readEncoders(reader: DocumentReader, features: readonly FeatureSpec[], isNeeded: boolean): readonly CategoryEncoder[] {
  const encoders = reader.list(features.length).map(readEncoder);
  const encoded = encoders.map((encoder) => encoder.feature);
  const wanted = [...features.keys()].filter((index) => isNeeded && features[index]?.kind === 'category');
  if (encoded.join() !== wanted.join()) reader.fail('does not hold one encoder for each category, in the order of the features');
  return encoders;
}

function readEncoder(reader: DocumentReader): CategoryEncoder {
  reader.onlyKeys(['feature', 'levels', 'values', 'missing', 'unseen']);
  const levels = reader.at('levels').texts(MAX_LEVELS);
  if (new Set(levels).size < levels.length) reader.at('levels').fail('names a level twice');
  if (levels.includes('')) reader.at('levels').fail('holds the empty text, which means missing');
  return {
    feature: reader.at('feature').whole(0, MAX_FEATURES),
    levels,
    values: reader.at('values').numbers({ length: levels.length, maxLength: MAX_LEVELS }),
    missing: reader.at('missing').float32(),
    unseen: reader.at('unseen').float32(),
  };
}

function readTerms(reader: DocumentReader, nFeatures: number): LinearTerms {
  reader.onlyKeys(['intercept', 'centers', 'slopes', 'missing']);
  const perFeature = (key: string): readonly number[] => reader.at(key).numbers({ length: nFeatures });
  return {
    intercept: reader.at('intercept').float32(),
    centers: perFeature('centers'),
    slopes: perFeature('slopes'),
    missing: perFeature('missing'),
  };
}

function readTrees(reader: DocumentReader, nFeatures: number): readonly Tree[] {
  let nSplits = 0;
  return reader.list(MAX_TREES).map((item) => {
    const tree = readTree(item, nFeatures);
    nSplits += tree.feature.length;
    if (nSplits > MAX_SPLITS) reader.fail(`have more than ${MAX_SPLITS} splits in all`);
    requireOneTree(item, tree);
    return tree;
  });
}

function readTree(reader: DocumentReader, nFeatures: number): Tree {
  reader.onlyKeys(['feature', 'threshold', 'missingLeft', 'left', 'right', 'leaf', 'leafRows']);
  const feature = reader.at('feature').numbers({ maxLength: MAX_SPLITS_PER_TREE, whole: { low: 0, high: nFeatures - 1 } });
  const length = feature.length;
  const child = { length, whole: { low: -1 - length, high: length - 1 } };
  return {
    feature,
    threshold: reader.at('threshold').numbers({ length }),
    missingLeft: reader.at('missingLeft').numbers({ length, whole: { low: 0, high: 1 } }),
    left: reader.at('left').numbers(child),
    right: reader.at('right').numbers(child),
    leaf: reader.at('leaf').numbers({ length: length + 1 }),
    leafRows: reader.at('leafRows').numbers({ length: length + 1, whole: { low: 0, high: 2 ** 31 - 1 } }),
  };
}
