import { BINS_PER_FEATURE } from './bins.ts';
import { HESSIAN_LIMIT } from './row-block.ts';

/** What a split must keep to, in whole units of the packed sums. */
export interface SplitRules {
  /** Added to the hessian of each side. */
  readonly l2: number;
  readonly minHessian: number;
  readonly minGain: number;
}

/** A split, by bins. */
export interface Split {
  readonly feature: number;
  /** Rows with a bin up to this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  /** Packed sum of the rows that go left. */
  readonly left: number;
}

/** Gradient part of a packed sum. */
export function gradientOf(packed: number): number {
  return Math.floor(packed / HESSIAN_LIMIT);
}

/** Hessian part of a packed sum. */
export function hessianOf(packed: number): number {
  return packed - Math.floor(packed / HESSIAN_LIMIT) * HESSIAN_LIMIT;
}

/**
 * Finds the best split of one node: the first of the largest gain, in the order of features and bins, so that the answer does not hang on chance.
 *
 * @param histogram - Packed sums, `feature << 8 | bin`; the bin after the last value bin holds the missing ones.
 * @param valueBins - Bins of values for each feature; 0 leaves the feature out.
 */
export function findSplit(
  histogram: Float64Array,
  offset: number,
  valueBins: Int32Array,
  total: number,
  rules: SplitRules,
): Split | undefined {
  const scale = 1 / HESSIAN_LIMIT;
  const { l2, minHessian } = rules;
  const totalGradient = gradientOf(total);
  const totalHessian = total - totalGradient * HESSIAN_LIMIT;
  if (totalHessian < 2 * minHessian) return undefined;
  const parent = (totalGradient * totalGradient) / (totalHessian + l2);
  // A gain that rounding alone could make is no gain.
  let best = Math.max(rules.minGain, parent * 1e-12) + parent;
  let bestFeature = -1;
  let bestBin = 0;
  let bestMissingLeft = false;
  let bestLeft = 0;
  for (let feature = 0; feature < valueBins.length; feature += 1) {
    const nBins = valueBins[feature]!;
    const start = offset + feature * BINS_PER_FEATURE;
    const missing = nBins === 0 ? 0 : histogram[start + nBins]!;
    const last = missing === 0 ? nBins - 1 : nBins;
    let left = 0;
    for (let bin = 0; bin < last; bin += 1) {
      const here = histogram[start + bin]!;
      if (here === 0) continue;
      left += here;
      const gradient = Math.floor(left * scale);
      const hessian = left - gradient * HESSIAN_LIMIT;
      const otherHessian = totalHessian - hessian;
      if (hessian >= minHessian && otherHessian >= minHessian) {
        const other = totalGradient - gradient;
        const gain = (gradient * gradient) / (hessian + l2) + (other * other) / (otherHessian + l2);
        if (gain > best) {
          best = gain;
          bestFeature = feature;
          bestBin = bin;
          bestMissingLeft = missing === 0 && hessian > otherHessian;
          bestLeft = left;
        }
      }
      if (missing === 0) continue;
      const both = left + missing;
      const gradient2 = Math.floor(both * scale);
      const hessian2 = both - gradient2 * HESSIAN_LIMIT;
      const otherHessian2 = totalHessian - hessian2;
      if (hessian2 >= minHessian && otherHessian2 >= minHessian) {
        const other = totalGradient - gradient2;
        const gain = (gradient2 * gradient2) / (hessian2 + l2) + (other * other) / (otherHessian2 + l2);
        if (gain > best) {
          best = gain;
          bestFeature = feature;
          bestBin = bin;
          bestMissingLeft = true;
          bestLeft = both;
        }
      }
    }
  }
  if (bestFeature < 0) return undefined;
  return { feature: bestFeature, bin: bestBin, missingLeft: bestMissingLeft, gain: best - parent, left: bestLeft };
}

/** Adds histograms of other threads to the first, bin by bin. */
export function addInto(target: Float64Array, source: Float64Array, targetFrom: number, sourceFrom: number, size: number): void {
  for (let i = 0; i < size; i += 1) target[targetFrom + i]! += source[sourceFrom + i]!;
}

/** Writes `parent - child` where the other child's histogram belongs. */
export function subtractInto(
  target: Float64Array,
  targetFrom: number,
  parent: Float64Array,
  parentFrom: number,
  childFrom: number,
  size: number,
): void {
  for (let i = 0; i < size; i += 1) target[targetFrom + i] = parent[parentFrom + i]! - target[childFrom + i]!;
}
