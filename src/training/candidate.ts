import { didYouMean } from '#kernel';
import { MAX_VALUE_BINS } from './kernels/bins.ts';
import { trainingError } from './training-error.ts';

/** What a model predicts: the probability of label 1, or a number. */
export const Task = ['binary', 'regression'] as const;
/** One task; see {@link Task} for the whole set. */
export type Task = (typeof Task)[number];

/** The baseline: the share of label 1, or the mean, of the training rows. */
export interface PriorCandidate {
  readonly kind: 'prior';
}

/** Linear model; `logistic` for a binary task, `linear` for a number. */
export interface LinearCandidate {
  readonly kind: 'logistic' | 'linear';
  /** Weight of `½·l2·‖w‖²` beside the sum of losses, on standardised features; the inverse of scikit-learn's `C`. */
  readonly l2: number;
  readonly maxIterations: number;
  /** Categories with more levels than this enter as one number, their smoothed mean label, instead of one weight a level. */
  readonly maxOneHotLevels: number;
  /** Pseudo-rows at the overall mean that a level's mean label is drawn to. */
  readonly smoothing: number;
  readonly folds: number;
}

/** Gradient-boosted trees. */
export interface GbtCandidate {
  readonly kind: 'gbt';
  readonly trees: number;
  readonly depth: number;
  readonly learningRate: number;
  readonly l2: number;
  /** Least sum of hessians on each side of a split. */
  readonly minChildWeight: number;
  /** Least gain of a split. */
  readonly minGain: number;
  /** Share of the rows, drawn anew for each tree. */
  readonly rowShare: number;
  /** Share of the features, drawn anew for each tree. */
  readonly featureShare: number;
  readonly maxBins: number;
  /** Trees without improvement on the validation part after which training ends; 0 grows all. */
  readonly earlyStopping: number;
  readonly smoothing: number;
  readonly folds: number;
}

/** One way to train: the trainer and every parameter, defaults filled in. */
export type Candidate = PriorCandidate | LinearCandidate | GbtCandidate;

interface Range {
  readonly fallback: number;
  readonly low: number;
  readonly high: number;
  readonly isWhole?: boolean;
}

const ENCODING = {
  smoothing: { fallback: 20, low: 0, high: 1e6 },
  folds: { fallback: 5, low: 2, high: 50, isWhole: true },
} as const;

const LINEAR = {
  l2: { fallback: 1, low: 1e-9, high: 1e9 },
  maxIterations: { fallback: 200, low: 1, high: 10_000, isWhole: true },
  maxOneHotLevels: { fallback: 255, low: 0, high: 10_000, isWhole: true },
  ...ENCODING,
} as const;

const GBT = {
  trees: { fallback: 300, low: 1, high: 10_000, isWhole: true },
  depth: { fallback: 6, low: 1, high: 12, isWhole: true },
  learningRate: { fallback: 0.1, low: 1e-6, high: 1 },
  l2: { fallback: 1, low: 0, high: 1e9 },
  minChildWeight: { fallback: 1, low: 0, high: 1e9 },
  minGain: { fallback: 0, low: 0, high: 1e9 },
  rowShare: { fallback: 1, low: 0.01, high: 1 },
  featureShare: { fallback: 1, low: 0.01, high: 1 },
  maxBins: { fallback: MAX_VALUE_BINS, low: 2, high: MAX_VALUE_BINS, isWhole: true },
  earlyStopping: { fallback: 0, low: 0, high: 10_000, isWhole: true },
  ...ENCODING,
} as const;

/**
 * Reads a candidate as a project file writes it, and fills in the defaults.
 *
 * @param value - `{ kind: 'prior' | 'logistic' | 'linear' | 'gbt', … }` with numbers for parameters.
 * @returns The candidate with every parameter.
 * @throws {@link GyreError} `training/bad-parameter` for an unknown kind or parameter, or a value out of range.
 * @example
 * ```ts
 * parseCandidate({ kind: 'gbt', trees: 150 }).kind; // => 'gbt'
 * parseCandidate({ kind: 'prior' }); // => { kind: 'prior' }
 * ```
 */
export function parseCandidate(value: unknown): Candidate {
  if (typeof value !== 'object' || value === null || !('kind' in value)) {
    throw trainingError('training/bad-parameter', 'a candidate is an object with a "kind": prior, logistic, linear or gbt');
  }
  const { kind, ...given } = value;
  if (kind === 'prior') return { kind, ...numbers(kind, given, {}) };
  if (kind === 'logistic' || kind === 'linear') return { kind, ...numbers(kind, given, LINEAR) };
  if (kind === 'gbt') return { kind, ...numbers(kind, given, GBT) };
  const got = typeof kind === 'string' ? `"${kind.slice(0, 40)}"` : typeof kind;
  const hint = typeof kind === 'string' ? didYouMean(kind, ['prior', 'logistic', 'linear', 'gbt']) : '';
  throw trainingError('training/bad-parameter', `no trainer ${got}; there are prior, logistic, linear and gbt${hint}`);
}

function numbers<Name extends string>(kind: string, given: object, ranges: Readonly<Record<Name, Range>>): Record<Name, number> {
  const names = Object.keys(ranges);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw trainingError('training/bad-parameter', `${kind} has no parameter "${name.slice(0, 40)}"${didYouMean(name, names)}`);
  }
  const values = new Map<string, unknown>(Object.entries(given));
  const entries = Object.entries<Range>(ranges).map(([name, range]) => [
    name,
    checked(`${kind}.${name}`, values.get(name), range),
  ]);
  // Object.entries forgets the names of the table it was given; they are the same here.
  return Object.fromEntries(entries) as Record<Name, number>;
}

function checked(name: string, value: unknown, range: Range): number {
  if (value === undefined) return range.fallback;
  const isLegal = typeof value === 'number' && value >= range.low && value <= range.high;
  if (isLegal && (range.isWhole !== true || Number.isInteger(value))) return value;
  const what = range.isWhole === true ? 'a whole number' : 'a number';
  const got = typeof value === 'number' ? String(value) : typeof value;
  throw trainingError('training/bad-parameter', `${name} is ${got}; give ${what} from ${range.low} to ${range.high}`);
}
