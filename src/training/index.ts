/**
 * Gyre's own trainers, in plain TypeScript on typed arrays: a baseline, linear models and gradient-boosted trees. Preprocessing is fitted on training
 * rows alone and lives inside the model; a model is one JSON document whose canonical bytes are its identity; trainer, evaluator and ONNX read the same
 * float32 inputs and thresholds.
 *
 * @example
 * ```ts
 * const frame: Frame = {
 *   nRows: 4,
 *   columns: [
 *     { kind: 'float32', name: 'hour', values: new Float32Array([6, 8, 17, 18]) },
 *     { kind: 'levels', name: 'carrier', values: new Int32Array([0, 0, 1, 1]), levels: ['AA', 'UA'] },
 *   ],
 * };
 * const { model } = trainModel({
 *   frame,
 *   features: [{ name: 'hour', kind: 'number' }, { name: 'carrier', kind: 'category' }],
 *   labels: new Uint8Array([0, 0, 1, 1]),
 *   task: 'binary',
 *   trainRows: new Int32Array([0, 1, 2, 3]),
 *   candidate: parseCandidate({ kind: 'logistic' }),
 *   seed: 7,
 * });
 * const compiled = compileModel(parseModel(encodeModel(model)));
 * const row = new Float32Array([18, compiled.encodeLevel(1, 'UA')]);
 * compiled.predictEncoded(row) > 0.5; // => true
 * ```
 *
 * @module
 */
export {
  type Candidate,
  type GbtCandidate,
  type LinearCandidate,
  type PriorCandidate,
  parseCandidate,
  Task,
} from './candidate.ts';
export { type CompiledModel, compileModel } from './compiled-model.ts';
export { trainingErrors } from './errors.ts';
export {
  type CategoryEncoder,
  encodeModel,
  type FeatureSpec,
  type GbtModel,
  type LinearModel,
  type LinearTerms,
  type Model,
  type PriorModel,
  type Tree,
} from './model.ts';
export { parseModel } from './parse-model.ts';
export { workerThreads } from './row-block-worker.ts';
export type { GrowthThreads } from './row-blocks.ts';
export { trainingCommand } from './spawn-training-process.ts';
export { type SplitRows, type SplitRule, splitRows } from './split-rows.ts';
export type { CandidateResult, CandidatesRequest } from './train-candidates-process.ts';
export { type TrainedModel, type TrainingInput, type TrainingSetting, trainModel } from './train-model.ts';
export { bordersOf, type Training, type TrainingBorders } from './training.ts';
export { labelsOf, parseTrainingJob, type TrainingJob, type TrainingLine } from './training-job.ts';
export type { TrainingHooks, TrainingPoint } from './training-progress.ts';
export { createTrainingSlice, type TrainingSlice } from './training-slice.ts';
export type { Labels, TrainingTable } from './training-table.ts';
