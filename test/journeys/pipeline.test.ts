import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../fixtures/server.ts';

const NODE = process.execPath;

/** A project whose pipelines are commands alone, written as JSON, which is YAML too. */
function projectOf(pipelines: Record<string, readonly Record<string, unknown>[]>): string {
  const entries = Object.entries(pipelines).map(([name, steps]) => [name, { steps }]);
  return JSON.stringify({ gyre: 1, project: 'steps', pipelines: Object.fromEntries(entries) });
}

function script(source: string): readonly string[] {
  return [NODE, '-e', source];
}

describe('a pipeline of commands', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    const pipelines = {
      chain: [
        {
          name: 'make',
          run: script(
            `const fs = require('node:fs'); console.log('making'); fs.writeFileSync(process.env.GYRE_OUTPUTS + '/outputs.json', JSON.stringify({ answer: 41 })); fs.writeFileSync(process.env.GYRE_OUTPUTS + '/note.txt', 'hello');`,
          ),
        },
        {
          name: 'use',
          run: script(
            `const input = JSON.parse(require('node:fs').readFileSync(process.env.GYRE_INPUTS, 'utf8')); console.log('got ' + (input.steps.make.answer + 1) + ' for ' + process.env.GYRE_PROJECT + ' from ' + new URL(process.env.MLFLOW_TRACKING_URI).hostname);`,
          ),
        },
      ],
      fails: [
        { name: 'first', run: script(`console.error('no good'); process.exit(3)`) },
        { name: 'second', run: script('0') },
      ],
      slow: [{ name: 'sleep', run: script('setTimeout(() => {}, 60000)'), timeout: '500ms' }],
      fat: [
        {
          name: 'eat',
          run: script('const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 20)'),
          memory: '200MiB',
          timeout: '30s',
        },
      ],
      long: [{ name: 'wait', run: script(`console.log('waiting'); setTimeout(() => {}, 60000)`) }],
      absent: [{ name: 'nothing', run: ['no-such-program-anywhere'] }],
      outside: [{ name: 'climb', run: script('0'), folder: '../..' }],
    };
    await server.client.projects.apply({ project: 'steps', body: { text: projectOf(pipelines) } });
  });

  afterAll(async () => {
    await server.close();
  });

  async function ended(pipeline: string) {
    const started = await server.client.pipelines.start({ project: 'steps', body: { pipeline } });
    return await end(started.number);
  }

  async function end(number: number) {
    for (let tries = 0; tries < 600; tries += 1) {
      const run = await server.client.pipelines.getRun({ project: 'steps', run: String(number) });
      if (run.state !== 'running') return run;
      await sleep(50);
    }
    throw new Error(`pipeline run ${String(number)} did not end`);
  }

  async function logOf(number: number): Promise<readonly string[]> {
    const { items } = await server.client.pipelines.getLog({ project: 'steps', run: String(number) });
    return items.map((line) => line.text);
  }

  it('hands outputs of one step to the next, keeps files as artifacts and every line of the log', async () => {
    const run = await ended('chain');
    expect(run.state).toBe('done');
    expect(run.steps[0]?.output).toMatchObject({ answer: 41, artifacts: [{ path: 'note.txt', sizeBytes: 5 }] });
    expect(await logOf(run.number)).toEqual(expect.arrayContaining(['making', 'got 42 for steps from 127.0.0.1']));
  });

  it('ends at the first failure, says the exit code, and skips what waited for it', async () => {
    const run = await ended('fails');
    expect(run.state).toBe('failed');
    expect(run.steps.map((step) => step.state)).toEqual(['failed', 'skipped']);
    expect(run.steps[0]?.error).toMatchObject({ code: 'pipelines/step-failed', message: expect.stringContaining('3') });
    expect(await logOf(run.number)).toContain('no good');
  });

  it('ends a step at its time limit', async () => {
    const run = await ended('slow');
    expect(run.steps[0]?.error?.code).toBe('pipelines/step-timed-out');
  });

  it('ends a step at its memory limit', async () => {
    const run = await ended('fat');
    expect(run.steps[0]?.error?.code).toBe('pipelines/step-out-of-memory');
  });

  it('says which program could not be started', async () => {
    const run = await ended('absent');
    expect(run.steps[0]?.error).toMatchObject({
      code: 'pipelines/step-not-started',
      message: expect.stringContaining('nothing'),
    });
  });

  it('refuses a folder outside the code root', async () => {
    const run = await ended('outside');
    expect(run.steps[0]?.error?.code).toBe('pipelines/folder-outside-root');
  });

  it('shows lines while a step runs, and cancels it', async () => {
    const started = await server.client.pipelines.start({ project: 'steps', body: { pipeline: 'long' } });
    for (let tries = 0; tries < 200 && !(await logOf(started.number)).includes('waiting'); tries += 1) await sleep(50);
    expect(await logOf(started.number)).toContain('waiting');
    await server.client.pipelines.cancel({ project: 'steps', run: String(started.number) });
    const run = await end(started.number);
    expect([run.state, run.steps[0]?.state]).toEqual(['cancelled', 'cancelled']);
  });

  it('answers an unknown pipeline with the nearest name', async () => {
    const start = server.client.pipelines.start({ project: 'steps', body: { pipeline: 'chian' } });
    await expect(start).rejects.toMatchObject({ status: 404, message: expect.stringContaining('did you mean "chain"?') });
  });
});
