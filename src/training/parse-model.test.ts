import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import { compileModel } from './compiled-model.ts';
import { encodeModel, type GbtModel, type Model, shortFloat32 } from './model.ts';
import { parseModel } from './parse-model.ts';
import { trainModel } from './train-model.ts';
import { aTraining } from './training.fixtures.ts';

const tree = {
  feature: [0, 1],
  threshold: [0.5, 2],
  missingLeft: [1, 0],
  left: [1, -1],
  right: [-3, -2],
  leaf: [0.1, -0.2, 0.3],
  leafRows: [3, 4, 5],
};
const encoder = { feature: 1, levels: ['x', 'y'], values: [0.25, 0.5], missing: 0.4, unseen: 0.3 };
const gbt: GbtModel = {
  format: 'gyre-model',
  version: 1,
  kind: 'gbt',
  task: 'binary',
  features: [
    { name: 'a', kind: 'number' },
    { name: 'b', kind: 'category' },
  ],
  encoders: [encoder],
  base: -0.5,
  trees: [tree],
};
const terms = { intercept: 1, centers: [0, 0], slopes: [1, 1], missing: [0, 0] };
const { base: _base, trees: _trees, ...common } = gbt;

function messageOf(document: unknown): string {
  const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : encodeModel(document as Model);
  try {
    parseModel(bytes);
  } catch (error) {
    if (isGyreError(error, 'training/bad-model')) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a model document', () => {
  test.each([{ kind: 'prior' }, { kind: 'logistic' }, { kind: 'gbt', trees: 12 }])(
    'of $kind comes back as it was',
    (candidate) => {
      const { model } = trainModel(aTraining({ candidate }));
      const bytes = encodeModel(model);

      expect(parseModel(bytes)).toEqual(model);
      expect(encodeModel(parseModel(bytes))).toEqual(bytes);
    },
  );

  test('says the same as before, to the last bit', () => {
    const input = aTraining({ candidate: { kind: 'gbt', trees: 30 } });
    const { model } = trainModel(input);
    const [before, after] = [model, parseModel(encodeModel(model))].map((one) => {
      const out = new Float64Array(input.frame.nRows);
      compileModel(one).predictRows(input.frame, out);
      return out;
    });

    expect(after).toEqual(before);
  });

  test('holds the shortest decimals that are the same float32', () => {
    expect(shortFloat32(0.1)).toBe(0.1);
    expect(shortFloat32(Math.fround(1 / 3))).toBe(0.33333334);
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (value) => Math.fround(shortFloat32(value)) === Math.fround(value),
      ),
    );
  });
});

describe('a model document is refused, with where and why, when', () => {
  test.each<[string, unknown, string]>([
    ['it is not JSON', '{', 'not a model document'],
    ['it is a list', '[]', '/format is not one of: gyre-model'],
    ['it is of another version', { ...gbt, version: 2 }, '/version is not a whole number from 1 to 1'],
    ['its kind is unknown', { ...gbt, kind: 'forest' }, '/kind is not one of'],
    ['it has a key too many', { ...gbt, tress: [] }, 'has an unknown key "tress"; did you mean "trees"?'],
    [
      'a name is used twice',
      { ...gbt, features: [gbt.features[0], gbt.features[0]] },
      '/features/1/name names "a" a second time',
    ],
    ['a category has no encoder', { ...gbt, encoders: [] }, '/encoders does not hold one encoder for each category'],
    ['a number has an encoder', { ...gbt, encoders: [{ ...encoder, feature: 0 }] }, '/encoders does not hold one encoder'],
    [
      'a level is named twice',
      { ...gbt, encoders: [{ ...encoder, levels: ['x', 'x'] }] },
      '/encoders/0/levels names a level twice',
    ],
    ['a level has no value', { ...gbt, encoders: [{ ...encoder, values: [1] }] }, '/encoders/0/values has 1 values instead of 2'],
    ['a level is the empty text', { ...gbt, encoders: [{ ...encoder, levels: ['', 'x'] }] }, 'which means missing'],
    ['a number is beyond float32', { ...gbt, base: 1e39 }, '/base is not a finite float32 number'],
    [
      'a number is text',
      '{"format":"gyre-model","version":1,"kind":"prior","task":"binary","features":[],"encoders":[],"value":"NaN"}',
      '/value',
    ],
    ['a split reads no feature', { ...gbt, trees: [{ ...tree, feature: [0, 2] }] }, '/trees/0/feature holds something else'],
    ['a tree leads back', { ...gbt, trees: [{ ...tree, left: [0, -1] }] }, '/trees/0 has a split 0 that leads back to 0'],
    ['a leaf is reached twice', { ...gbt, trees: [{ ...tree, right: [-1, -2] }] }, '/trees/0 reaches leaf 0 twice'],
    ['a split is reached twice', { ...gbt, trees: [{ ...tree, right: [1, -2] }] }, '/trees/0 reaches split 1 twice'],
    ['a child does not exist', { ...gbt, trees: [{ ...tree, right: [-4, -2] }] }, '/trees/0/right holds something else'],
    ['a leaf is missing', { ...gbt, trees: [{ ...tree, leaf: [1, 2] }] }, '/trees/0/leaf has 2 values instead of 3'],
    [
      'a probability is above 1',
      { ...common, kind: 'prior', encoders: [], value: 1.5 },
      '/value is 1.5; a probability is in [0, 1]',
    ],
    ['its task does not fit', { ...common, kind: 'linear', terms }, '/task does not go with linear'],
    [
      'terms are short',
      { ...common, kind: 'logistic', terms: { ...terms, slopes: [1] } },
      '/terms/slopes has 1 values instead of 2',
    ],
  ])('%s', (_, document, message) => {
    expect(messageOf(document)).toContain(message);
  });

  test('it is not UTF-8', () => {
    expect(() => parseModel(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('not a model document');
  });

  test('a tree is deeper than 64 levels', () => {
    const depth = 70;
    const steps = Array.from({ length: depth }, (_, step) => step);
    const chain = {
      feature: steps.map(() => 0),
      threshold: steps.map(() => 0),
      missingLeft: steps.map(() => 0),
      left: steps.map((step) => -1 - step),
      right: steps.map((step) => (step === depth - 1 ? -1 - depth : step + 1)),
      leaf: [...steps, depth],
      leafRows: [...steps, depth],
    };

    expect(messageOf({ ...gbt, trees: [chain] })).toBe('/trees/0 is deeper than 64');
  });

  test('any one value of it is exchanged for something else, or it still scores', () => {
    const text = new TextDecoder().decode(encodeModel(gbt));
    const values = [...text.matchAll(/-?\d+(\.\d+)?|"[^"]*"/g)];
    const other = fc.constantFrom('null', '-1', '1e999', '"x"', '[]', '{}', '0.5', '4294967296', 'true', '[[[]]]');
    fc.assert(
      fc.property(fc.nat(values.length - 1), other, (which, replacement) => {
        const match = values[which];
        const at = match?.index ?? 0;
        const broken = text.slice(0, at) + replacement + text.slice(at + (match?.[0].length ?? 0));
        try {
          const compiled = compileModel(parseModel(new TextEncoder().encode(broken)));
          return Number.isFinite(compiled.predictEncoded(new Float32Array(compiled.inputs.length)));
        } catch (error) {
          return isGyreError(error, 'training/bad-model');
        }
      }),
      { numRuns: 500 },
    );
  });
});
