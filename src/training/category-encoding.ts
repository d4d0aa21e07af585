import { createRandom } from '#stats';
import { foldMeans } from './kernels/fold-means.ts';
import { type CategoryEncoder, shortFloat32 } from './model.ts';
import type { Part } from './training-table.ts';

/** How categories become numbers. */
export interface EncodingRules {
  readonly smoothing: number;
  readonly folds: number;
  readonly seed: number;
}

/** A category as numbers: the encoder for the model, and the values that the trainer sees for the rows it learns from. */
export interface EncodedCategory {
  readonly encoder: CategoryEncoder;
  /** Each row's value comes from the other folds only, so that no row sees its own label. */
  readonly outOfFold: Float32Array;
}

/** Draws the fold of each training row; the same for all features of one training. */
export function drawFolds(nRows: number, rules: EncodingRules): Uint8Array {
  const random = createRandom(rules.seed).fork(FOLD_STREAM);
  return new Uint8Array(nRows).map(() => random.below(rules.folds));
}

const FOLD_STREAM = 1;

/**
 * Encodes one category by its smoothed mean label: `(sum + smoothing · mean) / (count + smoothing)`. Missing values count as a level of their own
 * where training saw some; an unseen level gets the overall mean. Rows of training get the value computed on the other folds.
 *
 * @see Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", SIGKDD Explorations 3 (2001), eq. 3 and 4.
 */
export function encodeByMean(part: Part, feature: number, folds: Uint8Array, rules: EncodingRules): EncodedCategory {
  const levels = part.levels[feature] ?? [];
  const codes = part.codes[feature] ?? new Int32Array(0);
  const means = foldMeans({
    codes,
    labels: part.labels,
    folds,
    nLevels: levels.length,
    nFolds: rules.folds,
    smoothing: rules.smoothing,
  });
  const seen = levels.map((_, index) => index).filter((index) => (means.counts[index] ?? 0) > 0);
  const unseen = shortFloat32(means.overall);
  return {
    encoder: {
      feature,
      levels: seen.map((index) => levels[index] ?? ''),
      values: seen.map((index) => shortFloat32(means.values[index] ?? means.overall)),
      missing: (means.counts[levels.length] ?? 0) > 0 ? shortFloat32(means.values[levels.length] ?? means.overall) : unseen,
      unseen,
    },
    outOfFold: means.outOfFold,
  };
}

/** Encodes a gathered part as serving would encode it. */
export function applyEncoder(part: Part, encoder: CategoryEncoder): Float32Array {
  const known = new Map(encoder.levels.map((level, index) => [level, encoder.values[index] ?? encoder.unseen]));
  const values = Float32Array.from(part.levels[encoder.feature] ?? [], (level) => known.get(level) ?? encoder.unseen);
  const missing = Math.fround(encoder.missing);
  const encoded = new Float32Array(part.nRows);
  part.codes[encoder.feature]?.forEach((code, row) => {
    encoded[row] = values[code] ?? missing;
  });
  return encoded;
}
