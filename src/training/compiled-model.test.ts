import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '#kernel';
import { compileModel } from './compiled-model.ts';
import type { GbtModel, LinearModel, Model, Tree } from './model.ts';
import { trainModel } from './train-model.ts';
import { aTraining } from './training.fixtures.ts';

/** The plain reading of a tree, as its documentation says it. */
function leafOf(tree: Tree, row: Float32Array): number {
  let at = tree.feature.length === 0 ? -1 : 0;
  while (at >= 0) {
    const x = row[tree.feature[at] ?? 0] ?? Number.NaN;
    at = (goesLeft(tree, at, x) ? tree.left[at] : tree.right[at]) ?? -1;
  }
  return Math.fround(tree.leaf[-1 - at] ?? 0);
}

function goesLeft(tree: Tree, split: number, x: number): boolean {
  return Number.isNaN(x) ? tree.missingLeft[split] === 1 : x <= Math.fround(tree.threshold[split] ?? 0);
}

function modelOf(trees: readonly Tree[], nFeatures: number): GbtModel {
  const features = Array.from({ length: nFeatures }, (_, index) => ({ name: `f${index}`, kind: 'number' as const }));
  return { format: 'gyre-model', version: 1, kind: 'gbt', task: 'regression', features, encoders: [], base: 0.5, trees };
}

/** Trees of any shape: each split takes a leaf and puts two in its place. */
const anyTree = (nFeatures: number, values: readonly number[]): fc.Arbitrary<Tree> =>
  fc
    .array(
      fc.record({ feature: fc.nat(nFeatures - 1), threshold: fc.constantFrom(...values), missing: fc.nat(1), leaf: fc.nat() }),
      {
        maxLength: 12,
      },
    )
    .map((splits) => {
      const tree = { feature: [], threshold: [], missingLeft: [], left: [], right: [], leaf: [1], leafRows: [0] } as {
        [Key in keyof Tree]: number[];
      };
      splits.forEach((split, node) => {
        const leaf = split.leaf % (node + 1);
        for (const side of ['left', 'right'] as const) {
          const parent = tree[side].indexOf(-1 - leaf);
          if (parent >= 0) tree[side][parent] = node;
        }
        tree.feature.push(split.feature);
        tree.threshold.push(split.threshold);
        tree.missingLeft.push(split.missing);
        tree.left.push(-1 - leaf);
        tree.right.push(-2 - node);
        tree.leaf.push(node + 2);
        tree.leafRows.push(0);
      });
      return tree;
    });

describe('a compiled model', () => {
  test('falls into the leaves that the plain reading of its trees finds, for gaps, infinities and exact thresholds too', () => {
    const values = [-1, 0, Math.fround(0.1), 1, 3.4028234663852886e38];
    const inputs = [...values, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, Math.fround(0.1000001)];
    const cases = fc.record({
      trees: fc.array(anyTree(3, values), { maxLength: 9 }),
      row: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(...inputs))),
    });
    fc.assert(
      fc.property(cases, ({ trees, row }) => {
        const encoded = Float32Array.from(row);
        const plain = trees.reduce((sum, tree) => sum + leafOf(tree, encoded), 0.5);
        return Math.abs(compileModel(modelOf(trees, 3)).predictEncoded(encoded) - plain) < 1e-9;
      }),
      { numRuns: 300 },
    );
  });

  test('scores a table as it scores its rows', () => {
    const input = aTraining({ nRows: 700, candidate: { kind: 'gbt', trees: 9 } });
    const compiled = compileModel(trainModel(input).model);
    const out = new Float64Array(700);
    compiled.predictRows(input.frame, out);

    const [a, b, c, carrier, route] = input.frame.columns;
    const level = (column: typeof a, row: number): string | undefined =>
      column?.kind === 'levels' ? column.levels[column.values[row] ?? -1] : undefined;
    for (let row = 0; row < 700; row += 1) {
      const numbers = [a, b, c].map((column) => column?.values[row] ?? Number.NaN);
      const categories = [compiled.encodeLevel(3, level(carrier, row)), compiled.encodeLevel(4, level(route, row))];
      expect(compiled.predictEncoded(Float32Array.from([...numbers, ...categories]))).toBe(out[row]);
    }
  });

  test('finds its columns by name, in whatever order and with whatever levels, and rounds doubles to float32', () => {
    const input = aTraining({ nRows: 500, candidate: { kind: 'logistic' } });
    const compiled = compileModel(trainModel(input).model);
    const columns = input.frame.columns.toReversed().map((column) => {
      if (column.kind === 'float32')
        return { kind: 'float64' as const, name: column.name, values: Float64Array.from(column.values) };
      if (column.kind === 'float64') return column;
      const values = column.values.map((code) => (code < 0 ? -1 : code + 1));
      return { ...column, values, levels: ['never seen', ...column.levels] };
    });
    const [before, after] = [input.frame, { nRows: 500, columns } satisfies Frame].map((frame) => {
      const out = new Float64Array(500);
      compiled.predictRows(frame, out);
      return out;
    });

    expect(after).toEqual(before);
  });

  test('gives an unseen level the overall mean, and a missing one what training found', () => {
    const { model } = trainModel(aTraining({ candidate: { kind: 'gbt', trees: 3 } }));
    const compiled = compileModel(model);
    const route = model.encoders[1];

    expect(compiled.encodeLevel(4, 'never seen')).toBe(Math.fround(route?.unseen ?? 0));
    expect(compiled.encodeLevel(4, undefined)).toBe(Math.fround(route?.missing ?? 0));
    expect(compiled.encodeLevel(4, '')).toBe(compiled.encodeLevel(4, undefined));
    expect(route?.missing).not.toBe(route?.unseen);
    expect(compiled.encodeLevel(0, 'a number has no levels')).toBeNaN();
  });

  test('takes whatever is not finite for missing, in a linear model', () => {
    const linear: LinearModel = {
      format: 'gyre-model',
      version: 1,
      kind: 'linear',
      task: 'regression',
      features: [{ name: 'x', kind: 'number' }],
      encoders: [],
      terms: { intercept: 1, centers: [2], slopes: [3], missing: [10] },
    };
    const { predictEncoded } = compileModel(linear);

    expect(predictEncoded(Float32Array.of(4))).toBe(7);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(predictEncoded(Float32Array.of(value))).toBe(11);
    }
  });

  test('stays between 0 and 1 however far out the row is', () => {
    const compiled = compileModel(trainModel(aTraining({ candidate: { kind: 'logistic' } })).model);
    for (const value of [-3e38, -1e6, 1e6, 3e38]) {
      const probability = compiled.predictEncoded(Float32Array.of(value, value, value, 0, 0));
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
  });

  test.each<[string, (model: Model) => void, string]>([
    [
      'a row of another width',
      (model) => compileModel(model).predictEncoded(new Float32Array(2)),
      'a row of 2 values for 5 inputs',
    ],
    [
      'a table without an input',
      (model) => compileModel(model).predictRows({ nRows: 0, columns: [] }, new Float64Array(0)),
      'no column for input "a"',
    ],
    [
      'a column of the wrong kind',
      (model) => {
        const swapped: Readonly<Record<string, string>> = { a: 'route', route: 'a' };
        const columns = aTraining().frame.columns.map((column) => ({ ...column, name: swapped[column.name] ?? column.name }));
        compileModel(model).predictRows({ nRows: 2000, columns }, new Float64Array(2000));
      },
      'input "a" is a number but its column holds levels',
    ],
    [
      'too little room for the answers',
      (model) => compileModel(model).predictRows(aTraining().frame, new Float64Array(1)),
      'room for 1 predictions of 2000 rows',
    ],
  ])('refuses %s', (_, run, message) => {
    const { model } = trainModel(aTraining({ candidate: { kind: 'gbt', trees: 1 } }));

    expect(() => run(model)).toThrow(message);
  });
});
