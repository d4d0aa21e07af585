/** Bin of each score in [0, 1] among equal widths; 1 belongs to the last. */
export function equalWidthBins(scores: Float64Array | Float32Array, nBins: number): Int32Array {
  const bins = new Int32Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) bins[row] = Math.min(nBins - 1, Math.floor(scores[row]! * nBins));
  return bins;
}

/** Bin of each score among equal numbers of rows; rows of one score share the bin of their first. */
export function equalCountBins(scores: Float64Array | Float32Array, order: Uint32Array, nBins: number): Int32Array {
  const bins = new Int32Array(scores.length);
  let bin = 0;
  for (let at = 0; at < order.length; at += 1) {
    const isTied = at > 0 && scores[order[at]!]! === scores[order[at - 1]!]!;
    if (!isTied) bin = Math.floor((at * nBins) / order.length);
    bins[order[at]!] = bin;
  }
  return bins;
}

/** Weighted sum of the values in each bin. */
export function binSums(rows: {
  readonly bins: Int32Array;
  readonly values: ArrayLike<number>;
  readonly weights: Float64Array | Float32Array | undefined;
  readonly nBins: number;
}): Float64Array {
  const sums = new Float64Array(rows.nBins);
  for (let row = 0; row < rows.bins.length; row += 1) {
    sums[rows.bins[row]!]! += rows.values[row]! * (rows.weights === undefined ? 1 : rows.weights[row]!);
  }
  return sums;
}
