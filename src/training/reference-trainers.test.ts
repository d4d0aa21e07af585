import { describe, expect, test } from 'vitest';
import type { Column, Frame } from '#kernel';
import { parseCandidate } from './candidate.ts';
import { compileModel } from './compiled-model.ts';
import type { FeatureSpec } from './model.ts';
import { trainModel } from './train-model.ts';
import { rowsFrom } from './training.fixtures.ts';

const N = 60;
const rows = Array.from({ length: N }, (_, i) => i);
const x = Float32Array.from(rows, (i) => ((i * 37) % 61) / 10);
const u = Float32Array.from(rows, (i) => ((i * 53) % 47) / 7);
const k = Int32Array.from(rows, (i) => (i * 7 + Math.floor(i / 5)) % 3);
const withGaps = x.map((value, i) => (i % 9 === 4 ? Number.NaN : value));
const binary = Uint8Array.from('100101110010011100101101011010010100101101010010100101101011', Number);

const float = (name: string, values: Float32Array): Column => ({ kind: 'float32', name, values });
const category: Column = { kind: 'levels', name: 'k', values: k, levels: ['zero', 'one', 'two'] };
const linearTable: Frame = { nRows: N, columns: [float('x', x), float('u', u), category] };
const linearFeatures: readonly FeatureSpec[] = [
  { name: 'x', kind: 'number' },
  { name: 'u', kind: 'number' },
  { name: 'k', kind: 'category' },
];
const treeTable: Frame = { nRows: N, columns: [float('x', withGaps), float('u', u)] };

function predictions(
  frame: Frame,
  features: readonly FeatureSpec[],
  labels: Uint8Array | Float32Array,
  candidate: object,
): Float64Array {
  const task = labels instanceof Uint8Array ? 'binary' : 'regression';
  const { model } = trainModel({
    frame,
    features,
    labels,
    task,
    trainRows: rowsFrom(0, N),
    candidate: parseCandidate(candidate),
    seed: 7,
  });
  const out = new Float64Array(N);
  compileModel(model).predictRows(frame, out);
  return out;
}

function expectClose(found: Float64Array, golden: readonly number[], tolerance: number): void {
  const worst = Math.max(...golden.map((value, row) => Math.abs(value - (found[row] ?? Number.NaN))));
  expect(worst).toBeLessThan(tolerance);
}

describe('the trainers agree with reference implementations', () => {
  test('logistic: scikit-learn 1.9.1, LogisticRegression(C=1) on standardised numbers and one-hot levels', () => {
    const golden = [
      0.31863452201109965, 0.2889691238324832, 0.09308433760994056, 0.7407794197318888, 0.4891001871033493, 0.728236083818907,
    ];
    expectClose(predictions(linearTable, linearFeatures, binary, { kind: 'logistic', l2: 1 }), golden, 2e-6);
  });

  test('linear: scikit-learn 1.9.1, Ridge(alpha=2) on standardised numbers and one-hot levels', () => {
    const label = Float32Array.from(rows, (i) => (x[i] ?? 0) * 2 + (u[i] ?? 0) ** 2 - (k[i] === 2 ? 3 : 0));
    const golden = [
      -5.72857508827207, 6.80821475223515, 4.542940651363706, 19.863978749481994, 20.637371708429914, 21.241151520206206,
    ];
    expectClose(predictions(linearTable, linearFeatures, label, { kind: 'linear', l2: 2 }), golden, 2e-5);
  });

  test('gbt: XGBoost 3.2.0, exact, 10 trees of depth 3, with gaps in a column', () => {
    const golden = [
      0.8063369393348694, 0.07817301899194717, 0.08283975720405579, 0.9056058526039124, 0.36423155665397644, 0.9149582386016846,
      0.6140764355659485, 0.619392991065979,
    ];
    const candidate = { kind: 'gbt', trees: 10, depth: 3, learningRate: 0.3 };
    expectClose(predictions(treeTable, linearFeatures.slice(0, 2), binary, candidate), golden, 2e-6);
  });

  test('gbt with squared loss: XGBoost 3.2.0, exact, 10 trees of depth 3', () => {
    const label = Float32Array.from(rows, (i) => (u[i] ?? 0) ** 2 + (x[i] ?? 0) * 2);
    const golden = [
      3.519757032394409, 8.225385665893555, 5.849642753601074, 15.659753799438477, 17.50836181640625, 18.602449417114258,
      31.51018714904785, 38.86529541015625,
    ];
    const candidate = { kind: 'gbt', trees: 10, depth: 3, learningRate: 0.3 };
    expectClose(predictions(treeTable, linearFeatures.slice(0, 2), label, candidate), golden, 1e-4);
  });
});
