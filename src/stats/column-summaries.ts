import { countInBins, countLevelCodes } from './kernels/bins.ts';
import { mapTerms } from './kernels/errors-of-rows.ts';
import { weightedMean } from './kernels/losses.ts';
import { finiteValues } from './kernels/scans.ts';
import { type NumberArray, requireWhole, statsError } from './requirements.ts';

/** What a monitor must remember of a numeric reference column: plain JSON, independent of the number of rows. */
export interface NumericSummary {
  readonly kind: 'numeric';
  readonly version: 1;
  /** Rows with a finite number. */
  readonly n: number;
  /** Rows with NaN or an infinite value. */
  readonly missing: number;
  /** Inner ends of the bins, ascending: bin i holds edges[i - 1] < x <= edges[i]; the first and last are open. */
  readonly edges: readonly number[];
  /** Rows in each bin; one more than edges. */
  readonly counts: readonly number[];
  /** 0 without rows, as are `max`, `mean` and `deviation`. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation, divided by n. */
  readonly deviation: number;
  /** True when at least 98 % of the rows hold one value: distances in units of the deviation then mean nothing. */
  readonly isNearConstant: boolean;
  /** The values in ascending order; when there were more than asked for, evenly spaced order statistics. */
  readonly sample: readonly number[];
}

/** What a monitor must remember of a reference column of levels: plain JSON. */
export interface LevelSummary {
  readonly kind: 'levels';
  readonly version: 1;
  /** Rows with a level. */
  readonly n: number;
  /** Rows without. */
  readonly missing: number;
  /** Levels that occur, most frequent first. */
  readonly levels: readonly string[];
  /** Rows of each level. */
  readonly counts: readonly number[];
}

/** A reference column, summarised. */
export type ColumnSummary = NumericSummary | LevelSummary;

/** A column of levels: codes into `levels`, one a row; -1 means missing. */
export interface LevelValues {
  readonly values: Int32Array;
  readonly levels: readonly string[];
}

/** How fine a numeric summary is. */
export interface NumericSummaryOptions {
  /**
   * Quantile bins to aim at, 2 or more; ties give fewer or put a frequent value in a bin of its own.
   *
   * @defaultValue 10
   */
  readonly nBins?: number;
  /**
   * Order statistics to keep for the Kolmogorov-Smirnov and Wasserstein distances, 2 or more.
   *
   * @defaultValue 1000
   */
  readonly sampleSize?: number;
}

const CONSTANT_SHARE = 0.98;

/**
 * Summarises a numeric reference column, so that drift is measured without reading the reference again.
 *
 * @param values - One a row; NaN and infinities count as missing.
 * @param options - Ten bins and 1000 order statistics unless told.
 * @returns Plain JSON of at most some 20 kB.
 * @throws {@link GyreError} `stats/bad-argument` for impossible options.
 * @example
 * ```ts
 * summarizeNumeric(Float64Array.of(1, 2, 3, 4), { nBins: 2 }).edges; // => [2]
 * ```
 * @see Siddiqi, "Credit risk scorecards" (2006): quantile bins of the reference.
 */
export function summarizeNumeric(values: NumberArray, options: NumericSummaryOptions = {}): NumericSummary {
  const { nBins = 10, sampleSize = 1000 } = options;
  requireWhole('nBins', nBins, 2);
  requireWhole('sampleSize', sampleSize, 2);
  const sorted = finiteValues(values).sort();
  const n = sorted.length;
  const missing = values.length - n;
  const start = { kind: 'numeric', version: 1, n, missing } as const;
  if (n === 0)
    return { ...start, edges: [], counts: [0], min: 0, max: 0, mean: 0, deviation: 0, isNearConstant: true, sample: [] };
  const constant = nearConstant(sorted);
  const edges = constant === undefined ? quantileEdges(sorted, nBins) : [justBelow(constant), constant];
  const mean = weightedMean(sorted, undefined);
  const variance = weightedMean(
    mapTerms(sorted, (value) => (value - mean) ** 2),
    undefined,
  );
  return {
    ...start,
    edges,
    counts: [...countInBins(sorted, edges).counts],
    min: sorted[0] ?? 0,
    max: sorted[n - 1] ?? 0,
    mean,
    deviation: Math.sqrt(variance),
    isNearConstant: constant !== undefined,
    sample: orderStatistics(sorted, sampleSize),
  };
}

/**
 * Summarises a reference column of levels.
 *
 * @param column - Codes into its levels; -1 is missing.
 * @returns Plain JSON; levels that do not occur are left out.
 * @throws {@link GyreError} `stats/not-a-label` for a code outside the levels.
 * @example
 * ```ts
 * summarizeLevels({ values: Int32Array.of(1, 0, 1, -1), levels: ['ORD', 'ATL'] }).levels; // => ['ATL', 'ORD']
 * ```
 */
export function summarizeLevels(column: LevelValues): LevelSummary {
  const { counts, missing } = countCodes(column);
  const present = column.levels
    .map((level, code) => ({ level, count: counts[code] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.level < b.level ? -1 : 1));
  return {
    kind: 'levels',
    version: 1,
    n: column.values.length - missing,
    missing,
    levels: present.map(({ level }) => level),
    counts: present.map(({ count }) => count),
  };
}

/** Rows of a current column in the bins of a reference: plain JSON that adds up over windows. */
export interface BinCounts {
  /** Rows in each bin or level of the reference. */
  readonly counts: readonly number[];
  /** Rows with a value, unseen levels included. */
  readonly n: number;
  readonly missing: number;
  /** Levels that the reference does not know, most frequent first; none for numbers. */
  readonly unseen: readonly { readonly level: string; readonly count: number }[];
}

/**
 * Counts the rows of a current column in the bins of a reference.
 *
 * @param summary - The reference.
 * @param current - Numbers for a numeric summary, levels for one of levels.
 * @returns The counts.
 * @throws {@link GyreError} `stats/bad-summary` when the kinds differ, `stats/not-a-label` for a code outside the levels.
 * @example
 * ```ts
 * const reference = summarizeNumeric(Float64Array.of(1, 2, 3, 4), { nBins: 2 });
 * countAgainst(reference, Float64Array.of(0, 9, 9, Number.NaN)).counts; // => [1, 2]
 * ```
 */
export function countAgainst(summary: ColumnSummary, current: NumberArray | LevelValues): BinCounts {
  const isNumeric = current instanceof Float64Array || current instanceof Float32Array;
  if (summary.kind === 'numeric' && isNumeric) {
    const { counts, missing } = countInBins(current, summary.edges);
    return { counts: [...counts], n: current.length - missing, missing, unseen: [] };
  }
  if (summary.kind === 'levels' && !isNumeric) return countLevels(summary, current);
  throw statsError(
    'stats/bad-summary',
    `the reference is ${summary.kind}, the column is ${isNumeric ? 'numeric' : 'levels'}; summarise it anew`,
  );
}

/**
 * Reads a stored summary.
 *
 * @param json - A parsed JSON value.
 * @returns The summary, checked to be whole.
 * @throws {@link GyreError} `stats/bad-summary` when it is of another shape or version.
 * @example
 * ```ts
 * const summary = summarizeNumeric(Float64Array.of(1, 2, 3, 4));
 * parseColumnSummary(JSON.parse(JSON.stringify(summary))).n; // => 4
 * ```
 */
export function parseColumnSummary(json: unknown): ColumnSummary {
  if (isColumnSummary(json)) return json;
  throw statsError('stats/bad-summary', 'not a column summary of version 1; keep the reading as it was written');
}

function isColumnSummary(json: unknown): json is ColumnSummary {
  if (typeof json !== 'object' || json === null) return false;
  const part = (key: string): unknown => Reflect.get(json, key);
  if (part('version') !== 1 || !isNumbers([part('n'), part('missing')]) || !isNumbers(part('counts'))) return false;
  if (part('kind') === 'levels') return isTexts(part('levels')) && lengthOf(part('levels')) === lengthOf(part('counts'));
  const moments = ['min', 'max', 'mean', 'deviation'].map(part);
  const lists = isNumbers(part('edges')) && isNumbers(part('sample')) && lengthOf(part('edges')) + 1 === lengthOf(part('counts'));
  return part('kind') === 'numeric' && lists && isNumbers(moments) && typeof part('isNearConstant') === 'boolean';
}

function isNumbers(list: unknown): boolean {
  return Array.isArray(list) && list.every(Number.isFinite);
}

function isTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'string');
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : -1;
}

function countLevels(summary: LevelSummary, current: LevelValues): BinCounts {
  const { counts, missing } = countCodes(current);
  const byLevel = new Map(current.levels.map((level, code) => [level, counts[code] ?? 0]));
  const known = summary.levels.map((level) => byLevel.get(level) ?? 0);
  for (const level of summary.levels) byLevel.delete(level);
  const unseen = [...byLevel].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    counts: known,
    n: current.values.length - missing,
    missing,
    unseen: unseen.map(([level, count]) => ({ level, count })),
  };
}

function countCodes({ values, levels }: LevelValues): { readonly counts: Float64Array; readonly missing: number } {
  const counted = countLevelCodes(values, levels.length);
  if (counted.badRow < 0) return counted;
  const row = counted.badRow;
  throw statsError('stats/not-a-label', `code ${values[row]} in row ${row} is not in -1 … ${levels.length - 1}`);
}

function nearConstant(sorted: Float64Array): number | undefined {
  const tail = Math.floor(((1 - CONSTANT_SHARE) / 2) * sorted.length);
  const low = sorted[tail];
  const high = sorted[sorted.length - 1 - tail];
  return low === high ? low : undefined;
}

/**
 * Quantile ends. A value that reaches over several gets a bin of its own, so that rows that leave it are seen, even
 * where the reference has no row beside it; every other bin holds reference rows.
 */
function quantileEdges(sorted: Float64Array, nBins: number): readonly number[] {
  const n = sorted.length;
  const quantiles = Array.from({ length: nBins - 1 }, (_, k) => sorted[Math.ceil(((k + 1) * n) / nBins) - 1] ?? 0);
  const frequent = new Set(quantiles.filter((edge, index) => index > 0 && edge === quantiles[index - 1]));
  const edges = [...new Set([...quantiles, ...[...frequent].map(justBelow)])].sort((a, b) => a - b);
  const greatest = sorted[n - 1] ?? 0;
  return edges.filter((edge) => edge < greatest || frequent.has(edge));
}

/** The greatest double below a value, so that `x <= justBelow(v)` is `x < v`. */
function justBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + (value > 0 ? -1n : 1n));
  return view.getFloat64(0);
}

function orderStatistics(sorted: Float64Array, size: number): readonly number[] {
  if (sorted.length <= size) return [...sorted];
  return Array.from({ length: size }, (_, index) => sorted[Math.floor(((index + 0.5) * sorted.length) / size)] ?? 0);
}
