import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '#kernel';
import { type MonitorBench, openMonitoring } from './monitoring.fixtures.ts';
import { QUIET, START_MS } from './world.fixtures.ts';

/** Matches a text with this part. */
const saying = (part: string): unknown => expect.stringContaining(part);

let bench: MonitorBench;

beforeEach(async () => {
  bench = await openMonitoring();
});

afterEach(async () => {
  await bench.close();
});

const week = (number: number) => ({ fromMs: START_MS + 7 * number * DAY_MS, toMs: START_MS + 7 * (number + 1) * DAY_MS });
const isBroken = (day: number): boolean => day >= 7 && day < 14;
const looks = () =>
  bench.told
    .filter((event) => event.topic === 'monitoring.window-evaluated')
    .map(({ data }) => [data?.['look'], data?.['fromMs']]);
const health = () => bench.read((tx) => bench.monitoring.health(tx, { projectId: 'p1', endpoint: 'churn' }));

describe('a world as in training', () => {
  test('passes, and says so from its numbers', async () => {
    await bench.apply();
    await bench.advanceTo(8.5);

    const [window] = await bench.windows();
    const told = await health();

    expect(window).toMatchObject({ ...week(0), predictions: 420, verdict: 'pass' });
    expect(window?.coverage).toEqual({ expected: 420, arrived: 420, ratio: 1, mature: true });
    expect(window?.signals.filter((signal) => signal.verdict === 'fail')).toEqual([]);
    expect(window?.signals.map((signal) => `${signal.kind} ${signal.subject}`)).toEqual([
      'prediction-drift score',
      'drift x',
      'drift plan',
      'performance roc_auc',
    ]);
    expect(told.health).toBe('healthy');
    expect(told.reason).toMatch(/^roc_auc 0\.\d+ ± 0\.0\d ≥ 0\.65 in the week to 2001-03-08, 100 % of outcomes in$/);
    expect(told.performance).toMatchObject({ metric: 'roc_auc', ...week(0) });
    expect(await bench.alerts()).toEqual([]);
  });

  test('is undecided while the outcomes of its first window are not mature', async () => {
    await bench.apply();
    await bench.advanceTo(7.5);

    expect(await health()).toMatchObject({ health: 'undecided', reason: saying('not mature yet') });
  });

  test('summarises the training table once', async () => {
    await bench.apply();
    await bench.advanceTo(22);
    const rows = await bench.read((tx) =>
      tx.tables<{ monitoring_references: { digest: string } }>().selectFrom('monitoring_references').selectAll().execute(),
    );

    expect(rows).toHaveLength(1);
  });

  test('leaves shadows out', async () => {
    bench.setWeather(() => ({ ...QUIET, shadow: 0.5 }));
    await bench.apply();
    await bench.advanceTo(7);

    const [window] = await bench.windows();

    expect(window?.predictions).toBeGreaterThan(150);
    expect(window?.predictions).toBeLessThan(270);
  });
});

describe('drift', () => {
  test('fires one alert per subject, and resolves it when a later window passes', async () => {
    bench.setWeather((day) => (isBroken(day) ? { ...QUIET, shift: 1.5 } : QUIET));
    await bench.apply();
    await bench.advanceTo(14);
    const fired = await bench.alerts();
    const atRisk = await health();
    await bench.advanceTo(21);
    const after = await bench.alerts();

    expect(fired.map((alert) => `${alert.number} ${alert.subject} ${alert.state}`)).toEqual([
      '2 drift:x firing',
      '1 prediction-drift:score firing',
    ]);
    expect(fired[0]?.reason).toMatch(/^x: PSI .* ≥ 0\.25 in the week to 2001-03-15$/);
    expect(atRisk).toMatchObject({ health: 'at risk', reason: saying('1 more alert fires') });
    expect(after.map((alert) => alert.state)).toEqual(['resolved', 'resolved']);
    expect(after[0]?.resolvedAtMs).toBe(START_MS + 21 * DAY_MS);
  });

  test('of missing values is told apart from drift of values', async () => {
    bench.setWeather((day) => (isBroken(day) ? { ...QUIET, missing: 0.4 } : QUIET));
    await bench.apply();
    await bench.advanceTo(14);

    expect((await bench.alerts()).map((alert) => alert.subject)).toContain('missing:x');

    await bench.advanceTo(21);
    const missing = (await bench.alerts()).find((alert) => alert.subject === 'missing:x');

    expect(missing?.state).toBe('resolved');
  });

  test('tells loops what they read: monitor, reason and numbers', async () => {
    bench.setWeather((day) => (isBroken(day) ? { ...QUIET, shift: 1.5 } : QUIET));
    await bench.apply();
    await bench.advanceTo(14);
    const fired = bench.told.find((event) => event.topic === 'monitoring.alert-fired' && event.data?.['subject'] === 'drift:x');

    expect(fired?.data).toMatchObject({ monitor: 'weekly', endpoint: 'churn', threshold: 0.25, n: 420, number: 2 });
    expect(fired?.data?.['reason']).toContain('PSI');
    expect(bench.audited.map((entry) => `${entry.actor} ${entry.action} ${entry.resource}`)).toEqual([
      'service:monitor monitoring.fire-alert alert:1',
      'service:monitor monitoring.fire-alert alert:2',
    ]);
  });

  test('that lasts is confirmed, not fired again', async () => {
    bench.setWeather((day) => (day >= 7 ? { ...QUIET, shift: 1.5 } : QUIET));
    await bench.apply();
    await bench.advanceTo(28);
    const count = (topic: string): number => bench.told.filter((event) => event.topic === topic).length;

    expect(await bench.alerts()).toHaveLength(2);
    expect(count('monitoring.alert-fired')).toBe(2);
    expect(count('monitoring.alert-confirmed')).toBe(4);
  });
});

describe('performance', () => {
  test('below its target fires, and the endpoint is failing', async () => {
    bench.setWeather((day) => (isBroken(day) ? { ...QUIET, signal: 0 } : QUIET));
    await bench.apply();
    await bench.advanceTo(15);
    const alerts = await bench.alerts();

    expect(alerts.map((alert) => alert.subject)).toEqual(['performance:roc_auc']);
    expect(await health()).toMatchObject({
      health: 'failing',
      reason: saying('< 0.65 in the week to 2001-03-15'),
    });
    expect((await health()).history.map((point) => point.toMs)).toEqual([week(0).toMs, week(1).toMs]);

    await bench.advanceTo(22);

    expect((await bench.alerts())[0]?.state).toBe('resolved');
    expect((await health()).health).toBe('healthy');
  });

  test('never fires for labels that are missing', async () => {
    bench.setWeather(() => ({ ...QUIET, signal: 0, labelled: 0.6 }));
    await bench.apply();
    await bench.advanceTo(16);
    const signals = (await bench.windows()).flatMap((window) => window.signals);
    const performance = signals.filter((signal) => signal.kind === 'performance');

    expect(performance.map((signal) => signal.verdict)).toEqual(['undecided', 'undecided']);
    expect(performance[0]?.text).toMatch(/^6\d % of outcomes of the week to 2001-03-15 are in; 80 % are needed$/);
    expect(await bench.alerts()).toEqual([]);
    expect((await health()).health).toBe('undecided');
  });

  test('keeps an alert firing while nothing can be decided', async () => {
    bench.setWeather((day) => ({ ...QUIET, signal: day < 7 ? 0 : 1, labelled: day < 7 ? 1 : 0.2 }));
    await bench.apply();
    await bench.advanceTo(22);

    expect((await bench.alerts()).map((alert) => alert.state)).toEqual(['firing']);
    expect((await health()).health).toBe('failing');
  });
});

describe('windows', () => {
  test('of few rows are undecided and fire nothing', async () => {
    bench.setWeather(() => ({ ...QUIET, rows: 2, shift: 5, signal: 0 }));
    await bench.apply();
    await bench.advanceTo(9);
    const [window] = await bench.windows();

    expect(window?.verdict).toBe('undecided');
    expect(window?.signals.map((signal) => signal.text)).toEqual([
      '14 predictions in the week to 2001-03-08; 100 are needed',
      '14 outcomes of the week to 2001-03-08 are known; 100 are needed',
    ]);
    expect(await bench.alerts()).toEqual([]);
  });

  test('without any prediction are undecided', async () => {
    bench.setWeather(() => ({ ...QUIET, rows: 0 }));
    await bench.apply();
    await bench.advanceTo(9);

    expect((await bench.windows()).map((window) => window.verdict)).toEqual(['undecided']);
    expect((await health()).health).toBe('undecided');
  });

  test('are each looked at once for drift and once for performance, though the clock jumps and the server restarts', async () => {
    await bench.apply();
    await bench.advanceTo(6);
    await bench.restart();
    await bench.advanceTo(25);
    await bench.restart();
    await bench.advanceTo(36);

    const seen = looks();
    const expected = (look: string) => Array.from({ length: 5 }, (_, k) => [look, week(k).fromMs]);

    expect(seen.filter(([look]) => look === 'drift')).toEqual(expected('drift'));
    expect(seen.filter(([look]) => look === 'performance')).toEqual(expected('performance'));
    expect(bench.reads).toHaveLength(5);
  });

  test('are not evaluated twice by a repeated attempt', async () => {
    await bench.apply();
    await bench.advanceTo(7);
    const before = looks();
    const output = await bench.evaluate({ monitor: 'weekly', look: 'drift', ...week(0), dueAtMs: week(0).toMs });

    expect(output).toMatchObject({ windowId: (await bench.windows())[0]?.id });
    expect(looks()).toEqual(before);
    expect(bench.reads).toHaveLength(1);
  });
});

describe('the project file', () => {
  test('without a monitor ends its watch and resolves its alerts', async () => {
    bench.setWeather(() => ({ ...QUIET, shift: 1.5 }));
    await bench.apply();
    await bench.advanceTo(7);
    await bench.apply({ monitors: {} });
    await bench.advanceTo(30);

    expect((await bench.alerts()).map((alert) => alert.state)).toEqual(['resolved', 'resolved']);
    expect(looks()).toHaveLength(1);
    expect(await health()).toMatchObject({ health: 'undecided', reason: 'no monitor watches this endpoint' });
  });

  test('with another window moves the watch on without a repeated look', async () => {
    await bench.apply();
    await bench.advanceTo(7);
    await bench.apply({ monitors: { weekly: { endpoint: 'churn', window: '14d', minimumRows: 100 } } });
    await bench.advanceTo(40);
    const windows = await bench.windows();

    expect(windows.length).toBeGreaterThan(1);
    expect(windows.every((window, place) => place === 0 || window.toMs <= (windows[place - 1]?.fromMs ?? 0))).toBe(true);
  });
});

describe('the routes', () => {
  test('list monitors, windows by pages, alerts and health', async () => {
    bench.setWeather((day) => (isBroken(day) ? { ...QUIET, shift: 1.5 } : QUIET));
    await bench.apply();
    await bench.advanceTo(14);
    const params = { project: 'p1' };
    const first = await bench.call('monitoring.listWindows', { params: { ...params, monitor: 'weekly' }, query: { limit: 1 } });
    const cursor = (first as { nextCursor: string }).nextCursor;
    const next = await bench.call('monitoring.listWindows', {
      params: { ...params, monitor: 'weekly' },
      query: { limit: 1, cursor },
    });

    expect(first).toMatchObject({ items: [{ from: '2001-03-08T00:00:00.000Z', verdict: 'fail' }] });
    expect(next).toMatchObject({ items: [{ from: '2001-03-01T00:00:00.000Z' }] });
    expect(next).not.toHaveProperty('nextCursor');
    expect(await bench.call('monitoring.listMonitors', { params })).toMatchObject({
      items: [{ name: 'weekly', firing: 2, windowMs: 7 * DAY_MS, performance: { metric: 'roc_auc', target: 0.65 } }],
    });
    expect(await bench.call('monitoring.listAlerts', { params, query: { state: 'firing', limit: 1 } })).toMatchObject({
      items: [{ number: 2, subject: 'drift:x' }],
      nextCursor: '2',
    });
    expect(await bench.call('monitoring.getHealth', { params: { ...params, endpoint: 'churn' } })).toMatchObject({
      health: 'at risk',
    });
  });

  test('name the nearest monitor for one that is not there', async () => {
    await expect(bench.call('monitoring.listWindows', { params: { project: 'p1', monitor: 'weekley' } })).rejects.toMatchObject({
      code: 'monitoring/unknown-monitor',
      message: saying('weekly'),
    });
  });
});
