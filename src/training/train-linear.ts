import type { LinearCandidate } from './candidate.ts';
import { drawFolds, type EncodingRules, encodeByMean } from './category-encoding.ts';
import { minimise } from './kernels/lbfgs.ts';
import { inUnits, type LinearDesign, linearObjective, weightUnits } from './kernels/linear-loss.ts';
import { type CategoryEncoder, type LinearModel, shortFloat32 } from './model.ts';
import type { TrainerInput } from './trainer-input.ts';
import type { Part } from './training-table.ts';

/** In units in which the Hessian is about 1, so that the gradient is about the distance to the best weights. */
const GRADIENT_TOLERANCE = 3e-7;

/** A feature as dense columns: its standardised values, and 1 where they are missing. */
interface DenseFeature {
  readonly feature: number;
  readonly values: Float32Array;
  readonly center: number;
  /** 0 for a constant column: it gets no weight. */
  readonly inverseScale: number;
  readonly hasMissing: boolean;
  /** Index of its weight; the missing indicator's is the next. */
  weightAt: number;
}

/** A feature with one weight a level. */
interface OneHotFeature {
  readonly feature: number;
  readonly levels: readonly number[];
  readonly hasMissing: boolean;
  firstWeight: number;
}

interface Layout {
  readonly dense: readonly DenseFeature[];
  readonly oneHot: readonly OneHotFeature[];
  readonly meanEncoders: readonly CategoryEncoder[];
  readonly nDense: number;
  readonly nWeights: number;
}

/**
 * Fits a linear model with an L2 penalty. Numbers are standardised, a missing one is the mean plus a weight of its own; a category has one weight a
 * level, or its smoothed mean label when it has too many.
 */
export function trainLinear(input: TrainerInput<LinearCandidate>): LinearModel {
  const { train, candidate } = input;
  const layout = layOut(input);
  const design = designOf(train, layout);
  const units = weightUnits(design, meanHessian(input), candidate.l2);
  const objective = inUnits(linearObjective(design, input.task === 'binary', candidate.l2), units);
  const { at } = minimise(objective, new Float64Array(layout.nWeights), {
    maxIterations: candidate.maxIterations,
    tolerance: GRADIENT_TOLERANCE,
    onIteration: (iteration, value) => {
      input.hooks.onPoint?.({ iteration: iteration + 1, trainLoss: value, validationLoss: Number.NaN });
      return input.hooks.shouldStop?.() === true;
    },
  });
  const weights = at.map((scaled, k) => scaled / (units[k] ?? 1));
  return modelOf(input, layout, weights);
}

/** Of the loss, at the baseline. */
function meanHessian({ task, train }: TrainerInput<LinearCandidate>): number {
  const mean = train.labels.reduce((total, label) => total + label, 0) / train.nRows;
  return task === 'binary' ? mean * (1 - mean) : 1;
}

function layOut(input: TrainerInput<LinearCandidate>): Layout {
  const { train, features, candidate, seed } = input;
  const rules: EncodingRules = { smoothing: candidate.smoothing, folds: candidate.folds, seed };
  const folds = drawFolds(train.nRows, rules);
  const dense: DenseFeature[] = [];
  const oneHot: OneHotFeature[] = [];
  const meanEncoders: CategoryEncoder[] = [];
  features.forEach(({ kind }, feature) => {
    if (kind === 'number') dense.push(standardise(feature, train.numbers[feature] ?? new Float32Array(0)));
    else if (seenLevels(train, feature).length <= candidate.maxOneHotLevels) oneHot.push(oneHotOf(train, feature));
    else {
      const { encoder, outOfFold } = encodeByMean(train, feature, folds, rules);
      meanEncoders.push(encoder);
      dense.push(standardise(feature, outOfFold));
    }
  });
  let nDense = 0;
  for (const column of dense) {
    column.weightAt = 1 + nDense;
    nDense += column.hasMissing ? 2 : 1;
  }
  let nWeights = 1 + nDense;
  for (const category of oneHot) {
    category.firstWeight = nWeights;
    nWeights += category.levels.length + (category.hasMissing ? 1 : 0);
  }
  return { dense, oneHot, meanEncoders, nDense, nWeights };
}

function standardise(feature: number, values: Float32Array): DenseFeature {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  const center = count === 0 ? 0 : shortFloat32(sum / count);
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - center) ** 2;
  const scale = Math.sqrt(squares / Math.max(1, count));
  const isConstant = scale <= 1e-7 * Math.abs(center) || scale === 0;
  return { feature, values, center, inverseScale: isConstant ? 0 : 1 / scale, hasMissing: count < values.length, weightAt: 0 };
}

function seenLevels(part: Part, feature: number): number[] {
  const isSeen = new Uint8Array(part.levels[feature]?.length ?? 0);
  for (const code of part.codes[feature] ?? []) if (code >= 0) isSeen[code] = 1;
  return [...isSeen.keys()].filter((code) => isSeen[code] === 1);
}

function oneHotOf(part: Part, feature: number): OneHotFeature {
  const hasMissing = part.codes[feature]?.includes(-1) ?? false;
  return { feature, levels: seenLevels(part, feature), hasMissing, firstWeight: 0 };
}

function designOf(part: Part, layout: Layout): LinearDesign {
  const { nDense, nWeights, oneHot } = layout;
  const dense = new Float32Array(part.nRows * nDense);
  for (const { values, center, inverseScale, weightAt } of layout.dense) {
    values.forEach((value, row) => {
      const at = row * nDense + weightAt - 1;
      if (Number.isNaN(value)) dense[at + 1] = 1;
      else dense[at] = (value - center) * inverseScale;
    });
  }
  const active = new Int32Array(part.nRows * oneHot.length);
  oneHot.forEach(({ feature, levels, firstWeight }, c) => {
    const weightOf = new Map(levels.map((code, index) => [code, firstWeight + index]));
    part.codes[feature]?.forEach((code, row) => {
      active[row * oneHot.length + c] = weightOf.get(code) ?? firstWeight + levels.length;
    });
  });
  return { nRows: part.nRows, nDense, nCategories: oneHot.length, nWeights, dense, active, labels: part.labels };
}

function modelOf(input: TrainerInput<LinearCandidate>, layout: Layout, weights: Float64Array): LinearModel {
  const { features, train, task } = input;
  const centers = features.map(() => 0);
  const slopes = features.map(() => 1);
  const missing = features.map(() => 0);
  for (const { feature, center, inverseScale, hasMissing, weightAt } of layout.dense) {
    centers[feature] = center;
    slopes[feature] = shortFloat32((weights[weightAt] ?? 0) * inverseScale);
    missing[feature] = hasMissing ? shortFloat32(weights[weightAt + 1] ?? 0) : 0;
  }
  const oneHotEncoders = layout.oneHot.map(({ feature, levels, hasMissing, firstWeight }) => ({
    feature,
    levels: levels.map((code) => train.levels[feature]?.[code] ?? ''),
    values: levels.map((_, index) => shortFloat32(weights[firstWeight + index] ?? 0)),
    missing: hasMissing ? shortFloat32(weights[firstWeight + levels.length] ?? 0) : 0,
    unseen: 0,
  }));
  return {
    format: 'gyre-model',
    version: 1,
    kind: task === 'binary' ? 'logistic' : 'linear',
    task,
    features,
    encoders: [...layout.meanEncoders, ...oneHotEncoders].sort((a, b) => a.feature - b.feature),
    terms: { intercept: shortFloat32(weights[0] ?? 0), centers, slopes, missing },
  };
}
