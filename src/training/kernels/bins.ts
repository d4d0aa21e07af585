/** Bins kept for values of one feature; one more holds the missing ones, so that a bin fits in a byte. */
export const MAX_VALUE_BINS = 254;

/** Bins reserved for each feature in a histogram: `feature << 8 | bin`. */
export const BINS_PER_FEATURE = 256;

const SAMPLE_ROWS = 60_000;

/**
 * Cuts one feature into bins of about equal weight. A cut is a float32 value `t` with meaning `x <= t`, and lies between two values of the sample,
 * so that training, evaluation and ONNX fall on the same side for every float32.
 *
 * @returns Ascending cuts; bin `i` holds `cuts[i-1] < x <= cuts[i]`, the last bin what is above all cuts.
 */
export function cutPoints(column: Float32Array, maxBins: number): Float32Array {
  const sample = sortedSample(column);
  const distinct: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < sample.length; i += 1) {
    const value = sample[i]!;
    // -0 and 0 are one value: the comparison x <= t does not tell them apart.
    if (distinct.length > 0 && value === distinct[distinct.length - 1]) counts[counts.length - 1]! += 1;
    else {
      distinct.push(value);
      counts.push(1);
    }
  }
  const closing = distinct.length <= maxBins ? everyBorder(distinct.length) : evenBorders(counts, sample.length, maxBins);
  const cuts = new Float32Array(closing.length);
  closing.forEach((last, index) => {
    cuts[index] = between(distinct[last]!, distinct[last + 1]!);
  });
  return cuts;
}

/** Writes one feature's bins into a row-major matrix of `stride` bytes a row; a value's bin is the number of cuts below it, NaN has the bin after the last. */
export function writeBins(bins: Uint8Array, stride: number, feature: number, column: Float32Array, cuts: Float32Array): void {
  // 256 cuts and a fixed number of steps: no branch that a processor could guess wrongly.
  const padded = new Float32Array(256).fill(Number.POSITIVE_INFINITY);
  padded.set(cuts);
  const missingBin = cuts.length + 1;
  for (let row = 0, at = feature; row < column.length; row += 1, at += stride) {
    const value = column[row]!;
    let low = 0;
    for (let half = 128; half >= 1; half >>= 1) low += (+(value > padded[low + half - 1]!) | 0) * half;
    bins[at] = Number.isNaN(value) ? missingBin : low;
  }
}

function sortedSample(column: Float32Array): Float32Array {
  const step = Math.max(1, Math.ceil(column.length / SAMPLE_ROWS));
  const sample = new Float32Array(Math.ceil(column.length / step));
  let count = 0;
  for (let row = 0; row < column.length; row += step) {
    const value = column[row]!;
    if (!Number.isNaN(value)) sample[count++] = value;
  }
  return sample.subarray(0, count).sort();
}

function everyBorder(nDistinct: number): number[] {
  return Array.from({ length: Math.max(0, nDistinct - 1) }, (_, index) => index);
}

/** Closes a bin when it has its share of what is left; a value that alone has more than a share gets a bin of its own. */
function evenBorders(counts: readonly number[], total: number, maxBins: number): number[] {
  const closing: number[] = [];
  let left = total;
  let inBin = 0;
  for (let i = 0; i < counts.length - 1 && closing.length < maxBins - 1; i += 1) {
    const share = left / (maxBins - closing.length);
    inBin += counts[i]!;
    if (inBin >= share || inBin + counts[i + 1]! > share * 1.5) {
      closing.push(i);
      left -= inBin;
      inBin = 0;
    }
  }
  return closing;
}

/** A float32 in [low, high), halfway where float32 has such a value. */
function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}
