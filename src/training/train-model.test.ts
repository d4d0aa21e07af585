import { describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import { logLoss, rocAuc } from '#stats';
import { compileModel } from './compiled-model.ts';
import { encodeModel } from './model.ts';
import { workerThreads } from './row-block-worker.ts';
import { type TrainingInput, trainModel } from './train-model.ts';
import { aTraining, rowsFrom, trainedOn } from './training.fixtures.ts';
import type { TrainingPoint } from './training-progress.ts';

function scoresOf(
  input: TrainingInput,
  rows: Int32Array,
): { labels: Uint8Array; scores: Float64Array; history: readonly TrainingPoint[] } {
  const { model, history } = trainModel(input);
  const all = new Float64Array(input.frame.nRows);
  compileModel(model).predictRows(input.frame, all);
  const scores = Float64Array.from(rows, (row) => all[row] ?? Number.NaN);
  return { labels: Uint8Array.from(rows, (row) => input.labels[row] ?? 0), scores, history };
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isGyreError(error)) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('training', () => {
  test('gives a baseline that says the share of label 1', () => {
    const { model } = trainedOn([1, 2, 3, 4], [0, 0, 0, 1], { kind: 'prior' });

    expect(model).toMatchObject({ kind: 'prior', value: 0.25 });
  });

  test('gives boosted trees that beat the linear model, which beats the baseline, on rows not trained on', () => {
    const loss = (candidate: object): number => {
      const input = aTraining({ nRows: 6000, candidate });
      return logLoss(scoresOf(input, input.validationRows ?? rowsFrom(0, 0)));
    };

    const [prior, logistic, gbt] = [{ kind: 'prior' }, { kind: 'logistic' }, { kind: 'gbt', trees: 60, depth: 4 }].map(loss);

    expect(logistic).toBeLessThan((prior ?? 0) - 0.02);
    expect(gbt).toBeLessThan((logistic ?? 0) - 0.05);
  });

  test('says during training the very loss that the evaluator finds on the validation rows', () => {
    const input = aTraining({ candidate: { kind: 'gbt', trees: 25, depth: 6 } });

    const { history, ...validation } = scoresOf(input, input.validationRows ?? rowsFrom(0, 0));

    expect(history).toHaveLength(25);
    expect(history.at(-1)?.validationLoss).toBeCloseTo(logLoss(validation), 9);
  });

  test('says during training the very loss that the evaluator finds on the training rows, where no category hides labels', () => {
    const numbersOnly = aTraining().features.filter((feature) => feature.kind === 'number');
    const input = aTraining({ features: numbersOnly, candidate: { kind: 'gbt', trees: 25, depth: 6, rowShare: 0.7 } });

    const { history, ...train } = scoresOf(input, input.trainRows);

    expect(history.at(-1)?.trainLoss).toBeCloseTo(logLoss(train), 9);
  });

  test('learns what a missing value means', () => {
    const values = Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? Number.NaN : row % 7));
    const labels = values.map((value) => (Number.isNaN(value) ? 1 : 0));

    for (const kind of ['gbt', 'logistic']) {
      const compiled = compileModel(trainedOn(values, labels, { kind }).model);
      expect(compiled.predictEncoded(new Float32Array([Number.NaN]))).toBeGreaterThan(0.9);
      expect(compiled.predictEncoded(new Float32Array([3]))).toBeLessThan(0.1);
    }
  });

  test('separates values that are neighbours in float32', () => {
    const low = Math.fround(0.1);
    const high = Math.fround(low + 7.450580596923828e-9);
    const values = Array.from({ length: 100 }, (_, row) => (row % 2 === 0 ? low : high));
    const compiled = compileModel(
      trainedOn(
        values,
        values.map((value) => (value === high ? 1 : 0)),
        { kind: 'gbt', trees: 30 },
      ).model,
    );

    expect(high).toBeGreaterThan(low);
    expect(compiled.predictEncoded(new Float32Array([low]))).toBeLessThan(0.1);
    expect(compiled.predictEncoded(new Float32Array([high]))).toBeGreaterThan(0.9);
  });

  test('does not believe a category of which every row has its own level', () => {
    const input = aTraining({ nRows: 3000, candidate: { kind: 'gbt', trees: 40, smoothing: 1 } });
    const ids = Int32Array.from({ length: 3000 }, (_, row) => row);
    const levels = Array.from(ids, (id) => `id-${id}`);
    const frame = { nRows: 3000, columns: [{ kind: 'levels' as const, name: 'id', values: ids, levels }] };
    const learner: TrainingInput = { ...input, frame, features: [{ name: 'id', kind: 'category' }] };

    const { history, ...validation } = scoresOf(learner, input.validationRows ?? rowsFrom(0, 0));
    const share = validation.labels.reduce((sum, label) => sum + label, 0) / validation.labels.length;
    const baseline = -(share * Math.log(share) + (1 - share) * Math.log(1 - share));

    expect(logLoss(validation)).toBeLessThan(baseline + 0.02);
    expect(history.at(-1)?.trainLoss).toBeGreaterThan(baseline - 0.1);
  });

  test('stops early and keeps the trees up to the best one', () => {
    const input = aTraining({ candidate: { kind: 'gbt', trees: 400, depth: 6, learningRate: 0.3, earlyStopping: 10 } });

    const { model, history } = trainModel(input);
    const losses = history.map((point) => point.validationLoss);
    const best = losses.indexOf(Math.min(...losses)) + 1;

    expect(history.length).toBe(best + 10);
    expect(model.kind === 'gbt' ? model.trees.length : 0).toBe(best);
  });

  test('stops when it is told to, with what it has', () => {
    let count = 0;
    const { model } = trainModel(aTraining({ candidate: { kind: 'gbt', trees: 50 } }), { shouldStop: () => ++count === 3 });

    expect(model.kind === 'gbt' ? model.trees.length : 0).toBe(3);
  });

  test('draws rows and features anew for each tree', () => {
    const input = aTraining({ candidate: { kind: 'gbt', trees: 30, depth: 3, rowShare: 0.5, featureShare: 0.4 } });
    const { labels, scores } = scoresOf(input, input.validationRows ?? rowsFrom(0, 0));
    const { model } = trainModel(input);
    const perTree = model.kind === 'gbt' ? model.trees.map((tree) => new Set(tree.feature)) : [];

    expect(rocAuc({ labels, scores })).toBeGreaterThan(0.7);
    expect(Math.max(...perTree.map((used) => used.size))).toBe(2);
    expect(new Set(perTree.flatMap((used) => [...used])).size).toBe(5);
  });
});

describe('a model is the same, byte by byte', () => {
  const bytes = (input: TrainingInput, threads?: number): string =>
    Buffer.from(
      encodeModel(trainModel(input, threads === undefined ? {} : { threads: workerThreads(threads) }).model),
    ).toString();

  test('for the same rows and seed, on one, two and three threads', () => {
    const input = aTraining({ nRows: 9000, candidate: { kind: 'gbt', trees: 15, depth: 7, rowShare: 0.8, featureShare: 0.7 } });

    const alone = bytes(input);

    expect(bytes(input)).toBe(alone);
    expect(bytes(input, 1)).toBe(alone);
    expect(bytes(input, 2)).toBe(alone);
    expect(bytes(input, 3)).toBe(alone);
  });

  test('in whatever order the table met its levels', () => {
    const input = aTraining({ candidate: { kind: 'logistic' } });
    const columns = input.frame.columns.map((column) => {
      if (column.kind !== 'levels') return column;
      const last = column.levels.length - 1;
      return {
        ...column,
        levels: column.levels.toReversed(),
        values: column.values.map((code) => (code < 0 ? -1 : last - code)),
      };
    });

    expect(bytes({ ...input, frame: { ...input.frame, columns } })).toBe(bytes(input));
  });

  test('but not for another seed', () => {
    const candidate = { kind: 'gbt', trees: 5, rowShare: 0.5 };

    expect(bytes(aTraining({ candidate, seed: 8 }))).not.toBe(bytes(aTraining({ candidate, seed: 7 })));
  });
});

describe('training refuses', () => {
  test.each([
    ['a table of one class', 'training/one-class', { labels: new Uint8Array(2000) }],
    ['a label that is neither 0 nor 1', 'training/bad-label', { labels: new Uint8Array(2000).fill(2) }],
    ['a label that is not known', 'training/bad-label', { labels: new Float32Array(2000).fill(Number.NaN) }],
    ['labels of another table', 'training/bad-label', { labels: new Uint8Array(3) }],
    ['no rows', 'training/no-rows', { trainRows: new Int32Array(0) }],
    ['no features', 'training/bad-feature', { features: [] }],
    ['a feature without a column', 'training/bad-feature', { features: [{ name: 'gone', kind: 'number' as const }] }],
    ['a feature of the wrong kind', 'training/bad-feature', { features: [{ name: 'a', kind: 'category' as const }] }],
    [
      'a feature named twice',
      'training/bad-feature',
      { features: [...aTraining().features, { name: 'a', kind: 'number' as const }] },
    ],
    ['a linear model for a binary task', 'training/bad-parameter', { candidate: { kind: 'linear' } }],
    [
      'early stopping on nothing',
      'training/no-rows',
      { candidate: { kind: 'gbt', earlyStopping: 5 }, validationRows: new Int32Array(0) },
    ],
  ])('%s', (_, code, over) => {
    expect(codeOf(() => trainModel(aTraining(over)))).toBe(code);
  });

  test('an infinite number', () => {
    expect(codeOf(() => trainedOn([1, 2, Number.POSITIVE_INFINITY], [0, 1, 0], { kind: 'gbt' }))).toBe('training/bad-feature');
  });

  test('an impossible number of threads', () => {
    expect(codeOf(() => workerThreads(0))).toBe('training/bad-parameter');
  });
});
