import { expect, test } from 'vitest';
import { gatesSection } from './gates-section.ts';

const document = {
  objectives: { retention: { metric: 'roc_auc', target: 0.7 }, error: { metric: 'rmse', target: 3 } },
};

function problemsOf(gates: object): readonly unknown[] {
  return gatesSection.check?.(gates, { ...document, gates }) ?? [];
}

test('a gate names an objective of the file', () => {
  expect(problemsOf({ churn: { objective: 'retention' } })).toEqual([]);
  expect(problemsOf({ churn: { objective: 'retenton' } })).toEqual([
    {
      pointer: '/gates/churn/objective',
      code: 'evaluation/unknown-objective',
      detail: 'there is no objective "retenton"; did you mean "retention"?',
    },
  ]);
  expect(gatesSection.check?.({ churn: { objective: 'x' } }, {})).toMatchObject([
    { detail: expect.stringContaining('there are: none') as unknown },
  ]);
});

test('a gate decides on a metric that evaluations have with an interval', () => {
  expect(problemsOf({ churn: { objective: 'error' } })).toMatchObject([{ code: 'evaluation/metric-not-evaluated' }]);
});
