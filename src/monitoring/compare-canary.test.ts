import { describe, expect, test } from 'vitest';
import type { FeedbackSlice } from '#feedback';
import { DAY_MS, type Frame } from '#kernel';
import type { SqlTx } from '#platform/sql';
import { createRandom } from '#stats';
import { createCanaryQuality } from './compare-canary.ts';
import { compareCanary } from './judge-canary.ts';
import { aProject } from './monitoring.fixtures.ts';
import { START_MS } from './world.fixtures.ts';

/** Matches a text with this part. */
const saying = (part: string): unknown => expect.stringContaining(part);

// The judge only hands it on.
const NO_TX = {} as SqlTx;

/** `v1` knows the label well, `v2` half as often. */
function labelled(nDays: number, perDay: number): Frame {
  const n = nDays * perDay;
  const random = createRandom(3);
  const label = Float32Array.from({ length: n }, () => (random.uniform() < 0.5 ? 1 : 0));
  const deployment = Int32Array.from({ length: n }, () => random.below(2));
  const knows = (row: number): boolean => random.uniform() < (deployment[row] === 0 ? 0.9 : 0.45);
  return {
    nRows: n,
    columns: [
      {
        kind: 'float64',
        name: 'moment',
        values: Float64Array.from({ length: n }, (_, row) => START_MS + Math.floor(row / perDay) * DAY_MS),
      },
      {
        kind: 'float64',
        name: 'score',
        values: Float64Array.from(label, (value, row) => (knows(row) ? 0.1 + 0.8 * value : random.uniform())),
      },
      { kind: 'float32', name: 'shadow', values: new Float32Array(n) },
      { kind: 'levels', name: 'deployment', values: deployment, levels: ['v1', 'v2'] },
      { kind: 'float32', name: 'label', values: label },
    ],
  };
}

function ask(options: {
  readonly nDays?: number;
  readonly perDay?: number;
  readonly ratio?: number;
  readonly afterDays?: number;
  readonly document?: object;
}) {
  const { nDays = 5, perDay = 200, ratio = 1, afterDays = 8 } = options;
  const feedback: Pick<FeedbackSlice, 'labelledPredictions' | 'settled'> = {
    settled: () => Promise.resolve(),
    labelledPredictions: async () => ({
      frame: labelled(nDays, perDay),
      coverage: { expected: 1000, arrived: 1000 * ratio, ratio, orphans: 0, mature: true },
    }),
  };
  const quality = createCanaryQuality({
    projects: { find: async () => aProject({ ...options.document }), businessNowMs: async () => START_MS + afterDays * DAY_MS },
    feedback,
    numerics: { compareCanary: async (question) => compareCanary(question) },
  });
  return quality.compare(NO_TX, { projectId: 'p1', endpoint: 'churn', challenger: 'v2', control: 'v1', sinceMs: START_MS });
}

describe('a canary', () => {
  test('is compared with its control by days, challenger minus control', async () => {
    const answer = await ask({ document: { gates: { churn: { objective: 'retention', margin: 0.02 } } } });

    expect(answer).toMatchObject({ known: true, metric: 'roc_auc', direction: 'maximize', margin: 0.02 });
    expect(answer.known && answer.difference.high).toBeLessThan(-0.1);
    expect(answer.known && answer.difference.method).toContain('5 days');
  });

  test.each([
    ['outcomes are young', { afterDays: 1 }, 'no outcomes of this step are mature yet'],
    ['few outcomes are in', { ratio: 0.5 }, '500 of 1000 outcomes are in'],
    ['rows are few', { perDay: 20 }, '100 of each are needed'],
    ['days are few', { nDays: 2, perDay: 500 }, 'fewer than 3 days'],
    ['nothing watches performance', { document: { monitors: {} } }, 'no monitor of endpoint "churn" watches performance'],
  ])('is not known where %s', async (_, options, reason) => {
    expect(await ask(options)).toEqual({ known: false, reason: saying(reason) });
  });
});
