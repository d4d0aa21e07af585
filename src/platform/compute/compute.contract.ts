import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ComputeJob, ComputePool } from '#platform/compute';

/** A job that runs a piece of JavaScript; only what matters appears in the test. */
export function aScript(script: string, job: Partial<ComputeJob> = {}): ComputeJob {
  return {
    argv: [process.execPath, '-e', script],
    environment: {},
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...job,
  };
}

/**
 * Checks the laws of `ComputePool` on an adapter.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Makes a pool of two slots.
 */
export function describeComputePool(name: string, open: () => ComputePool): void {
  describe(`${name} keeps the laws of ComputePool`, () => {
    let pool: ComputePool;
    beforeEach(() => {
      pool = open();
    });
    afterEach(() => pool.stop());
    const linesOf = async (script: string, job: Partial<ComputeJob> = {}): Promise<readonly string[]> => {
      const lines: string[] = [];
      await pool.run(aScript(script, { ...job, onLine: ({ stream, text }) => lines.push(`${stream}: ${text}`) }));
      return lines;
    };

    test('a command runs to its end and its exit code is told', async () => {
      expect(await pool.run(aScript(''))).toMatchObject({ outcome: 'exited', exitCode: 0 });
      expect(await pool.run(aScript('process.exit(7)'))).toMatchObject({ outcome: 'exited', exitCode: 7 });
    });

    test('every whole line is told, also the last without an end, and one that is written in pieces', async () => {
      const script = `process.stdout.write('a\\r\\nb'); setTimeout(() => { process.stdout.write('c\\n\\nlast'); console.error('bad') }, 30)`;
      const lines = await linesOf(script);
      expect(lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout: a', 'stdout: bc', 'stdout: ', 'stdout: last']);
      expect(lines).toContain('stderr: bad');
    });

    test('a line beyond 64 KiB is cut and says so', async () => {
      const lines = await linesOf(`process.stdout.write('x'.repeat(200000) + '\\nnext\\n')`);
      expect(lines.map((line) => line.length)).toEqual([8 + 65_536 + ' [line cut at 64 KiB]'.length, 'stdout: next'.length]);
    });

    test('the environment is what the job gives, and no secret of the server', async () => {
      const lines = await linesOf('console.log(JSON.stringify(Object.keys(process.env).sort()))', {
        environment: { GYRE_STEP: 'train' },
      });
      const names = JSON.parse(lines[0]?.slice('stdout: '.length) ?? '[]') as string[];
      expect(names).toContain('GYRE_STEP');
      expect(names.filter((each) => !['GYRE_STEP', 'PATH', 'HOME', 'LANG', 'TMPDIR'].includes(each))).toEqual([]);
    });

    test('a program that does not exist is not started, and says why', async () => {
      const outcome = await pool.run({ ...aScript(''), argv: ['no-such-program-anywhere'] });
      expect(outcome).toMatchObject({ outcome: 'not-started', exitCode: undefined });
      expect(outcome.detail).toMatch(/ENOENT/);
      expect((await pool.run(aScript('', { workingFolder: '/no/such/folder' }))).outcome).toBe('not-started');
      expect((await pool.run({ ...aScript(''), argv: [process.execPath, 'with\0zero'] })).outcome).toBe('not-started');
    });

    test('at most as many commands run at once as there are slots; others wait in order', async () => {
      const order: string[] = [];
      let now = 0;
      let most = 0;
      const run = (id: string) =>
        pool
          .run(
            aScript(`console.log('up'); setTimeout(() => {}, 60)`, {
              onLine: () => {
                order.push(id);
                now += 1;
                most = Math.max(most, now);
              },
            }),
          )
          .then(() => {
            now -= 1;
          });
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => run(id)));
      expect(most).toBe(2);
      expect(order.slice(2, 4).sort()).toEqual(['c', 'd']);
      expect(order[4]).toBe('e');
    });

    test('a cancelled command is ended, whether it runs, waits or has not begun', async () => {
      const cancel = new AbortController();
      const endless = aScript('setInterval(() => {}, 1000)', { signal: cancel.signal });
      const runs = [pool.run(endless), pool.run(endless), pool.run(endless)];
      await delay(100);
      cancel.abort();
      const outcomes = await Promise.all([...runs, pool.run(endless)]);
      expect(outcomes.map((outcome) => outcome.outcome)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
      expect((await pool.run(aScript(''))).outcome).toBe('exited');
    });

    test('a command that takes too long is ended', async () => {
      const outcome = await pool.run(aScript('setInterval(() => {}, 1000)', { timeoutMs: 100 }));
      expect(outcome).toMatchObject({ outcome: 'timed-out', exitCode: undefined });
      expect(outcome.durationMs).toBeGreaterThanOrEqual(95);
    });

    test('a listener that throws does not break the run', async () => {
      const onLine = (): void => {
        throw new Error('no');
      };
      expect(await pool.run(aScript('console.log(1)', { onLine }))).toMatchObject({ outcome: 'exited', exitCode: 0 });
    });

    test('a stopped pool ends what runs and starts nothing more', async () => {
      const run = pool.run(aScript('setInterval(() => {}, 1000)'));
      await delay(60);
      await pool.stop();
      expect((await run).outcome).toBe('cancelled');
      expect((await pool.run(aScript(''))).outcome).toBe('not-started');
    });
  });
}
