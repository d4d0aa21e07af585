import { expect, test } from 'vitest';
import { columnOf, DAY_MS, type Frame } from '#kernel';
import { rocAuc } from '#stats';
import { aFrame, aReference, aSpec, scoreBy } from './evaluation.fixtures.ts';
import type { EvaluationSpec } from './evaluation.ts';
import { countDays, judgeModel } from './judge-model.ts';

const frame = aFrame();
const judge = (spec: Partial<EvaluationSpec>, of: Frame = frame) =>
  judgeModel(aSpec(spec), { frame: of, score: scoreBy('signal'), references: [] });

test('only rows in the range whose label is known are judged', () => {
  const report = judge({ rows: { split: 'test', fromMs: 2 * DAY_MS, toMs: 5 * DAY_MS } });
  expect(report).toMatchObject({ nRows: 285, nDays: 3 });
  const labels = columnOf(frame, 'label').values.subarray(200, 500);
  expect(report.nPositives).toBe([...labels].filter((label) => label === 1).length);
});

test('metrics are those of the chosen rows, with intervals by day at the level that was asked for', () => {
  const report = judge({ level: 0.9 });
  const known = [...columnOf(frame, 'label').values].flatMap((label, row) => (Number.isNaN(label) ? [] : [row]));
  const labels = Uint8Array.from(known, (row) => columnOf(frame, 'label').values[row] ?? 0);
  const scores = Float64Array.from(known, (row) => columnOf(frame, 'signal').values[row] ?? 0);
  expect(report.metrics.roc_auc).toMatchObject({
    value: rocAuc({ labels, scores }),
    n: known.length,
    level: 0.9,
    method: 'day-bootstrap(12 days)',
  });
  for (const [metric, estimate] of Object.entries(report.metrics)) {
    expect(estimate.value, metric).toBeGreaterThan(0);
    if (metric !== 'ece') expect(estimate.low < estimate.value && estimate.value < estimate.high, metric).toBe(true);
  }
  expect(report.metrics.ece).toMatchObject({ method: 'none', low: Number.NaN });
});

test('a comparison is the judged model minus the other on the same rows', () => {
  const references = [aReference('champion', 'noise'), aReference('baseline', 'signal')];
  const report = judgeModel(aSpec(), { frame, score: scoreBy('signal'), references });
  const [champion, baseline] = report.comparisons;
  expect(champion?.against).toBe('champion');
  const difference = champion?.differences.roc_auc;
  expect(difference?.value).toBeCloseTo(report.metrics.roc_auc.value - (champion?.reference.roc_auc.value ?? 0), 12);
  expect(difference?.low).toBeGreaterThan(0);
  expect(champion?.differences.log_loss.value).toBeLessThan(0);
  expect(baseline?.differences.roc_auc).toMatchObject({ value: 0, low: 0, high: 0 });
  expect(baseline?.differences.ece.value).toBe(0);
});

test('slices show every large enough level, the worst first, and the worst over all columns', () => {
  const report = judge({ sliceColumns: ['region', 'amount'] });
  const [region, amount] = report.slices;
  expect(region?.levels.map((level) => level.level)[0]).toBe('west');
  expect(region?.levels.reduce((sum, level) => sum + level.nRows, 0)).toBe(report.nRows);
  expect(amount?.levels.map((level) => level.level)).toContain('(missing)');
  expect(amount?.levels.length).toBe(5);
  expect(amount?.levels.reduce((sum, level) => sum + level.nPositives, 0)).toBe(report.nPositives);
  expect(report.worstSlice).toMatchObject({ column: 'region', level: 'west' });
});

test('the worst slice of a metric that is minimized is the one with the highest loss', () => {
  const report = judge({ sliceColumns: ['region'], primaryMetric: 'log_loss' });
  const values = report.slices[0]?.levels.map((level) => level.metric.value) ?? [];
  expect(report.worstSlice?.metric.value).toBe(Math.max(...values));
});

test('levels with too few rows are counted and not shown', () => {
  const report = judge({ sliceColumns: ['region'], minimumSliceRows: 5000 });
  expect(report.slices).toEqual([{ column: 'region', metric: 'roc_auc', levels: [], skippedLevels: 3 }]);
  expect(report.worstSlice).toBeUndefined();
});

test('the same question has the same answer', () => {
  const spec = { sliceColumns: ['region'] };
  expect(judge(spec)).toEqual(judge(spec));
  expect(judge({ seed: 2 }).metrics.roc_auc).not.toEqual(judge({}).metrics.roc_auc);
});

test('a day of a few stray rows is no evidence that days were many', () => {
  const stray = Int32Array.from([...new Array<number>(100).fill(1), ...new Array<number>(90).fill(2), 3, 3]);
  expect(countDays(stray)).toBe(2);
  expect(countDays(new Int32Array(0))).toBe(0);
  expect(countDays(Int32Array.of(4, 4, 5))).toBe(2);
});

test('what cannot be judged is refused by name', () => {
  const label = columnOf(frame, 'label');
  const withLabels = (values: (row: number) => number): Frame => ({
    nRows: frame.nRows,
    columns: frame.columns.map((column) =>
      column.name === 'label'
        ? { ...label, kind: 'float32', values: Float32Array.from({ length: frame.nRows }, (_, row) => values(row)) }
        : column,
    ),
  });
  const codeOf = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const later = { split: 'test', fromMs: 900 * DAY_MS, toMs: 901 * DAY_MS };
  expect(codeOf(() => judge({ rows: later }))).toMatchObject({ code: 'evaluation/no-rows' });
  expect(
    codeOf(() =>
      judge(
        {},
        withLabels(() => Number.NaN),
      ),
    ),
  ).toMatchObject({ code: 'evaluation/no-rows' });
  expect(
    codeOf(() =>
      judge(
        {},
        withLabels((row) => row),
      ),
    ),
  ).toMatchObject({ code: 'evaluation/label-not-binary' });
  expect(codeOf(() => judge({ sliceColumns: ['regoin'] }))).toMatchObject({
    code: 'evaluation/no-slice-column',
    message: expect.stringContaining('did you mean "region"?') as unknown,
  });
  expect(codeOf(() => judge({}, { nRows: 0, columns: [] }))).toMatchObject({ code: 'kernel/no-column' });
  const scoring = (scores: Float64Array) => codeOf(() => judgeModel(aSpec(), { frame, score: () => scores, references: [] }));
  expect(scoring(new Float64Array(3))).toMatchObject({ code: 'evaluation/bad-score' });
  expect(scoring(new Float64Array(1140).fill(Number.NaN))).toMatchObject({ code: 'evaluation/bad-score' });
  expect(scoring(new Float64Array(1140).fill(1.5))).toMatchObject({ code: 'evaluation/bad-score' });
});

test('labels of one class leave ranking undefined and say so, while errors stay known', () => {
  const label = columnOf(frame, 'label');
  const columns = frame.columns.map((column) =>
    column.name === 'label' ? { ...label, values: label.values.map(() => 0) } : column,
  );
  const report = judge({}, { nRows: frame.nRows, columns: columns as Frame['columns'] });
  expect(report.metrics.roc_auc.value).toBeNaN();
  expect(report.metrics.brier.value).toBeGreaterThan(0);
});
