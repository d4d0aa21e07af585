/** Counts finite values between ascending edges, bin i holding edges[i - 1] < x <= edges[i]; the rest is missing. */
export function countInBins(values: Float64Array | Float32Array, edges: readonly number[]) {
  const ends = Float64Array.from(edges);
  const counts = new Float64Array(ends.length + 1);
  let missing = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    if (!Number.isFinite(value)) {
      missing += 1;
      continue;
    }
    counts[binOf(value, ends)]! += 1;
  }
  return { counts, missing };
}

/** Counts finite values by bin and day; index `day * nBins + bin`. */
export function countInBinsByDay(
  values: Float64Array | Float32Array,
  edges: readonly number[],
  dayOfRow: Int32Array,
  nDays: number,
): Float64Array {
  const ends = Float64Array.from(edges);
  const nBins = ends.length + 1;
  const counts = new Float64Array(nDays * nBins);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    if (Number.isFinite(value)) counts[dayOfRow[row]! * nBins + binOf(value, ends)]! += 1;
  }
  return counts;
}

/** Counts codes by bin and day, `binOfCode` being -1 for codes that have none. */
export function countCodesByDay(
  codes: Int32Array,
  binOfCode: Int32Array,
  nBins: number,
  dayOfRow: Int32Array,
  nDays: number,
): Float64Array {
  const counts = new Float64Array(nDays * nBins);
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row]!;
    const bin = code < 0 ? -1 : binOfCode[code]!;
    if (bin >= 0) counts[dayOfRow[row]! * nBins + bin]! += 1;
  }
  return counts;
}

/** Counts codes 0 … nLevels - 1; -1 is missing; `badRow` is the first row with another code, or -1. */
export function countLevelCodes(codes: Int32Array, nLevels: number) {
  const counts = new Float64Array(nLevels);
  let missing = 0;
  let badRow = -1;
  for (let row = 0; row < codes.length; row += 1) {
    const code = codes[row]!;
    if (code === -1) missing += 1;
    else if (code >= 0 && code < nLevels) counts[code]! += 1;
    else if (badRow < 0) badRow = row;
  }
  return { counts, missing, badRow };
}

function binOf(value: number, ends: Float64Array): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= ends[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
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
