import type { Task } from './candidate.ts';
import type { FeatureSpec } from './model.ts';
import type { TrainingHooks } from './training-progress.ts';
import type { Part } from './training-table.ts';

/** What a trainer of this slice is given. */
export interface TrainerInput<C> {
  readonly features: readonly FeatureSpec[];
  readonly task: Task;
  readonly train: Part;
  readonly candidate: C;
  readonly seed: number;
  readonly hooks: TrainingHooks;
}
