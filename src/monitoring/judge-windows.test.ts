import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, type Frame } from '#kernel';
import { createRandom, summarizeLevels, summarizeNumeric } from '#stats';
import { judgeDrift } from './judge-drift.ts';
import { judgePerformance } from './judge-performance.ts';
import { servedModels } from './watched-rows.ts';

/** Matches a text with this part. */
const saying = (part: string): unknown => expect.stringContaining(part);

const MODEL = 'sha256:m';

/** Rows over so many days; `x` and `label` by row. */
function aFrame(options: {
  readonly nDays: number;
  readonly perDay: number;
  readonly x?: (row: number) => number;
  readonly label?: (row: number) => number;
}): Frame {
  const n = options.nDays * options.perDay;
  const random = createRandom(5);
  const rows = Array.from({ length: n }, (_, row) => row);
  const score = Float64Array.from(rows, () => random.uniform());
  return {
    nRows: n,
    columns: [
      { kind: 'float64', name: 'moment', values: Float64Array.from(rows, (row) => Math.floor(row / options.perDay) * DAY_MS) },
      { kind: 'float64', name: 'score', values: score },
      { kind: 'levels', name: 'model', values: new Int32Array(n), levels: [MODEL] },
      { kind: 'float32', name: 'shadow', values: new Float32Array(n) },
      { kind: 'float32', name: 'x', values: Float32Array.from(rows, options.x ?? ((row) => score[row] ?? 0)) },
      { kind: 'levels', name: 'plan', values: Int32Array.from(rows, (row) => row % 4), levels: ['a', 'b', 'c', 'z'] },
      {
        kind: 'float32',
        name: 'label',
        values: Float32Array.from(rows, options.label ?? ((row) => ((score[row] ?? 0) > 0.5 ? 1 : 0))),
      },
    ],
  };
}

const uniform = Float64Array.from({ length: 10_000 }, (_, row) => (row + 0.5) / 10_000);
const reference = {
  nRows: 10_000,
  features: {
    x: summarizeNumeric(uniform),
    plan: summarizeLevels({ values: Int32Array.from({ length: 9000 }, (_, row) => row % 3), levels: ['a', 'b', 'c'] }),
  },
  scores: summarizeNumeric(uniform),
};
const drift = (frame: Frame, inputs = ['x']) =>
  judgeDrift({
    frame,
    modelDigest: MODEL,
    reference,
    inputs: inputs.map((name) => ({ name, column: name })),
    rules: { warn: 0.1, alert: 0.25, missing: 0.05 },
    minimumRows: 200,
    windowName: 'the week to 2001-03-15',
  });

describe('drift of a window', () => {
  test('passes where the rows are those of training', () => {
    expect(
      drift(aFrame({ nDays: 7, perDay: 200 })).map((signal) => `${signal.kind} ${signal.subject} ${signal.verdict}`),
    ).toEqual(['prediction-drift score pass', 'drift x pass']);
  });

  test('fails where an input moved, by its definition and its days', () => {
    const [, x] = drift(aFrame({ nDays: 7, perDay: 200, x: (row) => 0.5 + (row % 100) / 200 }));

    expect(x).toMatchObject({ verdict: 'fail', method: 'credit-psi(10 reference quantile bins, floor 1e-4)' });
    expect(x?.value.method).toBe('day-jackknife-t(7 days)');
  });

  test('of two days never decides', () => {
    const [, x] = drift(aFrame({ nDays: 2, perDay: 700, x: () => 9 }));

    expect(x?.verdict).toBe('undecided');
    expect(x?.text).toContain('fewer than 3 days');
  });

  test('of one heavy day among calm ones is not enough for an alert', () => {
    const [, x] = drift(aFrame({ nDays: 7, perDay: 200, x: (row) => (row < 200 ? 0.99 : (row % 100) / 100) }));

    expect(x?.verdict).not.toBe('fail');
  });

  test('names levels that training did not see', () => {
    const plan = drift(aFrame({ nDays: 7, perDay: 200 }), ['plan'])[1];

    expect(plan?.text).toContain('25 % of rows hold levels that training did not see');
  });

  test('is undecided for an input that was not logged, or as another kind', () => {
    const frame = aFrame({ nDays: 7, perDay: 200 });
    const asText: Frame = {
      nRows: frame.nRows,
      columns: frame.columns.map((column) =>
        column.name === 'x' ? { kind: 'levels', name: 'x', values: new Int32Array(frame.nRows), levels: ['1'] } : column,
      ),
    };
    const without: Frame = { nRows: frame.nRows, columns: frame.columns.filter((column) => column.name !== 'x') };

    expect(drift(asText)[1]).toMatchObject({ verdict: 'undecided', text: saying('another kind') });
    expect(drift(without)[1]).toMatchObject({ verdict: 'undecided', text: saying('not in the prediction log') });
  });

  test('counts a column that is all missing as missing, not as drifted', () => {
    const signals = drift(aFrame({ nDays: 7, perDay: 200, x: () => Number.NaN }));

    expect(signals.map((signal) => `${signal.kind} ${signal.subject} ${signal.verdict}`)).toEqual([
      'prediction-drift score pass',
      'drift x undecided',
      'missing x fail',
    ]);
  });
});

const performance = (frame: Frame, coverage: { readonly ratio: number; readonly mature?: boolean }) =>
  judgePerformance({
    frame,
    coverage: {
      expected: frame.nRows,
      arrived: Math.round(frame.nRows * coverage.ratio),
      ratio: coverage.ratio,
      mature: coverage.mature ?? true,
    },
    rules: { metric: 'roc_auc', direction: 'maximize', target: 0.62, minimumCoverage: 0.8 },
    minimumRows: 200,
    windowName: 'the week to 2001-03-15',
  });

describe('performance of a window', () => {
  const useless = aFrame({ nDays: 7, perDay: 200, label: (row) => row % 2 });

  test('decides by days where outcomes are in', () => {
    const signal = performance(useless, { ratio: 0.96 });

    expect(signal.verdict).toBe('fail');
    expect(signal.text).toMatch(/^roc_auc 0\.\d+ ± 0\.0\d < 0\.62 in the week to 2001-03-15, 96 % of outcomes in$/);
  });

  test('is undecided below the coverage it needs, whatever the labels say', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.799, noNaN: true }), (ratio) => {
        const signal = performance(useless, { ratio });
        expect(signal.verdict).toBe('undecided');
        expect(Number.isNaN(signal.value.low)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('is undecided before its labels are mature, with few rows, and with labels that are not 0 or 1', () => {
    expect(performance(useless, { ratio: 1, mature: false }).text).toContain('not mature yet');
    expect(performance(aFrame({ nDays: 7, perDay: 20 }), { ratio: 1 }).text).toBe(
      '140 outcomes of the week to 2001-03-15 are known; 200 are needed',
    );
    expect(performance(aFrame({ nDays: 7, perDay: 200, label: () => 3 }), { ratio: 1 })).toMatchObject({
      verdict: 'undecided',
      text: 'roc_auc needs labels of 0 and 1',
    });
    expect(performance(aFrame({ nDays: 7, perDay: 200, label: () => 1 }), { ratio: 1 }).verdict).toBe('undecided');
    expect(performance(aFrame({ nDays: 0, perDay: 0 }), { ratio: Number.NaN }).text).toBe(
      'no predictions in the week to 2001-03-15',
    );
  });
});

test('who answered is counted without shadows, most rows first', () => {
  const frame: Frame = {
    nRows: 5,
    columns: [
      { kind: 'levels', name: 'model', values: Int32Array.of(0, 1, 1, 1, 0), levels: ['a', 'b'] },
      { kind: 'float32', name: 'shadow', values: Float32Array.of(0, 0, 1, 1, 0) },
    ],
  };

  expect(servedModels(frame)).toEqual({
    predictions: 3,
    models: [
      { digest: 'a', rows: 2 },
      { digest: 'b', rows: 1 },
    ],
  });
});
