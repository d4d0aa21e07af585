import { columnOf, type Frame, type WireNumber } from '#kernel';
import { type Candidate, parseCandidate, Task } from './candidate.ts';
import { DocumentReader } from './document-reader.ts';
import type { FeatureSpec } from './model.ts';
import type { SplitRule } from './split-rows.ts';
import { trainingError } from './training-error.ts';
import type { Labels } from './training-table.ts';

/** Everything a training process is told, as the JSON file whose path is its one argument. */
export interface TrainingJob {
  readonly format: 'gyre-training-job';
  readonly version: 1;
  /** A kernel frame; see `decodeFrame`. */
  readonly frameFile: string;
  /** Where the model's bytes go. */
  readonly outputFile: string;
  readonly features: readonly FeatureSpec[];
  /** Column of the frame with the labels; NaN means not known. */
  readonly label: string;
  readonly task: Task;
  readonly split: SplitRule;
  readonly candidate: Candidate;
  readonly seed: number;
  /** Threads to use, in [1, 64]; changes nothing but the time. */
  readonly threads: number;
}

/** A line that a training process writes on its standard output, as JSON. */
export type TrainingLine =
  | { readonly event: 'started'; readonly trainRows: number; readonly validationRows: number; readonly unlabelledRows: number }
  | { readonly event: 'point'; readonly iteration: number; readonly trainLoss: WireNumber; readonly validationLoss: WireNumber }
  | {
      readonly event: 'done';
      readonly sizeBytes: number;
      readonly iterations: number;
      /** Loss of the finished model on the validation rows: log loss, or mean squared error; NaN without such rows. */
      readonly validationLoss: WireNumber;
    };

const JOB_KEYS = [
  'format',
  'version',
  'frameFile',
  'outputFile',
  'features',
  'label',
  'task',
  'split',
  'candidate',
  'seed',
  'threads',
];

const MAX_FEATURES = 2000;

/**
 * Reads a training job.
 *
 * @param value - The parsed JSON of the job file.
 * @returns The job, its candidate with defaults filled in.
 * @throws {@link GyreError} `training/bad-job` with a pointer to the first fault; `training/bad-parameter` for its candidate.
 * @example
 * ```ts
 * const job = parseTrainingJob({
 *   format: 'gyre-training-job', version: 1, frameFile: 'frame.bin', outputFile: 'model.json', label: 'late', task: 'binary',
 *   features: [{ name: 'hour', kind: 'number' }], split: { kind: 'shuffled', validationShare: 0.2 },
 *   candidate: { kind: 'logistic' }, seed: 7, threads: 1,
 * });
 * job.candidate.kind; // => 'logistic'
 * ```
 */
export function parseTrainingJob(value: unknown): TrainingJob {
  const reader = new DocumentReader(value, 'training/bad-job');
  reader.onlyKeys(JOB_KEYS);
  return {
    format: reader.at('format').oneOf(['gyre-training-job']),
    version: reader.at('version').whole(1, 1) === 1 ? 1 : reader.fail('is of another version'),
    frameFile: reader.at('frameFile').text(),
    outputFile: reader.at('outputFile').text(),
    features: reader
      .at('features')
      .list(MAX_FEATURES)
      .map((item) => ({ name: item.at('name').text(), kind: item.at('kind').oneOf(['number', 'category'] as const) })),
    label: reader.at('label').text(),
    task: reader.at('task').oneOf(Task),
    split: readSplit(reader.at('split')),
    candidate: parseCandidate(reader.at('candidate').value),
    seed: reader.at('seed').whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    threads: reader.at('threads').whole(1, 64),
  };
}

function readSplit(reader: DocumentReader): SplitRule {
  const kind = reader.at('kind').oneOf(['time', 'shuffled'] as const);
  if (kind === 'shuffled') {
    reader.onlyKeys(['kind', 'validationShare']);
    return { kind, validationShare: reader.at('validationShare').float32() };
  }
  reader.onlyKeys(['kind', 'column', 'trainFrom', 'validationFrom', 'end']);
  const time = (key: string): number => reader.at(key).whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const trainFrom = reader.at('trainFrom').value === undefined ? undefined : time('trainFrom');
  return { kind, column: reader.at('column').text(), trainFrom, validationFrom: time('validationFrom'), end: time('end') };
}

/**
 * Takes the label column out of a frame.
 *
 * @param frame - The table.
 * @param label - Name of the column.
 * @returns One label a row, NaN where it is not known; shares memory with the frame.
 * @throws {@link GyreError} `kernel/no-column` when there is none of that name; `training/bad-label` when it holds text.
 * @example
 * ```ts
 * labelsOf({ nRows: 1, columns: [{ kind: 'float32', name: 'late', values: Float32Array.of(1) }] }, 'late')[0]; // => 1
 * ```
 */
export function labelsOf(frame: Frame, label: string): Labels {
  const column = columnOf(frame, label);
  if (column.kind !== 'levels') return column.values;
  throw trainingError('training/bad-label', `label column "${label}" holds text; turn it into 0 and 1 first`);
}
