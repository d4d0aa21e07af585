import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { ComputePool } from '#platform/compute';
import { createProcessPool } from '#platform/compute/process';
import { createMemoryLog } from '#platform/log';
import { aScript, describeComputePool } from '../compute.contract.ts';

const scratchFolder = mkdtempSync(join(tmpdir(), 'gyre-pool-test-'));
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }));
const openPool = (): ComputePool =>
  createProcessPool({ slots: 2, log: createMemoryLog(), environment: { ...process.env, GYRE_SECRET: 'x' }, scratchFolder });

describeComputePool('the pool of child processes', openPool);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that nobody has collected yet is dead all the same.
    return !existsSync('/proc/self') || !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const untilDead = async (pids: readonly number[]): Promise<void> => {
  for (let i = 0; i < 400 && pids.some((pid) => isAlive(pid)); i += 1) await delay(10);
};
/** Prints its own process id and that of a child, and goes on for ever. */
const FAMILY = `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
console.log([process.pid, child.pid].join(' '));`;
const hasProc = existsSync('/proc/self/status');

describe('a pool of child processes', () => {
  const withPool = async (work: (pool: ComputePool) => Promise<void>): Promise<void> => {
    const pool = openPool();
    try {
      await work(pool);
    } finally {
      await pool.stop();
    }
  };

  test('runs in a scratch folder that is gone afterwards, at lowered priority', () =>
    withPool(async (pool) => {
      const lines: string[] = [];
      const script = `require('node:fs').writeFileSync('left', 'x'); setTimeout(() => { console.log(process.cwd()); console.log(require('node:os').getPriority()) }, 50)`;
      await pool.run(aScript(script, { onLine: ({ text }) => lines.push(text) }));
      expect(lines[0]).toContain(join(scratchFolder, 'gyre-job-'));
      expect(Number(lines[1])).toBeGreaterThan(getPriority());
      expect(readdirSync(scratchFolder)).toEqual([]);
    }));

  test('ends the children of a cancelled command too', () =>
    withPool(async (pool) => {
      const cancel = new AbortController();
      const pids = Promise.withResolvers<readonly number[]>();
      const run = pool.run(
        aScript(`${FAMILY} setInterval(() => {}, 1000)`, {
          signal: cancel.signal,
          onLine: ({ text }) => pids.resolve(text.split(' ').map(Number)),
        }),
      );
      const family = await pids.promise;
      expect(family.every((pid) => isAlive(pid))).toBe(true);
      cancel.abort();
      await run;
      await untilDead(family);
      expect(family.filter((pid) => isAlive(pid))).toEqual([]);
    }));

  test('ends what a command leaves running', () =>
    withPool(async (pool) => {
      const lines: string[] = [];
      await pool.run(aScript(`${FAMILY} process.exit(0)`, { onLine: ({ text }) => lines.push(text) }));
      const child = Number(lines[0]?.split(' ')[1]);
      await untilDead([child]);
      expect(isAlive(child)).toBe(false);
    }));

  test('kills a command that does not heed the request to end', async () => {
    const pool = createProcessPool({ slots: 1, log: createMemoryLog(), environment: {}, killAfterMs: 400 });
    const outcome = await pool.run(aScript(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`, { timeoutMs: 300 }));
    await pool.stop();
    expect(outcome.outcome).toBe('timed-out');
    expect(outcome.durationMs).toBeGreaterThanOrEqual(690);
    expect(outcome.durationMs).toBeLessThan(4000);
  });

  test.runIf(hasProc)('ends a command whose memory, with its children, goes beyond the limit', () =>
    withPool(async (pool) => {
      const grow = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(2e7, 1)), 20)';
      const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grow)}], { stdio: 'ignore' }); setInterval(() => {}, 1000)`;
      const outcome = await pool.run(aScript(script, { memoryLimitBytes: 300e6 }));
      expect(outcome.outcome).toBe('out-of-memory');
      expect(outcome.peakMemoryBytes).toBeGreaterThan(300e6);
    }),
  );

  test.runIf(hasProc)('measures the peak of a command, also when it is over', () =>
    withPool(async (pool) => {
      const outcome = await pool.run(aScript('let big = Buffer.alloc(2e8, 1); big = undefined; setTimeout(() => {}, 400)'));
      expect(outcome.peakMemoryBytes).toBeGreaterThan(2e8);
      expect(outcome.peakMemoryBytes).toBeLessThan(6e8);
    }),
  );

  test('ends its commands when its own process is killed', async () => {
    const script = `import { createProcessPool } from '#platform/compute/process';
import { createMemoryLog } from '#platform/log';
const pool = createProcessPool({ slots: 1, log: createMemoryLog(), environment: {} });
await pool.run({ argv: [process.execPath, '-e', ${JSON.stringify(`${FAMILY} setInterval(() => {}, 1000)`)}], environment: {}, timeoutMs: 60000,
  signal: new AbortController().signal, onLine: ({ text }) => console.log(text) });`;
    const parent = spawn(process.execPath, ['--conditions=source', '--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const family = chunk.toString().trim().split(' ').map(Number);
    expect(family.length).toBe(2);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await untilDead(family);
    expect(family.filter((pid) => isAlive(pid))).toEqual([]);
  });
});
