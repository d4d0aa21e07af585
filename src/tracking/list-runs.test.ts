import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunQuery } from './run.ts';
import { aStart, openTracking, type TrackingBench } from './tracking.fixtures.ts';

let bench: TrackingBench;
beforeAll(async () => {
  bench = await openTracking();
});
afterAll(() => bench.close());

const losses = [0.3, undefined, 0.1, Number.NaN, 0.3, Number.POSITIVE_INFINITY, 0.2, undefined, -1, 0.3];

/** Starts one run for each loss; `undefined` logs none. */
async function startRuns(projectId: string): Promise<void> {
  await bench.write(async (tx) => {
    for (const value of losses) {
      const run = await bench.tracking.startRun(tx, aStart({ projectId }));
      if (value !== undefined) await bench.tracking.logMetrics(tx, run.id, [{ name: 'loss', value, step: 0, atMs: 0 }]);
    }
  });
}

async function numbersOf(query: Partial<RunQuery>, between?: () => Promise<unknown>): Promise<readonly number[]> {
  const numbers: number[] = [];
  let cursor: string | undefined;
  do {
    const paging = { limit: 3, ...(cursor === undefined ? {} : { cursor }) };
    const page = await bench.read((tx) => bench.tracking.listRuns(tx, { projectId: 'p1', ...query, ...paging }));
    numbers.push(...page.items.map((run) => run.number));
    cursor = page.nextCursor;
    await between?.();
  } while (cursor !== undefined);
  return numbers;
}

test('runs are listed newest first, and by any sort value with the missing ones last', async () => {
  await startRuns('sorted');
  const list = (sort: string) => numbersOf({ projectId: 'sorted', sort });
  expect(await numbersOf({ projectId: 'sorted' })).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(await list('number')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(await list('metrics.loss')).toEqual([9, 3, 7, 1, 5, 10, 6, 2, 4, 8]);
  expect(await list('-metrics.loss')).toEqual([6, 10, 5, 1, 7, 3, 9, 8, 4, 2]);
  expect(await list('name')).toEqual([1, 10, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect((await list('startedAt')).length).toBe(10);
});

test('runs sort by their estimates', async () => {
  await bench.write(async (tx) => {
    for (const value of [0.5, 0.9, Number.NaN]) {
      const run = await bench.tracking.startRun(tx, aStart({ projectId: 'estimates' }));
      const estimate = { value, low: 0, high: 1, level: 0.95, n: 9, method: 'wilson' };
      await bench.tracking.logEstimates(tx, run.id, { roc_auc: estimate });
    }
  });
  expect(await numbersOf({ projectId: 'estimates', sort: '-estimates.roc_auc' })).toEqual([2, 1, 3]);
});

test('pages show every run that was there once and only once while others are started', async () => {
  await startRuns('paged');
  const startOne = async () => {
    await bench.write((tx) => bench.tracking.startRun(tx, aStart({ projectId: 'paged' })));
  };
  expect(await numbersOf({ projectId: 'paged' }, startOne)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test('lists are narrowed by experiment, state, kind and parent', async () => {
  await bench.write(async (tx) => {
    const projectId = 'narrow';
    const parent = await bench.tracking.startRun(tx, aStart({ projectId, experiment: 'a', kind: 'training' }));
    const child = await bench.tracking.startRun(tx, aStart({ projectId, experiment: 'b', parentRunId: parent.id }));
    await bench.tracking.finishRun(tx, child.id, { state: 'done' });
    await bench.tracking.startRun(tx, aStart({ projectId, experiment: 'b' }));
  });
  const narrow = (query: Partial<RunQuery>) => numbersOf({ projectId: 'narrow', ...query });
  expect(await narrow({ experiment: 'b' })).toEqual([3, 2]);
  expect(await narrow({ experiment: 'unknown' })).toEqual([]);
  expect(await narrow({ state: 'done' })).toEqual([2]);
  expect(await narrow({ kind: 'training' })).toEqual([1]);
  const [parent] = (await bench.read((tx) => bench.tracking.listRuns(tx, { projectId: 'narrow', kind: 'training' }))).items;
  expect(await narrow({ parentRunId: parent?.id ?? '' })).toEqual([2]);
});

test('an unknown sort, a limit out of range and a cursor of another list are refused by name', async () => {
  await startRuns('refused');
  const list = (query: Partial<RunQuery>) => bench.read((tx) => bench.tracking.listRuns(tx, { projectId: 'refused', ...query }));
  for (const sort of ['loss', 'metrics.', 'params.x', '', '-', 'number; DROP TABLE tracking_runs']) {
    await expect(list({ sort }), sort).rejects.toMatchObject({ code: 'tracking/bad-query' });
  }
  await expect(list({ limit: 1001 })).rejects.toMatchObject({ code: 'tracking/bad-query' });
  const { nextCursor = '' } = await list({ limit: 2 });
  await expect(list({ cursor: nextCursor, sort: 'number' })).rejects.toMatchObject({ code: 'kernel/bad-cursor' });
  await expect(list({ cursor: nextCursor, state: 'done' })).rejects.toMatchObject({ code: 'kernel/bad-cursor' });
});

test('the route lists runs page by page', async () => {
  await startRuns('routed');
  const params = { project: 'routed' };
  const first = await bench.call('tracking.listRuns', { params, query: { limit: 4, sort: 'number', kind: 'trial' } });
  expect(first).toMatchObject({ items: [{ number: 1 }, { number: 2 }, { number: 3 }, { number: 4 }] });
  const children = await bench.call('tracking.listRuns', { params, query: { parent: 'none' } });
  expect(children).toEqual({ items: [] });
});
