/**
 * Boosted trees of Gyre beside LightGBM, XGBoost and scikit-learn, on the same rows, in one run: `node --conditions=source bench/training.ts`.
 * Options: `--rounds N` (5), `--rows N` (100000), `--trees N` (300), `--depth N` (6), `--json`. Peers are installed under bench/.scratch.
 * Each round runs every contender once, one after the other; ratios are taken within a round, and their median is printed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Column, decodeFrame, encodeFrame, type Frame } from '#kernel';
import { createRandom, type Random, rocAuc } from '#stats';
import { compileModel, type FeatureSpec, labelsOf, type Model, parseCandidate, trainModel, workerThreads } from '#training';

const LEVEL_COUNTS = [3, 5, 8, 12, 25, 50];
const NUMBERS = 14;
const TEST_ROWS = 20_000;
const PEERS = ['lightgbm', 'xgboost', 'sklearn'] as const;

const here = fileURLToPath(new URL('.', import.meta.url));
const scratch = join(here, '.scratch');
const python = join(scratch, 'venv', 'bin', 'python');

interface Outcome {
  readonly fitSeconds: number;
  readonly auc: number;
  /** Of one row by 100 trees, in Gyre's evaluator. */
  readonly rowMicros?: number;
}

interface Size {
  readonly rows: number;
  readonly trees: number;
  readonly depth: number;
}

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rows: { type: 'string', default: '100000' },
    trees: { type: 'string', default: '300' },
    depth: { type: 'string', default: '6' },
    json: { type: 'boolean', default: false },
    fit: { type: 'string' },
  },
});
const size: Size = { rows: Number(options.rows), trees: Number(options.trees), depth: Number(options.depth) };
const trainFile = join(scratch, `gbt-train-${size.rows}.frame`);
const testFile = join(scratch, `gbt-test-${size.rows}.frame`);

if (options.fit === undefined) compare(Number(options.rounds));
else console.log(JSON.stringify(fitGyre(Number(options.fit))));

function compare(rounds: number): void {
  mkdirSync(scratch, { recursive: true });
  installPeers();
  writeTables();
  const contenders = ['gyre, 1 thread', 'gyre, 2 threads', ...PEERS];
  const outcomes = new Map<string, Outcome[]>(contenders.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of contenders) outcomes.get(name)?.push(runOnce(name));
  }
  report(outcomes, rounds);
}

function runOnce(name: string): Outcome {
  if (!name.startsWith('gyre')) return runPeer(name);
  const threads = name.includes('2') ? '2' : '1';
  const flags = ['--rows', String(size.rows), '--trees', String(size.trees), '--depth', String(size.depth)];
  return runChild(process.execPath, ['--conditions=source', join(here, 'training.ts'), '--fit', threads, ...flags]);
}

function runPeer(name: string): Outcome {
  return runChild(python, [
    join(here, 'peers', 'gbt.py'),
    name,
    trainFile,
    testFile,
    String(size.trees),
    String(size.depth),
    '2',
  ]);
}

function runChild(command: string, args: readonly string[]): Outcome {
  const child = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '2' } });
  const line = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${child.stderr.slice(-2000)}`);
  const outcome: unknown = JSON.parse(line);
  if (isOutcome(outcome)) return outcome;
  throw new Error(`${command} printed ${line}`);
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'fitSeconds' in value && 'auc' in value;
}

function fitGyre(threads: number): Outcome {
  const frame = decodeFrame(readFileSync(trainFile));
  const features: FeatureSpec[] = frame.columns
    .filter((column) => column.name !== 'label')
    .map((column) => ({ name: column.name, kind: column.kind === 'levels' ? 'category' : 'number' }));
  const candidate = parseCandidate({ kind: 'gbt', trees: size.trees, depth: size.depth });
  const trainRows = Int32Array.from({ length: frame.nRows }, (_, row) => row);
  const setting = threads === 1 ? {} : { threads: workerThreads(threads) };
  const started = performance.now();
  const { model } = trainModel(
    { frame, features, labels: labelsOf(frame, 'label'), task: 'binary', trainRows, candidate, seed: 7 },
    setting,
  );
  const fitSeconds = (performance.now() - started) / 1000;
  const test = decodeFrame(readFileSync(testFile));
  const scores = new Float64Array(test.nRows);
  compileModel(model).predictRows(test, scores);
  return { fitSeconds, auc: rocAuc({ labels: Uint8Array.from(labelsOf(test, 'label')), scores }), rowMicros: rowMicros(model) };
}

/** One row at a time through the first 100 trees, as serving does it: median of 15 passes over 20,000 rows. */
function rowMicros(model: Model): number {
  const compiled = compileModel(model.kind === 'gbt' ? { ...model, trees: model.trees.slice(0, 100) } : model);
  const random = createRandom(1);
  const rows = Array.from({ length: TEST_ROWS }, () => Float32Array.from(model.features, () => normal(random)));
  const passes = Array.from({ length: 15 }, () => {
    const started = performance.now();
    for (const row of rows) compiled.predictEncoded(row);
    return ((performance.now() - started) * 1000) / rows.length;
  });
  return median(passes);
}

function report(outcomes: ReadonlyMap<string, readonly Outcome[]>, rounds: number): void {
  const lightgbm = outcomes.get('lightgbm') ?? [];
  const fastestLightgbm = fastest(lightgbm);
  const lines = [...outcomes].map(([name, runs]) => ({
    name,
    fitSeconds: median(runs.map((run) => run.fitSeconds)),
    fastestSeconds: fastest(runs),
    auc: median(runs.map((run) => run.auc)),
    timeToLightgbm: median(runs.map((run, round) => run.fitSeconds / (lightgbm[round]?.fitSeconds ?? Number.NaN))),
    fastestToFastest: fastest(runs) / fastestLightgbm,
    ...(runs[0]?.rowMicros === undefined ? {} : { rowMicros: median(runs.map((run) => run.rowMicros ?? Number.NaN)) }),
  }));
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  console.log(JSON.stringify({ bench: 'training', ...size, testRows: TEST_ROWS, rounds, machine, lines }));
  if (options.json) return;
  console.log(`\n${size.rows} x 20, ${size.trees} trees, depth ${size.depth}; ${rounds} rounds on ${machine}`);
  console.log(`${''.padEnd(16)}  median s   x LightGBM   fastest s   x LightGBM   AUC`);
  for (const line of lines) {
    const numbers = [line.fitSeconds, line.timeToLightgbm, line.fastestSeconds, line.fastestToFastest];
    const cells = numbers.map((value, index) => value.toFixed(2).padStart([9, 12, 11, 12][index] ?? 0));
    const row = line.rowMicros === undefined ? '' : `   one row by 100 trees: ${line.rowMicros.toFixed(2)} µs`;
    console.log(`${line.name.padEnd(16)} ${cells.join(' ')}   ${line.auc.toFixed(4)}${row}`);
  }
}

/** Beside a busy neighbour the fastest run says more than the median: threads that wait for each other suffer most. */
function fastest(runs: readonly Outcome[]): number {
  return Math.min(...runs.map((run) => run.fitSeconds));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  return (low + (sorted[Math.floor(middle)] ?? low)) / 2;
}

function installPeers(): void {
  if (!existsSync(python)) spawnSync('python3', ['-m', 'venv', join(scratch, 'venv')], { stdio: 'inherit' });
  const probe = spawnSync(python, ['-c', 'import lightgbm, xgboost, sklearn, scipy']);
  if (probe.status === 0) return;
  const done = spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'lightgbm', 'xgboost', 'scikit-learn', 'scipy'], {
    stdio: 'inherit',
  });
  if (done.status !== 0)
    throw new Error('the peers could not be installed; this bench needs Python 3 with venv and a package index');
}

function writeTables(): void {
  if (existsSync(trainFile) && existsSync(testFile)) return;
  const random = createRandom(20_261_121);
  const effects = LEVEL_COUNTS.map((count) => Array.from({ length: count }, () => 1.2 * normal(random)));
  writeFileSync(trainFile, encodeFrame(aTable(size.rows, random, effects)));
  writeFileSync(testFile, encodeFrame(aTable(TEST_ROWS, random, effects)));
}

/** 14 numbers, 5 % missing in two, 6 categories of 3 to 50 levels; the label follows them with steps, bends and products. */
function aTable(nRows: number, random: Random, effects: readonly (readonly number[])[]): Frame {
  const numbers = Array.from({ length: NUMBERS }, () => new Float32Array(nRows).map(() => normal(random)));
  const codes = LEVEL_COUNTS.map((count) => new Int32Array(nRows).map(() => random.below(count)));
  const label = new Float32Array(nRows).map((_, row) => {
    const x = (feature: number): number => numbers[feature]?.[row] ?? 0;
    const effect = effects.reduce((sum, byLevel, c) => sum + (byLevel[codes[c]?.[row] ?? 0] ?? 0) * 0.5, 0);
    const bends = Math.sin(2 * x(2)) + (x(3) > 0.5 ? 0.8 : -0.3) + 0.4 * x(4) * x(5) + 0.3 * x(6) ** 2;
    const margin = 0.6 * x(0) - 0.5 * x(1) + bends + effect + 0.2 * x(7) * (codes[0]?.[row] === 1 ? 2 : -1) - 0.6;
    return random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  for (const feature of [0, 4]) {
    numbers[feature]?.forEach((value, row, values) => {
      values[row] = random.uniform() < 0.05 ? Number.NaN : value;
    });
  }
  const columns: Column[] = numbers.map((values, index) => ({ kind: 'float32', name: `n${index}`, values }));
  codes.forEach((values, index) => {
    const levels = Array.from({ length: LEVEL_COUNTS[index] ?? 0 }, (_, level) => `level ${level}`);
    columns.push({ kind: 'levels', name: `c${index}`, values, levels });
  });
  columns.push({ kind: 'float32', name: 'label', values: label });
  return { nRows, columns };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}
