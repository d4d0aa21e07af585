import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeFrame } from '#kernel';
import { parseModel } from './parse-model.ts';
import { trainingCommand } from './spawn-training-process.ts';
import { aMixedTable, mixedFeatures } from './training.fixtures.ts';
import type { TrainingJob } from './training-job.ts';

const folder = mkdtempSync(join(tmpdir(), 'gyre-training-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(jobFile: string): Promise<Ended> {
  const [program, ...args] = trainingCommand(jobFile);
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

function writeJob(name: string, over: Partial<Record<keyof TrainingJob, unknown>> = {}): string {
  const { frame, labels } = aMixedTable(1500, 3);
  const label = {
    kind: 'float32' as const,
    name: 'late',
    values: Float32Array.from(labels, (value, row) => (row < 20 ? Number.NaN : value)),
  };
  const frameFile = join(folder, `${name}.frame`);
  writeFileSync(frameFile, encodeFrame({ nRows: frame.nRows, columns: [...frame.columns, label] }));
  const job = {
    format: 'gyre-training-job',
    version: 1,
    frameFile,
    outputFile: join(folder, `${name}.json`),
    features: mixedFeatures,
    label: 'late',
    task: 'binary',
    split: { kind: 'shuffled', validationShare: 0.2 },
    candidate: { kind: 'gbt', trees: 4, depth: 3 },
    seed: 7,
    threads: 1,
    ...over,
  };
  const jobFile = join(folder, `${name}.job.json`);
  writeFileSync(jobFile, JSON.stringify(job));
  return jobFile;
}

describe('the training process', () => {
  test('writes a model and says how it goes, line by line', async () => {
    const { exitCode, stdout } = await run(writeJob('good'));
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const bytes = readFileSync(join(folder, 'good.json'));

    expect(exitCode).toBe(0);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatchObject({ event: 'started', unlabelledRows: 20 });
    expect(lines[4]).toMatchObject({ event: 'point', iteration: 4 });
    expect(lines[5]).toMatchObject({ event: 'done', sizeBytes: bytes.length, iterations: 4 });
    expect(parseModel(bytes).kind).toBe('gbt');
  });

  test('makes the same bytes with two threads', async () => {
    await Promise.all([run(writeJob('one')), run(writeJob('two', { threads: 2 }))]);

    expect(readFileSync(join(folder, 'two.json')).equals(readFileSync(join(folder, 'one.json')))).toBe(true);
  });

  test.each<[string, Partial<Record<keyof TrainingJob, unknown>>, string]>([
    ['an unknown key', { seeds: 3 } as Partial<Record<keyof TrainingJob, unknown>>, 'training/bad-job'],
    ['a frame that is not there', { frameFile: join(folder, 'gone.frame') }, 'training/bad-job'],
    ['a label column that is not there', { label: 'gone' }, 'kernel/no-column'],
    ['a label of text', { label: 'carrier' }, 'training/bad-label'],
  ])('ends with 1, one problem and no model for %s', async (name, over, code) => {
    const { exitCode, stderr } = await run(writeJob(name, over));

    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code });
    expect(existsSync(join(folder, `${name}.json`))).toBe(false);
  });
});
