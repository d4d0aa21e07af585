import { createRandom, type Random } from '#stats';
import type { GbtCandidate } from './candidate.ts';
import { applyEncoder, drawFolds, encodeByMean } from './category-encoding.ts';
import { type NumberRows, type Prepared, prepareRows } from './kernels/prepared-rows.ts';
import { readTree } from './kernels/read-tree.ts';
import { TreeGrower } from './kernels/tree-grower.ts';
import { type CategoryEncoder, type GbtModel, shortFloat32, type Tree } from './model.ts';
import { callingThread, type GrowthThreads, type StartedRowBlocks } from './row-blocks.ts';
import type { TrainerInput } from './trainer-input.ts';
import { trainingError } from './training-error.ts';
import type { Part } from './training-table.ts';

const SAMPLING_STREAM = 2;
const FEATURE_STREAM = 3;

/** What boosting adds to the input of every trainer. */
export interface GbtInput extends TrainerInput<GbtCandidate> {
  /** May have no rows; then there is no early stopping. */
  readonly validation: Part;
  readonly threads?: GrowthThreads | undefined;
}

/**
 * Grows gradient-boosted trees on histograms of at most 255 bins: levels are grown at once, the missing direction is learnt, gradients are rounded
 * at random to whole numbers so that sums are exact. Categories enter by their smoothed mean label.
 *
 * @see Chen and Guestrin, "XGBoost", KDD 2016, eq. 5 to 7 and algorithm 3; Ke et al., "LightGBM", NeurIPS 2017, §2.1; Shi et al., "Quantized
 * Training of Gradient Boosting Decision Trees", NeurIPS 2022, §3.2.
 */
export function trainGbt(input: GbtInput): GbtModel {
  const { candidate, task, validation } = input;
  if (candidate.earlyStopping > 0 && validation.nRows === 0) {
    throw trainingError(
      'training/no-rows',
      'early stopping needs validation rows; set earlyStopping: 0 or give a validation part',
    );
  }
  const threads = input.threads ?? callingThread;
  const encoded = encode(input);
  const base = baseScore(input);
  const rules = { isLogistic: task === 'binary', maxBins: candidate.maxBins, depth: candidate.depth, base };
  const prepared = prepareRows(encoded.train, encoded.validation, rules, threads.allocate);
  const blocks = threads.start(prepared.shared);
  try {
    const trees = growTrees(input, prepared, blocks);
    return {
      format: 'gyre-model',
      version: 1,
      kind: 'gbt',
      task,
      features: input.features,
      encoders: encoded.encoders,
      base,
      trees,
    };
  } finally {
    blocks.stop();
  }
}

interface Encoded {
  readonly train: NumberRows;
  readonly validation: NumberRows;
  readonly encoders: readonly CategoryEncoder[];
}

function encode(input: GbtInput): Encoded {
  const { train, validation, candidate, seed } = input;
  const rules = { smoothing: candidate.smoothing, folds: candidate.folds, seed };
  const folds = drawFolds(train.nRows, rules);
  const encoders: CategoryEncoder[] = [];
  const trainColumns: Float32Array[] = [];
  const validationColumns: Float32Array[] = [];
  input.features.forEach(({ kind }, feature) => {
    if (kind === 'number') {
      trainColumns.push(train.numbers[feature] ?? new Float32Array(0));
      validationColumns.push(validation.numbers[feature] ?? new Float32Array(0));
      return;
    }
    const { encoder, outOfFold } = encodeByMean(train, feature, folds, rules);
    encoders.push(encoder);
    trainColumns.push(outOfFold);
    validationColumns.push(applyEncoder(validation, encoder));
  });
  return {
    train: { columns: trainColumns, labels: train.labels },
    validation: { columns: validationColumns, labels: validation.labels },
    encoders,
  };
}

function baseScore(input: GbtInput): number {
  const mean = input.train.labels.reduce((total, label) => total + label, 0) / input.train.nRows;
  return shortFloat32(input.task === 'binary' ? Math.log(mean / (1 - mean)) : mean);
}

function growTrees(input: GbtInput, prepared: Prepared, blocks: StartedRowBlocks): readonly Tree[] {
  const { candidate, hooks, validation } = input;
  const random = createRandom(input.seed);
  const grower = new TreeGrower(
    prepared.shared,
    blocks,
    {
      maxDepth: candidate.depth,
      learningRate: candidate.learningRate,
      l2: candidate.l2,
      minChildWeight: candidate.minChildWeight,
      minGain: candidate.minGain,
      sampleBelow: Math.round(candidate.rowShare * 2 ** 32),
      salt: random.fork(SAMPLING_STREAM).uint32() | 0,
    },
    prepared.valueBins,
  );
  const featureRandom = random.fork(FEATURE_STREAM);
  const trees: Tree[] = [];
  const patience = new Patience(candidate.earlyStopping);
  while (trees.length < candidate.trees) {
    grower.grow(trees.length, usableFeatures(input.features.length, candidate.featureShare, featureRandom));
    trees.push(readTree(prepared, grower.nodeCount, blocks.counts));
    const validationLoss = validation.nRows === 0 ? Number.NaN : grower.validationLoss;
    hooks.onPoint?.({ iteration: trees.length, trainLoss: grower.trainLoss, validationLoss });
    if (hooks.shouldStop?.() === true || patience.isOver(validationLoss, trees.length)) break;
  }
  return candidate.earlyStopping > 0 ? trees.slice(0, patience.bestCount) : trees;
}

/** Ends training when the validation loss has not fallen for a number of trees. */
class Patience {
  bestCount = 0;
  private bestLoss = Number.POSITIVE_INFINITY;
  private readonly rounds: number;

  constructor(rounds: number) {
    this.rounds = rounds;
  }

  isOver(loss: number, count: number): boolean {
    if (loss < this.bestLoss) {
      this.bestLoss = loss;
      this.bestCount = count;
    }
    return this.rounds > 0 && count - this.bestCount >= this.rounds;
  }
}

function usableFeatures(nFeatures: number, share: number, random: Random): Uint8Array {
  const usable = new Uint8Array(nFeatures).fill(1);
  if (share >= 1) return usable;
  const kept = Math.max(1, Math.round(nFeatures * share));
  const order = random.shuffle(Int32Array.from(usable, (_, index) => index));
  for (const feature of order.subarray(kept)) usable[feature] = 0;
  return usable;
}
