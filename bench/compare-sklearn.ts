import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  binaryMetrics,
  comparePairedAuc,
  createRandom,
  expectedCalibrationError,
  multiclassMetrics,
  pinballLoss,
  type Random,
  regressionMetrics,
} from '#stats';

/**
 * Compares the metrics of `#stats` with scikit-learn on random cases and prints the largest difference.
 * Needs Python 3 with `venv` and a package index; scikit-learn is installed into `bench/.scratch/venv` once.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const scratch = join(here, '.scratch');
const python = join(scratch, 'venv', 'bin', 'python');
const N_CASES = 200;
const TOLERANCE = 1e-9;
const SIZES = [5, 40, 400, 5000];

interface Case {
  readonly task: 'binary' | 'regression' | 'multiclass';
  readonly y: readonly number[];
  readonly score?: readonly number[];
  readonly weight?: readonly number[];
  readonly nClasses?: number;
}

type Numbers = Readonly<Record<string, number>>;

function run(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${done.status ?? done.signal ?? String(done.error)}`);
}

function preparePython(): void {
  mkdirSync(scratch, { recursive: true });
  if (!existsSync(python)) run('python3', ['-m', 'venv', join(scratch, 'venv')]);
  const probe = spawnSync(python, ['-c', 'import sklearn, scipy'], { stdio: 'ignore' });
  if (probe.status !== 0) run(python, ['-m', 'pip', 'install', '--quiet', 'scikit-learn']);
}

/** A score in [0, 1]; in some cases with many ties, in some at the very ends. */
function scoreOf(random: Random, kind: number): number {
  const score = random.uniform();
  if (kind === 1) return Math.round(score * 10) / 10;
  if (kind === 2) return score < 0.2 ? 0 : Math.min(1, score * 1.2);
  return score;
}

function randomCase(index: number): Case {
  const random = createRandom(20_261_121).fork(index);
  const n = SIZES[index % SIZES.length] ?? 40;
  const weight = random.below(3) === 0 ? { weight: Array.from({ length: n }, () => random.below(5) / 2) } : {};
  const kind = random.below(3);
  const task = index % 10;
  if (task < 6) {
    const y = Array.from({ length: n }, (_, row) => (row < 2 ? row : Number(random.below(4) === 0)));
    const ones = 'weight' in weight ? { weight: weight.weight.map((each, row) => (row < 2 ? 1 : each)) } : {};
    return { task: 'binary', y, score: y.map((label) => scoreOf(random, kind) * (1 - 0.3 * (1 - label))), ...ones };
  }
  if (task < 8) {
    const y = Array.from({ length: n }, () => 20 * random.uniform() - 6);
    const positive = 'weight' in weight ? { weight: weight.weight.map((each) => each + 0.5) } : {};
    return { task: 'regression', y, score: y.map((target) => target + 4 * random.uniform() - 1.5), ...positive };
  }
  const nClasses = 2 + random.below(4) + 1;
  const y = Array.from({ length: Math.max(n, 2 * nClasses) }, (_, row) => (row < nClasses ? row : random.below(nClasses)));
  const score = y.flatMap((label) => {
    const raw = Array.from({ length: nClasses }, (_, each) => random.uniform() + (each === label ? 0.4 : 0.01));
    const total = raw.reduce((sum, part) => sum + part, 0);
    return raw.map((part) => part / total);
  });
  return { task: 'multiclass', y, score, nClasses };
}

function numbersOf(metrics: object): Numbers {
  return Object.fromEntries(Object.entries(metrics).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

function ours(each: Case): Numbers {
  const scores = Float64Array.from(each.score ?? []);
  const weights = each.weight === undefined ? {} : { weights: Float64Array.from(each.weight) };
  if (each.task === 'binary') {
    const rows = { labels: Uint8Array.from(each.y), scores, ...weights };
    const mirrored = scores.map((score, row) => (score + (scores[(row * 7) % scores.length] ?? 0)) / 2);
    const pair = comparePairedAuc({ labels: rows.labels, scoresA: mirrored, scoresB: scores });
    return {
      ...numbersOf(binaryMetrics(rows)),
      expectedCalibrationError: expectedCalibrationError(rows),
      pairedDifference: pair.difference,
      pairedVariance: pair.variance,
    };
  }
  if (each.task === 'regression') {
    const rows = { targets: Float64Array.from(each.y), predictions: scores, ...weights };
    return { ...numbersOf(regressionMetrics(rows)), pinball90: pinballLoss(rows, 0.9) };
  }
  return numbersOf(multiclassMetrics({ nClasses: each.nClasses ?? 0, targets: Int32Array.from(each.y), probabilities: scores }));
}

function difference(a: number, b: number | null | undefined): number {
  if (b === undefined) return Number.POSITIVE_INFINITY;
  if (b === null) return Number.isNaN(a) ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(a - b) / Math.max(1, Math.abs(b));
}

function main(): void {
  preparePython();
  const cases = Array.from({ length: N_CASES }, (_, index) => randomCase(index));
  const [casesFile, answersFile] = [join(scratch, 'sklearn-cases.json'), join(scratch, 'sklearn-answers.json')];
  writeFileSync(casesFile, JSON.stringify(cases));
  run(python, [join(here, 'compare_sklearn.py'), casesFile, answersFile]);
  // Written by our own script beside this file.
  const answers = JSON.parse(readFileSync(answersFile, 'utf8')) as {
    versions: string;
    cases: readonly Readonly<Record<string, number | null>>[];
  };
  const largest = new Map<string, number>();
  cases.forEach((each, index) => {
    for (const [metric, value] of Object.entries(ours(each))) {
      const key = `${each.task} ${metric}`;
      largest.set(key, Math.max(largest.get(key) ?? 0, difference(value, answers.cases[index]?.[metric])));
    }
  });
  console.log(`${N_CASES} random cases against ${answers.versions}; largest difference, relative above 1:`);
  for (const [key, value] of [...largest].sort((a, b) => b[1] - a[1])) console.log(`  ${value.toExponential(1)}  ${key}`);
  const worst = Math.max(...largest.values());
  console.log(`largest of all ${worst.toExponential(2)}, allowed ${TOLERANCE}`);
  process.exitCode = worst <= TOLERANCE ? 0 : 1;
}

main();
