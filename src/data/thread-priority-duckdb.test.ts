import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { withLoweredThreads } from './thread-priority-duckdb.ts';

test.runIf(process.platform === 'linux')('threads that the work starts are lowered, and no others', async () => {
  const own = getPriority();
  const before = new Set(readdirSync('/proc/self/task'));
  const worker = await withLoweredThreads(async () => {
    const started = new Worker('setInterval(() => {}, 1000)', { eval: true });
    await new Promise((resolve) => started.once('online', resolve));
    return started;
  });
  const fresh = readdirSync('/proc/self/task').filter((id) => !before.has(id));
  const priorities = fresh.map((id) => getPriority(Number(id)));
  await worker.terminate();

  expect(fresh.length).toBeGreaterThan(0);
  expect(new Set(priorities)).toEqual(new Set([10]));
  expect(getPriority()).toBe(own);
});
