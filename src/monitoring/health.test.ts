import { describe, expect, test } from 'vitest';
import { DAY_MS, pointEstimate } from '#kernel';
import { type HealthFacts, healthOf } from './health.ts';
import { anAlert, anEstimate, aSignal, aWindow } from './monitoring.fixtures.ts';
import { START_MS } from './world.fixtures.ts';

const of = (facts: Partial<HealthFacts>) => healthOf({ windows: [aWindow()], firing: [], watch: 'performance', ...facts });
const lacking = aSignal({
  verdict: 'undecided',
  value: pointEstimate(0.5, 40),
  text: '40 % of outcomes of the week to 2001-03-22 are in; 80 % are needed',
});
const straddling = aSignal({
  verdict: 'undecided',
  value: anEstimate(0.6, 0.66),
  text: 'roc_auc 0.63 ± 0.03 does not decide against 0.62',
});

describe('health of an endpoint', () => {
  test('is healthy by its newest decided performance, in one sentence', () => {
    expect(of({})).toMatchObject({
      health: 'healthy',
      reason: 'roc_auc 0.67 ± 0.01 ≥ 0.62 in the week to 2001-03-15, 96 % of outcomes in',
      performance: { metric: 'roc_auc', toMs: START_MS + 14 * DAY_MS },
    });
  });

  test('is failing while a performance alert fires, whatever else does', () => {
    const firing = [anAlert(), anAlert({ number: 2, subject: 'performance:roc_auc', reason: 'roc_auc 0.5 < 0.62' })];

    expect(of({ firing })).toMatchObject({ health: 'failing', reason: 'roc_auc 0.5 < 0.62', firing });
  });

  test('is at risk while a drift alert fires', () => {
    expect(of({ firing: [anAlert()] })).toMatchObject({ health: 'at risk', reason: anAlert().reason });
  });

  test('is at risk when enough outcomes cannot be told from the target', () => {
    expect(of({ windows: [aWindow({ signals: [straddling], verdict: 'undecided' })] })).toMatchObject({
      health: 'at risk',
      reason: straddling.text,
    });
  });

  test('is undecided when too few outcomes are in, and says what was known before', () => {
    const newest = aWindow({ id: 'w2', toMs: START_MS + 21 * DAY_MS, signals: [lacking], verdict: 'undecided' });
    const told = of({ windows: [newest, aWindow()] });

    expect(told.health).toBe('undecided');
    expect(told.reason).toBe(`${lacking.text}; before that: ${aSignal().text}`);
    expect(told.performance?.toMs).toBe(START_MS + 14 * DAY_MS);
    expect(told.history).toHaveLength(1);
  });

  test('without outcomes to wait for is healthy by drift alone', () => {
    const drift = aSignal({ kind: 'drift', subject: 'x' });

    expect(of({ watch: 'drift', windows: [aWindow({ signals: [drift, drift] })] })).toMatchObject({
      health: 'healthy',
      reason: 'no drift in 2 checks of the week to 2001-03-15',
    });
    expect(of({ windows: [aWindow({ signals: [drift] })] })).toMatchObject({ health: 'undecided' });
  });

  test('is undecided where nothing watches or nothing has ended', () => {
    expect(of({ windows: [], watch: 'none' }).reason).toBe('no monitor watches this endpoint');
    expect(of({ windows: [] })).toMatchObject({ health: 'undecided', reason: 'no window has ended yet', history: [] });
  });

  test('gives at most half a year of weeks, oldest first', () => {
    const windows = Array.from({ length: 40 }, (_, k) => aWindow({ id: String(k), toMs: START_MS + (50 - k) * 7 * DAY_MS }));
    const { history } = of({ windows });

    expect(history).toHaveLength(26);
    expect(history.at(-1)?.toMs).toBe(windows[0]?.toMs);
  });
});
