import { addCounts, bucketAtRank } from './kernels/bins.ts';
import { requireRange, requireWhole, statsError } from './requirements.ts';

/** A {@link LogHistogram} as plain JSON. */
export interface LogHistogramJson {
  readonly version: 1;
  /** Bucket numbers and their counts, by rising bucket; empty buckets are left out. */
  readonly buckets: readonly (readonly [bucket: number, count: number])[];
  readonly sum: number;
  /** Smallest value added; 0 when empty. */
  readonly min: number;
  /** Largest value added; 0 when empty. */
  readonly max: number;
}

/** Largest relative error of a quantile. */
const RELATIVE_ERROR = 0.01;
const LN_GROWTH = Math.log((1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR));
const LEAST = 1e-3;
const GREATEST = 1e9;
/** Bucket 0 takes what is at or below LEAST; bucket i ends at LEAST * growth^i. */
const N_BUCKETS = Math.ceil(Math.log(GREATEST / LEAST) / LN_GROWTH) + 1;

/**
 * Quantiles of a stream of positive values, such as latencies in milliseconds, within 1 % of the true value and in
 * fixed memory (about 11 kB). Histograms merge without loss. Values from 0.001 to 10^9 keep that precision; smaller
 * ones count as 0.001, larger ones as 10^9.
 *
 * @example
 * ```ts
 * const latencyMs = new LogHistogram();
 * latencyMs.add(12.5, 99);
 * latencyMs.add(80);
 * latencyMs.count; // => 100
 * Math.abs(latencyMs.quantile(0.5) / 12.5 - 1) <= 0.01; // => true
 * ```
 * @see Masson, Rim and Lee, "DDSketch", PVLDB 12 (2019): the logarithmic mapping and its guarantee.
 */
export class LogHistogram {
  readonly #buckets = new Float64Array(N_BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Number of values added. */
  get count(): number {
    return this.#count;
  }

  /** Exact sum of the values. */
  get sum(): number {
    return this.#sum;
  }

  /** Smallest value, exact; NaN when empty. */
  get min(): number {
    return this.#count === 0 ? Number.NaN : this.#min;
  }

  /** Largest value, exact; NaN when empty. */
  get max(): number {
    return this.#count === 0 ? Number.NaN : this.#max;
  }

  /**
   * Adds a value.
   *
   * @param value - Finite, 0 or more.
   * @param count - How often; a whole number, 0 or more.
   * @throws {@link GyreError} `stats/bad-argument` when the value is negative, NaN or infinite, or the count is not whole.
   */
  add(value: number, count = 1): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw statsError('stats/bad-argument', `value ${value} is not a finite number of 0 or more`);
    }
    if (count !== 1) requireWhole('count', count, 0);
    if (count === 0) return;
    const bucket = bucketOf(value);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + count;
    this.#count += count;
    this.#sum += value * count;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /**
   * Adds everything another histogram holds; the other is left as it is.
   *
   * @param other - Any histogram.
   */
  merge(other: LogHistogram): void {
    addCounts(this.#buckets, other.#buckets);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /**
   * Finds the value below which a share of the values lies.
   *
   * @param share - In [0, 1]; 0.99 for p99.
   * @returns The order statistic of rank ceil(share * count) within 1 %, never outside [min, max]; NaN when empty.
   * @throws {@link GyreError} `stats/bad-argument` when the share is not in [0, 1].
   */
  quantile(share: number): number {
    requireRange('share', share, { low: 0, high: 1 });
    if (this.#count === 0) return Number.NaN;
    const bucket = bucketAtRank(this.#buckets, Math.max(1, Math.ceil(share * this.#count)));
    return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
  }

  /**
   * Writes the histogram as plain JSON.
   *
   * @returns What {@link LogHistogram.fromJSON} reads.
   */
  toJSON(): LogHistogramJson {
    const buckets = [...this.#buckets].flatMap((count, bucket) => (count > 0 ? [[bucket, count] as const] : []));
    const isEmpty = this.#count === 0;
    return { version: 1, buckets, sum: this.#sum, min: isEmpty ? 0 : this.#min, max: isEmpty ? 0 : this.#max };
  }

  /**
   * Reads what {@link LogHistogram.toJSON} wrote.
   *
   * @param json - A parsed JSON value.
   * @returns An equal histogram.
   * @throws {@link GyreError} `stats/bad-summary` when it is of another shape or version.
   */
  static fromJSON(json: unknown): LogHistogram {
    if (!isLogHistogramJson(json))
      throw statsError('stats/bad-summary', 'not a log histogram of version 1; keep the reading as it was written');
    const histogram = new LogHistogram();
    for (const [bucket, count] of json.buckets) {
      histogram.#buckets[bucket] = count;
      histogram.#count += count;
    }
    if (histogram.#count === 0) return histogram;
    histogram.#sum = json.sum;
    histogram.#min = json.min;
    histogram.#max = json.max;
    return histogram;
  }
}

function bucketOf(value: number): number {
  if (value <= LEAST) return 0;
  return Math.min(N_BUCKETS - 1, Math.ceil(Math.log(value / LEAST) / LN_GROWTH));
}

/** The point of a bucket from which both ends are 1 % away. */
function middleOf(bucket: number): number {
  return bucket === 0 ? LEAST : LEAST * Math.exp(bucket * LN_GROWTH) * (1 - RELATIVE_ERROR);
}

function isLogHistogramJson(json: unknown): json is LogHistogramJson {
  if (typeof json !== 'object' || json === null) return false;
  if (!('version' in json && json.version === 1 && 'buckets' in json && Array.isArray(json.buckets))) return false;
  const numbers = ['sum', 'min', 'max'].every((key) => Number.isFinite(Reflect.get(json, key)));
  return numbers && json.buckets.every(isBucket);
}

function isBucket(entry: unknown): boolean {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  return isWholeBelow(entry[0], N_BUCKETS) && isWholeBelow(entry[1], Number.MAX_SAFE_INTEGER);
}

function isWholeBelow(value: unknown, limit: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < limit;
}
