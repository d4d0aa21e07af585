import { columnOf, type Frame } from '#kernel';
import { createRandom } from '#stats';
import { trainingError } from './training-error.ts';
import type { Labels } from './training-table.ts';

/** Which rows are learnt from and which only judge when to stop. Rows without a label are in neither. */
export type SplitRule =
  /** By a column of times: training in [trainFrom, validationFrom), validation in [validationFrom, end). */
  | {
      readonly kind: 'time';
      readonly column: string;
      readonly trainFrom?: number | undefined;
      readonly validationFrom: number;
      readonly end: number;
    }
  /** By chance, from the seed. Only for rows that are exchangeable: it lets a model see the future of what it is validated on. */
  | { readonly kind: 'shuffled'; readonly validationShare: number };

/** The parts, as row numbers of the frame in ascending order. */
export interface SplitRows {
  readonly trainRows: Int32Array;
  readonly validationRows: Int32Array;
  /** Rows left out because they have no label. */
  readonly unlabelledCount: number;
}

const SPLIT_STREAM = 4;

/**
 * Divides the rows of a table.
 *
 * @param table - The frame and one label a row; NaN means not known.
 * @param rule - How to divide.
 * @param seed - Used when the rule divides by chance.
 * @returns Row numbers; a part may be empty.
 * @throws {@link GyreError} `training/bad-parameter` when the rule contradicts itself; `kernel/no-column` for an unknown time column.
 * @example
 * ```ts
 * const times = new Float64Array([10, 20, 30, 40]);
 * const frame: Frame = { nRows: 4, columns: [{ kind: 'float64', name: 'at', values: times }] };
 * const labels = new Float32Array([0, 1, Number.NaN, 1]);
 * const parts = splitRows({ frame, labels }, { kind: 'time', column: 'at', validationFrom: 20, end: 50 }, 7);
 * [...parts.trainRows]; // => [0]
 * [...parts.validationRows]; // => [1, 3]
 * parts.unlabelledCount; // => 1
 * ```
 */
export function splitRows(table: { readonly frame: Frame; readonly labels: Labels }, rule: SplitRule, seed: number): SplitRows {
  const partOf = rule.kind === 'time' ? byTime(table.frame, rule) : byChance(rule.validationShare, seed);
  const rows: Record<PartName, number[]> = { train: [], validation: [], none: [] };
  let unlabelledCount = 0;
  for (let row = 0; row < table.frame.nRows; row += 1) {
    const part = partOf(row);
    const isUnlabelled = part !== 'none' && Number.isNaN(table.labels[row] ?? Number.NaN);
    if (isUnlabelled) unlabelledCount += 1;
    else rows[part].push(row);
  }
  return { trainRows: Int32Array.from(rows.train), validationRows: Int32Array.from(rows.validation), unlabelledCount };
}

type PartName = 'train' | 'validation' | 'none';

function byTime(frame: Frame, rule: Extract<SplitRule, { kind: 'time' }>): (row: number) => PartName {
  const column = columnOf(frame, rule.column);
  if (column.kind === 'levels') {
    throw trainingError('training/bad-parameter', `split column "${rule.column}" holds text; give a column of times`);
  }
  const { trainFrom = Number.NEGATIVE_INFINITY, validationFrom, end } = rule;
  if (!(trainFrom <= validationFrom && validationFrom <= end)) {
    throw trainingError('training/bad-parameter', `split borders ${trainFrom}, ${validationFrom}, ${end} are not in order`);
  }
  return (row) => {
    const at = column.values[row] ?? Number.NaN;
    if (at >= trainFrom && at < validationFrom) return 'train';
    return at >= validationFrom && at < end ? 'validation' : 'none';
  };
}

function byChance(validationShare: number, seed: number): () => PartName {
  if (!(validationShare >= 0 && validationShare < 1)) {
    throw trainingError('training/bad-parameter', `validationShare is ${validationShare}; give a share in [0, 1)`);
  }
  const random = createRandom(seed).fork(SPLIT_STREAM);
  return () => (random.uniform() < validationShare ? 'validation' : 'train');
}
