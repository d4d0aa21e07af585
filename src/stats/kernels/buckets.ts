/** Adds counts to counts, in place. */
export function addCounts(to: Float64Array, from: Float64Array): void {
  for (let bucket = 0; bucket < to.length; bucket += 1) to[bucket]! += from[bucket]!;
}

/** The bucket that holds the value of a rank, counted from 1. */
export function bucketAtRank(counts: Float64Array, rank: number): number {
  let seen = 0;
  let last = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    if (counts[bucket]! === 0) continue;
    seen += counts[bucket]!;
    last = bucket;
    if (seen >= rank) break;
  }
  return last;
}
