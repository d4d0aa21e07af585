import type { Column, Frame } from '#kernel';
import { createRandom, type Random } from '#stats';
import { type Candidate, parseCandidate } from './candidate.ts';
import type { FeatureSpec } from './model.ts';
import { type TrainingInput, trainModel } from './train-model.ts';

/** Standard normal numbers. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

export const mixedFeatures: readonly FeatureSpec[] = [
  { name: 'a', kind: 'number' },
  { name: 'b', kind: 'number' },
  { name: 'c', kind: 'number' },
  { name: 'carrier', kind: 'category' },
  { name: 'route', kind: 'category' },
];

/** A table with bends, missing numbers and categories, of which the label knows all. */
export function aMixedTable(nRows: number, seed: number): { readonly frame: Frame; readonly labels: Uint8Array } {
  const random = createRandom(seed);
  const number = (missingShare: number): Float32Array =>
    new Float32Array(nRows).map(() => (random.uniform() < missingShare ? Number.NaN : normal(random)));
  const code = (nLevels: number, missingShare: number): Int32Array =>
    new Int32Array(nRows).map(() => (random.uniform() < missingShare ? -1 : random.below(nLevels)));
  const a = number(0.1);
  const b = number(0);
  const c = new Float32Array(nRows).map(() => random.below(6));
  const carrier = code(4, 0);
  const route = code(60, 0.03);
  const labels = new Uint8Array(nRows).map((_, row) => {
    const x = a[row] ?? Number.NaN;
    const first = Number.isNaN(x) ? 1.2 : x * x - 1;
    const margin =
      first + (b[row] ?? 0) * (carrier[row] === 2 ? 1.5 : -0.5) + 0.04 * (route[row] ?? 0) - 1.5 + 0.2 * (c[row] ?? 0);
    return random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, level) => `${prefix}${level}`);
  const columns: Column[] = [
    { kind: 'float32', name: 'a', values: a },
    { kind: 'float32', name: 'b', values: b },
    { kind: 'float32', name: 'c', values: c },
    { kind: 'levels', name: 'carrier', values: carrier, levels: names('K', 4) },
    { kind: 'levels', name: 'route', values: route, levels: names('r', 60) },
  ];
  return { frame: { nRows, columns }, labels };
}

/** Row numbers from one up to, but not including, another. */
export function rowsFrom(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, index) => from + index);
}

/** What a test may say about a training. */
export type TrainingSpec = Partial<Omit<TrainingInput, 'candidate'>> & {
  readonly nRows?: number;
  readonly tableSeed?: number;
  readonly candidate?: object;
};

/** A training on a mixed table; only what matters needs to be said. */
export function aTraining(over: TrainingSpec = {}): TrainingInput {
  const { nRows = 2000, tableSeed = 11, candidate = { kind: 'gbt', trees: 20, depth: 4 }, ...rest } = over;
  const trainCount = Math.floor(nRows * 0.8);
  return {
    ...aMixedTable(nRows, tableSeed),
    features: mixedFeatures,
    task: 'binary',
    trainRows: rowsFrom(0, trainCount),
    validationRows: rowsFrom(trainCount, nRows),
    seed: 7,
    ...rest,
    candidate: parseCandidate(candidate),
  };
}

/** One number column and its labels, trained at once. */
export function trainedOn(
  values: readonly number[],
  labels: readonly number[],
  candidate: object,
): ReturnType<typeof trainModel> {
  const nRows = values.length;
  const parsed: Candidate = parseCandidate(candidate);
  return trainModel({
    frame: { nRows, columns: [{ kind: 'float32', name: 'x', values: Float32Array.from(values) }] },
    features: [{ name: 'x', kind: 'number' }],
    labels: Float64Array.from(labels),
    task: labels.every((label) => label === 0 || label === 1) ? 'binary' : 'regression',
    trainRows: rowsFrom(0, nRows),
    candidate: parsed,
    seed: 7,
  });
}
