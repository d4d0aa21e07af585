import type { PriorCandidate } from './candidate.ts';
import { type PriorModel, shortFloat32 } from './model.ts';
import type { TrainerInput } from './trainer-input.ts';

/** Takes the share of label 1, or the mean, of the training rows: what every other model has to beat. */
export function trainPrior(input: TrainerInput<PriorCandidate>): PriorModel {
  const { train, features, task } = input;
  const sum = train.labels.reduce((total, label) => total + label, 0);
  return {
    format: 'gyre-model',
    version: 1,
    kind: 'prior',
    task,
    features,
    encoders: [],
    value: shortFloat32(sum / train.nRows),
  };
}
