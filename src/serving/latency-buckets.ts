/** Buckets grow by a factor of 2^(1/8), about 9 %, from 1 µs on; the last one is open. */
const BUCKETS_PER_DOUBLING = 8;
const LAST_BUCKET = 199;

/** How many buckets there are. */
export const LATENCY_BUCKETS = LAST_BUCKET + 1;

/** Gives the bucket of a latency in microseconds; everything below 1 µs is in the first. */
export function latencyBucketOf(latencyUs: number): number {
  if (!(latencyUs > 1)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log2(latencyUs) * BUCKETS_PER_DOUBLING));
}

/** Gives the upper end of a bucket in microseconds. */
export function latencyBucketUs(bucket: number): number {
  return 2 ** (bucket / BUCKETS_PER_DOUBLING);
}

/** Gives the upper end, in milliseconds, of the bucket that holds the quantile; NaN without counts. */
export function latencyQuantileMs(counts: readonly number[], quantile: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? Number.NaN : atRankMs(counts, Math.ceil(quantile * total));
}

/**
 * Gives a confidence interval of a latency quantile by order statistics (normal form of the binomial ranks), in
 * milliseconds; the upper end is infinite when there are too few requests to bound it.
 */
export function latencyQuantileBoundsMs(counts: readonly number[], quantile: number, z: number) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { low: Number.NaN, high: Number.NaN };
  const half = z * Math.sqrt(total * quantile * (1 - quantile));
  const highRank = Math.ceil(total * quantile + half);
  return {
    low: atRankMs(counts, Math.max(1, Math.floor(total * quantile - half))),
    high: highRank > total ? Number.POSITIVE_INFINITY : atRankMs(counts, highRank),
  };
}

function atRankMs(counts: readonly number[], rank: number): number {
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= rank) return latencyBucketUs(bucket) / 1000;
  }
  return latencyBucketUs(LAST_BUCKET) / 1000;
}

/** Adds counts of buckets, place by place. */
export function addLatencyCounts(first: readonly number[], second: readonly number[]): readonly number[] {
  const [long, short] = first.length >= second.length ? [first, second] : [second, first];
  return long.map((count, bucket) => count + (short[bucket] ?? 0));
}
