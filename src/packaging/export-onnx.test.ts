import { createRequire } from 'node:module';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { type Column, type Frame, isGyreError } from '#kernel';
import { createRandom } from '#stats';
import { compileModel, type FeatureSpec, type GbtModel, type Labels, type Model, parseCandidate, trainModel } from '#training';
import { exportOnnx } from './export-onnx.ts';

type Runtime = typeof import('onnxruntime-node');

/** Its native part may be missing on a platform; then these tests say so instead of failing. */
function loadRuntime(): Runtime | undefined {
  try {
    // The package's own types describe what require returns.
    return createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  } catch {
    return undefined;
  }
}

const runtime = loadRuntime();

const features: readonly FeatureSpec[] = [
  { name: 'a', kind: 'number' },
  { name: 'carrier', kind: 'category' },
  { name: 'b', kind: 'number' },
  { name: 'route', kind: 'category' },
];
const carriers = ['AA', 'UA', 'Ünï', 'with "quotes"'];
const routes = Array.from({ length: 40 }, (_, index) => `r${index}`);

/** Numbers on a grid of eighths and far out, gaps, and levels that training may not see. */
function aTable(
  nRows: number,
  seed: number,
  unseen: readonly string[] = [],
): { readonly frame: Frame; readonly labels: Uint8Array } {
  const random = createRandom(seed);
  const number = (scale: number): Float32Array =>
    new Float32Array(nRows).map(() => {
      const draw = random.below(20);
      if (draw === 0) return Number.NaN;
      if (draw === 1) return (random.below(33) - 16) / 8;
      return draw === 2 ? (random.uniform() - 0.5) * 1e6 : (random.uniform() - 0.5) * scale;
    });
  const column = (name: string, levels: readonly string[]): Column => ({
    kind: 'levels',
    name,
    levels: [...levels, ...unseen],
    values: new Int32Array(nRows).map(() => random.below(levels.length + unseen.length + 1) - 1),
  });
  const columns: Column[] = [
    { kind: 'float32', name: 'a', values: number(4) },
    column('carrier', carriers),
    { kind: 'float32', name: 'b', values: number(400) },
    column('route', routes),
  ];
  const labels = new Uint8Array(nRows).map((_, row) => {
    const [a, carrier, b, route] = columns.map((each) => each.values[row] ?? 0);
    const margin =
      (Number.isNaN(a ?? 0) ? 1 : Math.tanh(a ?? 0)) * (carrier === 1 ? 2 : -1) + Math.sin((b ?? 0) / 40) + (route ?? 0) / 20 - 1;
    return random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  return { frame: { nRows, columns }, labels };
}

function trained(candidate: object, task: 'binary' | 'regression' = 'binary'): Model {
  const { frame, labels } = aTable(4000, 5);
  const amounts: Labels = task === 'binary' ? labels : Float32Array.from(labels, (label, row) => label * 3 + (row % 7));
  const trainRows = Int32Array.from(labels, (_, row) => row);
  return trainModel({ frame, features, labels: amounts, task, trainRows, candidate: parseCandidate(candidate), seed: 7 }).model;
}

/** Puts a threshold of the model into every third row, so that rows lie exactly on splits. */
function onThresholds(frame: Frame, model: Model): Frame {
  if (model.kind !== 'gbt') return frame;
  const columns = frame.columns.map((column, index) => {
    const own = model.trees.flatMap((tree) => tree.threshold.filter((_, split) => tree.feature[split] === index));
    if (column.kind !== 'float32' || own.length === 0) return column;
    return { ...column, values: column.values.map((value, row) => (row % 3 === 0 ? (own[row % own.length] ?? value) : value)) };
  });
  return { ...frame, columns };
}

function tensorOf(ort: Runtime, column: Column): Tensor {
  const dims = [column.values.length, 1];
  if (column.kind !== 'levels') return new ort.Tensor('float32', Float32Array.from(column.values), dims);
  const texts = Array.from(column.values, (code) => column.levels[code] ?? '');
  return new ort.Tensor('string', texts, dims);
}

async function openSession(ort: Runtime, model: Model): Promise<InferenceSession> {
  return ort.InferenceSession.create(exportOnnx(model), { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
}

async function answersOf(ort: Runtime, model: Model, frame: Frame): Promise<Record<string, Tensor>> {
  const session = await openSession(ort, model);
  const feeds = Object.fromEntries(frame.columns.map((column) => [column.name, tensorOf(ort, column)]));
  return { ...(await session.run(feeds)) };
}

function scoresOf(model: Model, frame: Frame): Float64Array {
  const scores = new Float64Array(frame.nRows);
  compileModel(model).predictRows(frame, scores);
  return scores;
}

describe('the ONNX graph', () => {
  test.skipIf(runtime === undefined)('is tested against onnxruntime-node, which loads here', () => {
    expect(runtime?.InferenceSession).toBeDefined();
  });

  test
    .skipIf(runtime === undefined)
    .for<[object]>([
      [{ kind: 'prior' }],
      [{ kind: 'logistic' }],
      [{ kind: 'logistic', maxOneHotLevels: 10 }],
      [{ kind: 'gbt', trees: 100, depth: 6 }],
      [{ kind: 'gbt', trees: 7, depth: 10, minChildWeight: 0 }],
    ])('of %j says what the evaluator says on 10,000 rows, with gaps, unseen levels and rows on a split', async ([candidate]) => {
    if (runtime === undefined) return;
    const model = trained(candidate);
    const frame = onThresholds(aTable(10_000, 6, ['never seen', 'Ü']).frame, model);

    const { probability, label } = await answersOf(runtime, model, frame);
    const found = probability?.data ?? [];
    const scores = scoresOf(model, frame);
    const worst = scores.reduce((most, score, row) => Math.max(most, Math.abs(score - Number(found[row]))), 0);

    expect(probability?.dims).toEqual([10_000, 1]);
    expect(worst).toBeLessThan(1e-5);
    expect(label?.dims).toEqual([10_000]);
    expect([...scores.keys()].filter((row) => Number(label?.data[row]) !== (Number(found[row]) >= 0.5 ? 1 : 0))).toEqual([]);
  });

  test.skipIf(runtime === undefined).for<[object]>([[{ kind: 'prior' }], [{ kind: 'linear' }], [{ kind: 'gbt', trees: 60 }]])(
    'of a regression by %j answers one number a row',
    async ([candidate]) => {
      if (runtime === undefined) return;
      const model = trained(candidate, 'regression');
      const frame = onThresholds(aTable(2000, 8).frame, model);

      const answers = await answersOf(runtime, model, frame);
      const found = answers['prediction']?.data ?? [];
      const scores = scoresOf(model, frame);

      expect(Object.keys(answers)).toEqual(['prediction']);
      expect(scores.every((score, row) => Math.abs(score - Number(found[row])) <= 1e-5 * Math.max(1, Math.abs(score)))).toBe(
        true,
      );
    },
  );

  test.skipIf(runtime === undefined)('of trees that are leaves only is a constant', async () => {
    if (runtime === undefined) return;
    const leaf = { feature: [], threshold: [], missingLeft: [], left: [], right: [], leaf: [0.25], leafRows: [4] };
    const model: GbtModel = {
      format: 'gyre-model',
      version: 1,
      kind: 'gbt',
      task: 'binary',
      features: [{ name: 'x', kind: 'number' }],
      encoders: [],
      base: -1,
      trees: [leaf, leaf],
    };
    const frame: Frame = { nRows: 2, columns: [{ kind: 'float32', name: 'x', values: Float32Array.of(1, Number.NaN) }] };

    const { probability } = await answersOf(runtime, model, frame);

    expect(Number(probability?.data[1])).toBeCloseTo(1 / (1 + Math.exp(0.5)), 6);
  });

  test.skipIf(runtime === undefined)('keeps inputs apart from outputs of the same name', async () => {
    if (runtime === undefined) return;
    const model: Model = {
      format: 'gyre-model',
      version: 1,
      kind: 'logistic',
      task: 'binary',
      features: [
        { name: 'probability', kind: 'number' },
        { name: 'label', kind: 'number' },
      ],
      encoders: [],
      terms: { intercept: 0, centers: [0, 0], slopes: [1, 0], missing: [0, 0] },
    };
    const column = (name: string): Column => ({ kind: 'float32', name, values: Float32Array.of(0) });

    const answers = await answersOf(runtime, model, { nRows: 1, columns: [column('probability'), column('label')] });

    expect(Object.keys(answers)).toEqual(['probability_out', 'label_out']);
    expect(answers['probability_out']?.data[0]).toBe(0.5);
  });

  test('is the same, byte by byte, for the same model, and carries what it is told to', () => {
    const model = trained({ kind: 'gbt', trees: 3 });
    const bytes = exportOnnx(model, { 'gyre.model-digest': 'sha256:0' });

    expect(exportOnnx(model, { 'gyre.model-digest': 'sha256:0' })).toEqual(bytes);
    expect(Buffer.from(bytes).toString('latin1')).toContain('gyre.model-digest');
  });

  test('needs an input', () => {
    try {
      exportOnnx({ format: 'gyre-model', version: 1, kind: 'prior', task: 'binary', features: [], encoders: [], value: 0.5 });
      expect.unreachable();
    } catch (error) {
      expect(isGyreError(error, 'packaging/no-inputs')).toBe(true);
    }
  });
});
