import { type Column, columnOf, type Frame } from '#kernel';
import type { Task } from './candidate.ts';
import type { FeatureSpec } from './model.ts';
import { trainingError } from './training-error.ts';

/** Labels, one a row of the frame: 0 or 1 in a binary task, finite numbers otherwise. */
export type Labels = Uint8Array | Float32Array | Float64Array;

/** A table to learn from. */
export interface TrainingTable {
  readonly frame: Frame;
  /** Columns to learn from, in the order of the model's inputs. */
  readonly features: readonly FeatureSpec[];
  /** Length nRows of the frame. */
  readonly labels: Labels;
  readonly task: Task;
}

/** The rows of one part, gathered: what trainers read. */
export interface Part {
  readonly nRows: number;
  readonly labels: Float32Array;
  /** One for each feature; a category's are empty. */
  readonly numbers: readonly Float32Array[];
  /** One for each feature, codes into `levels`, -1 missing; a number's are empty. */
  readonly codes: readonly Int32Array[];
  /** One for each feature: its levels in the whole table, sorted; a number's are empty. */
  readonly levels: readonly (readonly string[])[];
}

const MAX_ROWS = 2 ** 24;
const MAX_FEATURES = 2000;
const MAX_LEVELS = 100_000;

/** Checks a table once, for all trainers: columns there and of the right kind, labels legal. */
export function checkTable(table: TrainingTable): void {
  const { features, frame, labels } = table;
  if (features.length === 0) throw trainingError('training/bad-feature', 'no features; name at least one column to learn from');
  if (features.length > MAX_FEATURES) {
    throw trainingError('training/too-large', `${features.length} features; at most ${MAX_FEATURES}`, 'too-large');
  }
  const names = new Set(features.map((feature) => feature.name));
  if (names.size < features.length) throw trainingError('training/bad-feature', 'a feature is named twice');
  if (labels.length !== frame.nRows) {
    throw trainingError('training/bad-label', `${labels.length} labels for ${frame.nRows} rows; give one a row`);
  }
  for (const feature of features) requireColumn(feature, columnFor(frame, feature));
}

/** Gathers the rows of one part. Float64 columns are rounded to float32 here, as they are at serving. */
export function gatherPart(table: TrainingTable, rows: Int32Array): Part {
  if (rows.length > MAX_ROWS) {
    throw trainingError(
      'training/too-large',
      `${rows.length} rows; at most ${MAX_ROWS}; set maxRows to draw a sample`,
      'too-large',
    );
  }
  const columns = table.features.map((feature) => columnFor(table.frame, feature));
  const sorted = columns.map((column) => (column.kind === 'levels' ? sortedLevels(column.levels) : undefined));
  return {
    nRows: rows.length,
    labels: gatherLabels(table, rows),
    numbers: columns.map((column) => (column.kind === 'levels' ? new Float32Array(0) : gatherNumbers(column, rows))),
    codes: columns.map((column, index) => gatherCodes(column, sorted[index], rows)),
    levels: sorted.map((levels) => levels?.names ?? []),
  };
}

function gatherLabels(table: TrainingTable, rows: Int32Array): Float32Array {
  const labels = new Float32Array(rows.length);
  rows.forEach((row, index) => {
    const label = table.labels[row] ?? Number.NaN;
    const isLegal = table.task === 'binary' ? label === 0 || label === 1 : Number.isFinite(Math.fround(label));
    if (!isLegal) throw badLabel(label, row, table.task);
    labels[index] = label;
  });
  return labels;
}

function badLabel(label: number, row: number, task: Task): Error {
  const wanted = task === 'binary' ? '0 or 1' : 'a finite number';
  return trainingError('training/bad-label', `label ${label} in row ${row} is not ${wanted}; leave rows without a label out`);
}

function gatherNumbers(column: Exclude<Column, { kind: 'levels' }>, rows: Int32Array): Float32Array {
  const values = new Float32Array(rows.length);
  rows.forEach((row, index) => {
    values[index] = column.values[row] ?? Number.NaN;
  });
  const infinite = values.findIndex((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY);
  if (infinite >= 0) {
    const got = column.values[rows[infinite] ?? 0];
    throw trainingError(
      'training/bad-feature',
      `"${column.name}" is ${String(got)} in row ${String(rows[infinite])}: not a finite float32; make it missing or smaller`,
    );
  }
  return values;
}

interface SortedLevels {
  readonly names: readonly string[];
  /** From the frame's code to the place in `names`; -1 for the empty text. */
  readonly place: Int32Array;
}

/** Codes depend on the set of levels, not on the order in which the frame met them. */
function sortedLevels(levels: readonly string[]): SortedLevels {
  const names = [...new Set(levels)].filter((level) => level !== '').sort();
  const placeOf = new Map(names.map((name, index) => [name, index]));
  return { names, place: Int32Array.from(levels, (level) => placeOf.get(level) ?? -1) };
}

function gatherCodes(column: Column, sorted: SortedLevels | undefined, rows: Int32Array): Int32Array {
  if (column.kind !== 'levels' || sorted === undefined) return new Int32Array(0);
  if (sorted.names.length > MAX_LEVELS) {
    const found = sorted.names.length;
    throw trainingError('training/too-large', `"${column.name}" has ${found} levels; at most ${MAX_LEVELS}`, 'too-large');
  }
  const codes = new Int32Array(rows.length);
  rows.forEach((row, index) => {
    codes[index] = sorted.place[column.values[row] ?? -1] ?? -1;
  });
  return codes;
}

function columnFor(frame: Frame, feature: FeatureSpec): Column {
  if (!frame.columns.some((column) => column.name === feature.name)) {
    throw trainingError('training/bad-feature', `the table has no column "${feature.name}"`);
  }
  return columnOf(frame, feature.name);
}

function requireColumn(feature: FeatureSpec, column: Column): void {
  if ((column.kind === 'levels') === (feature.kind === 'category')) return;
  throw trainingError('training/bad-feature', `"${feature.name}" is a ${feature.kind} but its column holds ${column.kind}`);
}
