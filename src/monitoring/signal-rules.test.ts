import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointEstimate } from '#kernel';
import { anEstimate } from './monitoring.fixtures.ts';
import { judgeMetric, judgeMissing, judgeStability, percent, worstVerdict } from './signal-rules.ts';

/** Matches a text with this part. */
const saying = (part: string): unknown => expect.stringContaining(part);

const LINES = { warn: 0.1, alert: 0.25 };
const AUC = { metric: 'roc_auc', direction: 'maximize', target: 0.62 } as const;

describe('the stability index', () => {
  test.each([
    ['clearly large', anEstimate(0.25, 0.45), 'fail', 'PSI 0.3 ± 0.1 ≥ 0.25'],
    ['clearly small', anEstimate(0.01, 0.05), 'pass', 'PSI 0.03 ± 0.02 < 0.25'],
    ['between the lines', anEstimate(0.12, 0.2), 'pass', 'PSI 0.16 ± 0.04 < 0.25, above the warning line 0.1'],
    ['large but unsure', anEstimate(0.05, 0.7), 'undecided', 'PSI 0.4 ± 0.3 does not decide against 0.25'],
    ['small but unsure', anEstimate(0, 0.4), 'undecided', 'PSI 0.2 ± 0.2 does not decide against 0.25'],
    [
      'of two days',
      anEstimate(0.9, 0.91, { method: 'multinomial-delta, conditional' }),
      'undecided',
      'PSI 0.905: fewer than 3 days of rows decide nothing',
    ],
    ['not defined', pointEstimate(Number.NaN, 0), 'undecided', 'PSI unknown: it is not defined on these rows'],
  ] as const)('that is %s', (_, psi, verdict, text) => {
    expect(judgeStability(psi, LINES)).toEqual({ verdict, text });
  });

  test('shows both ends where the value is not in the middle', () => {
    expect(judgeStability(anEstimate(0.12, 0.5, { value: 0.48 }), LINES).text).toBe('PSI 0.48 (0.12 to 0.5) ≥ 0.25');
  });
});

describe('a metric', () => {
  test('passes or fails only with its whole interval', () => {
    expect(judgeMetric(anEstimate(0.659, 0.683), AUC)).toEqual({ verdict: 'pass', text: 'roc_auc 0.67 ± 0.01 ≥ 0.62' });
    expect(judgeMetric(anEstimate(0.58, 0.61), AUC).verdict).toBe('fail');
    expect(judgeMetric(anEstimate(0.58, 0.63), AUC)).toMatchObject({
      verdict: 'undecided',
      text: saying('does not decide'),
    });
  });

  test('that is minimized is judged the other way', () => {
    const loss = { metric: 'log_loss', direction: 'minimize', target: 0.5 } as const;

    expect(judgeMetric(anEstimate(0.4, 0.45), loss)).toMatchObject({ verdict: 'pass', text: saying('≤ 0.5') });
    expect(judgeMetric(anEstimate(0.6, 0.7), loss).verdict).toBe('fail');
  });

  test('never decides by an interval of fewer than three days', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true }), (low, width) => {
        const estimate = anEstimate(low, low + width, { method: 'delong, conditional' });
        expect(judgeMetric(estimate, AUC).verdict).toBe('undecided');
      }),
    );
  });

  test('is decided on one side of its target at most', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true }), (low, width) => {
        const { verdict } = judgeMetric(anEstimate(low, low + width), AUC);
        const high = low + width;
        expect(verdict === 'pass').toBe(low >= 0.62);
        expect(verdict === 'fail').toBe(high < 0.62);
      }),
    );
  });
});

test('a change of missing values fails in both directions', () => {
  expect(judgeMissing(anEstimate(0.1, 0.2), 0.05).verdict).toBe('fail');
  expect(judgeMissing(anEstimate(-0.2, -0.1), 0.05).verdict).toBe('fail');
  expect(judgeMissing(anEstimate(-0.01, 0.01), 0.05).verdict).toBe('pass');
  expect(judgeMissing(anEstimate(0.01, 0.2), 0.05).verdict).toBe('undecided');
});

test('the verdict of a window is the worst of what decides', () => {
  expect(worstVerdict(['pass', 'undecided', 'fail'])).toBe('fail');
  expect(worstVerdict(['undecided', 'pass'])).toBe('pass');
  expect(worstVerdict(['undecided'])).toBe('undecided');
  expect(worstVerdict([])).toBe('undecided');
});

test('shares are written as percent', () => {
  expect([percent(0.957), percent(0.004), percent(0), percent(Number.NaN)]).toEqual(['96 %', '0.4 %', '0 %', 'unknown %']);
});
