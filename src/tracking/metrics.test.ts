import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MetricPoint } from './run.ts';
import { aStart, openTracking, type TrackingBench } from './tracking.fixtures.ts';

let bench: TrackingBench;
beforeAll(async () => {
  bench = await openTracking();
});
afterAll(() => bench.close());

async function aRun(): Promise<string> {
  return (await bench.write((tx) => bench.tracking.startRun(tx, aStart()))).id;
}

async function historyOf(runId: string, name: string, limit: number): Promise<readonly MetricPoint[]> {
  const points: MetricPoint[] = [];
  let cursor: string | undefined;
  do {
    const page = await bench.read((tx) =>
      bench.tracking.metricHistory(tx, { runId, name, limit, ...(cursor === undefined ? {} : { cursor }) }),
    );
    points.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return points;
}

test('NaN and the infinities are kept as values and as last values', async () => {
  const runId = await aRun();
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -0];
  const points = values.map((value, step) => ({ name: 'loss', value, step, atMs: 10 + step }));
  await bench.write((tx) => bench.tracking.logMetrics(tx, runId, points));
  const history = await historyOf(runId, 'loss', 2);
  expect(history.map((point) => point.value)).toEqual([
    1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    5e-324,
    0,
  ]);
  const only = [{ name: 'only', value: Number.NaN, step: 0, atMs: 1 }];
  await bench.write((tx) => bench.tracking.logMetrics(tx, runId, only));
  const run = await bench.read((tx) => bench.tracking.findRun(tx, runId));
  expect(run.metrics['only']?.value).toBeNaN();
});

test('a batch that is sent twice counts once', async () => {
  const runId = await aRun();
  const points = [0, 1, 2].map((step) => ({ name: 'loss', value: step === 1 ? Number.NaN : step, step, atMs: 5 }));
  await bench.write((tx) => bench.tracking.logMetrics(tx, runId, points));
  await bench.write((tx) => bench.tracking.logMetrics(tx, runId, points));
  expect((await historyOf(runId, 'loss', 100)).length).toBe(3);
});

const aPoint = fc.record({
  name: fc.constantFrom('a', 'b'),
  value: fc.constantFrom(0.5, Number.NaN, 2),
  step: fc.integer({ min: -2, max: 3 }),
  atMs: fc.integer({ min: 0, max: 3 }),
});

test('the last value is that of the highest step, then of the latest time, in whatever batches points come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(aPoint, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
      async (batches) => {
        const runId = await aRun();
        for (const batch of batches) await bench.write((tx) => bench.tracking.logMetrics(tx, runId, batch));
        const run = await bench.read((tx) => bench.tracking.findRun(tx, runId));
        for (const name of ['a', 'b']) {
          const points = batches.flat().filter((point) => point.name === name);
          const place = (point: { step: number; atMs: number }) => point.step * 10 + point.atMs;
          const last = points.reduce<MetricPoint | undefined>(
            (best, point) => (best === undefined || place(point) >= place(best) ? point : best),
            undefined,
          );
          expect(run.metrics[name]).toEqual(last);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('history is the same in pages of any size', async () => {
  const runId = await aRun();
  const points = Array.from({ length: 57 }, (_, i) => ({ name: 'm', value: i % 7, step: i % 5, atMs: i % 3 }));
  await bench.write((tx) => bench.tracking.logMetrics(tx, runId, points));
  const whole = await historyOf(runId, 'm', 1000);
  for (const limit of [1, 7, whole.length]) expect(await historyOf(runId, 'm', limit)).toEqual(whole);
  expect([...whole].sort((a, b) => a.step - b.step || a.atMs - b.atMs)).toEqual(whole);
});

test('points are announced at most once a second a run, also after the clock was set back', async () => {
  const runId = await aRun();
  const log = (step: number) =>
    bench.write((tx) => bench.tracking.logMetrics(tx, runId, [{ name: 'm', value: 1, step, atMs: 0 }]));
  const announced = () => bench.told.filter((event) => event.topic === 'tracking.run-metrics' && event.entityId === runId).length;
  for (let step = 0; step < 5; step += 1) await log(step);
  expect(announced()).toBe(1);
  bench.clock.advance(1000);
  await log(5);
  expect(announced()).toBe(2);
  bench.clock.advance(-600_000);
  await log(6);
  expect(announced()).toBe(3);
});

test('points that are no points, of no run, and pages out of range are refused by name', async () => {
  const runId = await aRun();
  const log = (point: Partial<MetricPoint>, id = runId) =>
    bench.write((tx) => bench.tracking.logMetrics(tx, id, [{ name: 'm', value: 1, step: 0, atMs: 0, ...point }]));
  await expect(log({ step: 0.5 })).rejects.toMatchObject({ code: 'tracking/bad-point' });
  await expect(log({ atMs: 1e300 })).rejects.toMatchObject({ code: 'tracking/bad-point' });
  await expect(log({ name: '' })).rejects.toMatchObject({ code: 'tracking/bad-name' });
  await expect(log({}, 'none')).rejects.toMatchObject({ code: 'tracking/run-not-found' });
  const history = (query: { limit?: number; cursor?: string }) =>
    bench.read((tx) => bench.tracking.metricHistory(tx, { runId, name: 'm', ...query }));
  await expect(history({ limit: 0 })).rejects.toMatchObject({ code: 'tracking/bad-query' });
  await expect(history({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'kernel/bad-cursor' });
});

test('the route gives a history with words for NaN', async () => {
  const run = await bench.write((tx) => bench.tracking.startRun(tx, aStart({ projectId: 'wire' })));
  const points = [1, Number.NaN].map((value, step) => ({ name: 'a/b', value, step, atMs: 0 }));
  await bench.write((tx) => bench.tracking.logMetrics(tx, run.id, points));
  const params = { project: 'wire', run: '1' };
  const body = await bench.call('tracking.getMetricHistory', { params, query: { name: 'a/b' } });
  expect(body).toEqual({
    items: [
      { value: 1, step: 0, at: '1970-01-01T00:00:00.000Z' },
      { value: 'NaN', step: 1, at: '1970-01-01T00:00:00.000Z' },
    ],
  });
  expect(await bench.call('tracking.getRun', { params })).toMatchObject({ metrics: { 'a/b': { value: 'NaN', step: 1 } } });
});
