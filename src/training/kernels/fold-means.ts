/** What {@link foldMeans} reads. */
export interface FoldMeansInput {
  /** -1 means missing. */
  readonly codes: Int32Array;
  readonly labels: Float32Array;
  readonly folds: Uint8Array;
  readonly nLevels: number;
  readonly nFolds: number;
  readonly smoothing: number;
}

/** Smoothed means by level; the place after the last level stands for missing values. */
export interface FoldMeans {
  readonly overall: number;
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly outOfFold: Float32Array;
}

/** Smoothed mean label of each level, over all rows and, for each row, over the rows of the other folds. */
export function foldMeans(input: FoldMeansInput): FoldMeans {
  const { codes, labels, folds, nLevels, nFolds, smoothing } = input;
  const width = nLevels + 1;
  const sums = new Float64Array(width * nFolds);
  const counts = new Float64Array(width * nFolds);
  const foldSums = new Float64Array(nFolds);
  const foldCounts = new Float64Array(nFolds);
  for (let row = 0; row < codes.length; row += 1) {
    const fold = folds[row]!;
    const at = fold * width + (codes[row]! < 0 ? nLevels : codes[row]!);
    sums[at]! += labels[row]!;
    counts[at]! += 1;
    foldSums[fold]! += labels[row]!;
    foldCounts[fold]! += 1;
  }
  const levelSums = totals(sums, width);
  const levelCounts = totals(counts, width);
  const sum = foldSums.reduce((a, b) => a + b, 0);
  const count = foldCounts.reduce((a, b) => a + b, 0);
  const overall = sum / count;
  const smooth = (levelSum: number, levelCount: number, mean: number): number =>
    levelCount + smoothing > 0 ? (levelSum + smoothing * mean) / (levelCount + smoothing) : mean;
  const outside = new Float64Array(width * nFolds);
  for (let fold = 0; fold < nFolds; fold += 1) {
    const others = count - foldCounts[fold]!;
    const mean = others > 0 ? (sum - foldSums[fold]!) / others : overall;
    for (let level = 0; level < width; level += 1) {
      const at = fold * width + level;
      outside[at] = smooth(levelSums[level]! - sums[at]!, levelCounts[level]! - counts[at]!, mean);
    }
  }
  const outOfFold = new Float32Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    outOfFold[row] = outside[folds[row]! * width + (codes[row]! < 0 ? nLevels : codes[row]!)]!;
  }
  const values = levelSums.map((levelSum, level) => smooth(levelSum, levelCounts[level]!, overall));
  return { overall, values, counts: levelCounts, outOfFold };
}

function totals(cells: Float64Array, width: number): Float64Array {
  const total = new Float64Array(width);
  for (let at = 0; at < cells.length; at += 1) total[at % width]! += cells[at]!;
  return total;
}
