import { describe, expect, test } from 'vitest';
import { DAY_MS, type JsonObject } from '#kernel';
import { monitorsOf } from './monitor.ts';
import { aProject } from './monitoring.fixtures.ts';
import { monitorsSection } from './monitors-section.ts';

const problems = (monitor: JsonObject, parts: JsonObject = {}) => {
  const monitors = { weekly: { endpoint: 'churn', ...monitor } };
  const { document } = aProject({ ...parts, monitors });
  return (monitorsSection.check?.(monitors, document) ?? []).map((problem) => `${problem.pointer} ${problem.code}`);
};

describe('the section monitors', () => {
  test('is fine by its defaults', () => {
    expect(problems({ performance: { objective: 'retention' } })).toEqual([]);
    expect(monitorsOf(aProject())).toMatchObject([
      {
        name: 'weekly',
        windowMs: 7 * DAY_MS,
        minimumRows: 100,
        drift: { warn: 0.1, alert: 0.25, missing: 0.05 },
        performance: {
          metric: 'roc_auc',
          direction: 'maximize',
          target: 0.65,
          outcome: 'churned',
          minimumCoverage: 0.8,
          maturityMs: DAY_MS,
        },
      },
    ]);
  });

  test('takes the maturity of the monitor or of its performance', () => {
    const maturityOf = (monitor: JsonObject) =>
      monitorsOf(aProject({ monitors: { weekly: { endpoint: 'churn', ...monitor } } }))[0]?.performance?.maturityMs;

    expect(maturityOf({ maturity: '8d', performance: { objective: 'retention' } })).toBe(8 * DAY_MS);
    expect(maturityOf({ maturity: '8d', performance: { objective: 'retention', maturity: '2d' } })).toBe(2 * DAY_MS);
  });

  test.each([
    ['an unknown endpoint', { endpoint: 'chrun' }, ['/monitors/weekly/endpoint monitoring/unknown-name']],
    ['an unknown outcome', { outcome: 'churn' }, ['/monitors/weekly/outcome monitoring/unknown-name']],
    [
      'an unknown objective',
      { performance: { objective: 'retntion' } },
      ['/monitors/weekly/performance/objective monitoring/unknown-name'],
    ],
    ['a window of a day', { window: '1d' }, ['/monitors/weekly/window monitoring/window-too-short']],
    ['lines in the wrong order', { drift: { warn: 0.5 } }, ['/monitors/weekly/drift/warn monitoring/bad-thresholds']],
    [
      'another metric',
      { performance: { objective: 'retention', metric: 'brier' } },
      ['/monitors/weekly/performance/metric monitoring/other-metric'],
    ],
  ])('refuses %s', (_, monitor, expected) => {
    expect(problems(monitor)).toEqual(expected);
  });

  test('refuses performance without an outcome feed, and a metric without an interval', () => {
    const performance = { objective: 'retention' };

    expect(problems({ performance }, { outcomes: {} })).toEqual(['/monitors/weekly/performance monitoring/no-outcome']);
    expect(problems({ performance }, { objectives: { retention: { metric: 'r2', target: 0.5 } } })).toEqual([
      '/monitors/weekly/performance/objective monitoring/metric-not-estimated',
    ]);
  });

  test('suggests the nearest name', () => {
    const monitors = { weekly: { endpoint: 'chrun' } };
    const [problem] = monitorsSection.check?.(monitors, aProject({ monitors }).document) ?? [];

    expect(problem?.detail).toContain('churn');
  });
});
