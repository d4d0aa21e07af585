import { type Candidate, parseCandidate } from './candidate.ts';
import type { Model } from './model.ts';
import type { GrowthThreads } from './row-blocks.ts';
import { trainGbt } from './train-gbt.ts';
import { trainLinear } from './train-linear.ts';
import { trainPrior } from './train-prior.ts';
import { trainingError } from './training-error.ts';
import type { TrainingHooks, TrainingPoint } from './training-progress.ts';
import { checkTable, gatherPart, type Part, type TrainingTable } from './training-table.ts';

/** What to train, on what. */
export interface TrainingInput extends TrainingTable {
  /** Rows of the frame to learn from. */
  readonly trainRows: Int32Array;
  /** Rows that only early stopping sees; default none. */
  readonly validationRows?: Int32Array;
  readonly candidate: Candidate;
  /** A safe whole number: folds, sampling and rounding are drawn from it. */
  readonly seed: number;
}

/** How to train: nothing of it changes the model. */
export interface TrainingSetting extends TrainingHooks {
  /** Where boosted trees are grown; default on the calling thread. */
  readonly threads?: GrowthThreads;
}

/** A trained model and how it came about. */
export interface TrainedModel {
  readonly model: Model;
  /** One point for each iteration; empty for the baseline. */
  readonly history: readonly TrainingPoint[];
}

/**
 * Trains one candidate. Preprocessing (means, category encodings, cut points) is fitted on the training rows alone and becomes part of the model.
 * Takes as long as it takes: call it in a child process, not where requests are answered.
 *
 * @param input - Table, rows, candidate and seed. Equal inputs give equal bytes of {@link encodeModel}.
 * @param setting - Progress, stopping and threads.
 * @returns The model and the course of its training.
 * @throws {@link GyreError} `training/bad-feature`, `training/bad-label`, `training/one-class`, `training/no-rows`, `training/too-large` or
 * `training/bad-parameter` when the table or the candidate cannot be trained on.
 * @example
 * ```ts
 * const x = new Float32Array([1, 2, 3, 4]);
 * const { model } = trainModel({
 *   frame: { nRows: 4, columns: [{ kind: 'float32', name: 'x', values: x }] },
 *   features: [{ name: 'x', kind: 'number' }],
 *   labels: new Uint8Array([0, 0, 1, 1]),
 *   task: 'binary',
 *   trainRows: new Int32Array([0, 1, 2, 3]),
 *   candidate: parseCandidate({ kind: 'gbt', trees: 20, minChildWeight: 0.1 }),
 *   seed: 7,
 * });
 * compileModel(model).predictEncoded(new Float32Array([4])) > 0.5; // => true
 * ```
 */
export function trainModel(input: TrainingInput, setting: TrainingSetting = {}): TrainedModel {
  const candidate = parseCandidate(input.candidate);
  checkTable(input);
  const train = gatherPart(input, input.trainRows);
  requireLearnable(train, input);
  const history: TrainingPoint[] = [];
  const hooks: TrainingHooks = {
    ...setting,
    onPoint: (point) => {
      history.push(point);
      setting.onPoint?.(point);
    },
  };
  const { features, task, seed } = input;
  const common = { features, task, seed, train, hooks };
  return { model: trainCandidate(), history };

  function trainCandidate(): Model {
    if (candidate.kind === 'prior') return trainPrior({ ...common, candidate });
    if (candidate.kind === 'gbt') {
      const validation = gatherPart(input, input.validationRows ?? new Int32Array(0));
      return trainGbt({ ...common, candidate, validation, threads: setting.threads });
    }
    if ((candidate.kind === 'logistic') !== (task === 'binary')) {
      const right = task === 'binary' ? 'logistic' : 'linear';
      throw trainingError('training/bad-parameter', `${candidate.kind} does not fit a ${task} task; use ${right}`);
    }
    return trainLinear({ ...common, candidate });
  }
}

function requireLearnable(train: Part, input: TrainingInput): void {
  if (train.nRows === 0) throw trainingError('training/no-rows', 'no training rows; widen the window or check the split');
  if (input.task !== 'binary') return;
  const positives = train.labels.reduce((total, label) => total + label, 0);
  if (positives > 0 && positives < train.nRows) return;
  const found = positives === 0 ? 0 : 1;
  throw trainingError('training/one-class', `all ${train.nRows} training rows have label ${found}; both classes are needed`);
}
