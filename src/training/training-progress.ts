/** One line of the course of a training. */
export interface TrainingPoint {
  /** Trees grown, or steps of the optimiser done; from 1. */
  readonly iteration: number;
  /** Mean log loss or mean squared error over the training rows; a linear model's includes its penalty. */
  readonly trainLoss: number;
  /** The same over the validation rows; NaN without any. */
  readonly validationLoss: number;
}

/** How a caller follows a training and stops it. */
export interface TrainingHooks {
  /** Called after each iteration, on the training thread: keep it short. */
  onPoint?(point: TrainingPoint): void;
  /** Asked after each iteration; true ends the training with what has been learnt. */
  shouldStop?(): boolean;
}
