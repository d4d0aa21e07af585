import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '#platform/blobs/memory';
import type { ComputeJob } from '#platform/compute';
import { commandStep } from './command.ts';
import type { StepContext } from './step.ts';

let scratchFolder: string;

beforeEach(() => {
  scratchFolder = mkdtempSync(join(tmpdir(), 'gyre-step-'));
});

afterEach(() => rmSync(scratchFolder, { recursive: true, force: true }));

/** Runs a step whose command does nothing but what `work` does in its folder of outputs. */
function run(work: (outputs: string, job: ComputeJob) => void) {
  const executor = commandStep({
    platform: {
      compute: {
        run: (job) => {
          work(job.environment['GYRE_OUTPUTS'] ?? '', job);
          return Promise.resolve({ outcome: 'exited', exitCode: 0, durationMs: 10, peakMemoryBytes: 0 });
        },
        stop: () => Promise.resolve(),
      },
      blobs: createMemoryBlobs(),
      scratchFolder,
    },
    codeRoot: undefined,
    serverUrl: () => 'http://127.0.0.1:1',
    stageDatasets: () => Promise.resolve({ flights: ['/part.parquet'] }),
  });
  const context = {
    step: { name: 'own', run: ['program'], folder: '.', environment: {}, timeoutMs: 1000, memoryLimitBytes: 0 },
    effect: { signal: new AbortController().signal },
    project: { name: 'p' },
    pipelineRunNumber: 3,
    outputs: { ingest: { versions: { flights: 'sha256:a' } } },
    log: { add: () => undefined },
  };
  return executor(context as unknown as StepContext);
}

describe('a command step', () => {
  it('gives what outputs.json says, and every other file as an artifact', async () => {
    const output = await run((outputs) => {
      writeFileSync(join(outputs, 'outputs.json'), '{"auc":0.7}');
      writeFileSync(join(outputs, 'plot.svg'), '<svg/>');
      mkdirSync(join(outputs, 'folder'));
    });
    expect(output).toMatchObject({
      auc: 0.7,
      artifacts: [{ path: 'plot.svg', sizeBytes: 6 }],
      text: 'program exited with 0 after 0.0 s',
    });
  });

  it('tells the command what earlier steps made and where the rows are', async () => {
    let inputs: unknown;
    await run((_outputs, job) => {
      inputs = JSON.parse(readFileSync(job.environment['GYRE_INPUTS'] ?? '', 'utf8'));
    });
    expect(inputs).toEqual({
      steps: { ingest: { versions: { flights: 'sha256:a' } } },
      datasets: { flights: ['/part.parquet'] },
    });
  });

  it('refuses an outputs.json that is a folder, no JSON object, or too large to be read', async () => {
    await expect(run((outputs) => mkdirSync(join(outputs, 'outputs.json')))).rejects.toThrow('not a file');
    await expect(run((outputs) => writeFileSync(join(outputs, 'outputs.json'), '[1]'))).rejects.toThrow('not a JSON object');
    const large = run((outputs) => {
      writeFileSync(join(outputs, 'outputs.json'), '');
      truncateSync(join(outputs, 'outputs.json'), 2 ** 40);
    });
    await expect(large).rejects.toThrow('put large results into files beside it');
  });

  it('refuses more files than are kept, instead of losing some', async () => {
    const many = run((outputs) => {
      for (let file = 0; file < 1001; file += 1) writeFileSync(join(outputs, `${String(file)}.txt`), '');
    });
    await expect(many).rejects.toThrow('1001 files; at most 1000');
  });
});
