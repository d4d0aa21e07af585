import { type Column, didYouMean, type Frame, GyreError } from '#kernel';
import { EVALUATION_METRICS, type EvaluationMetric, type SliceLevel, type SliceReport } from './evaluation.ts';
import { type DatedLabels, estimateMetric } from './metric-estimates.ts';

/** What to slice by, and what is shown. */
export interface SliceRequest {
  readonly columns: readonly string[];
  readonly metric: EvaluationMetric;
  readonly minimumRows: number;
}

/** Levels of a column that are reported at most: the ones with the most rows. */
const MOST_LEVELS = 50;
/** A number column is cut at its quartiles. */
const NUMBER_BINS = 4;
const SLICE_RESAMPLES = 500;

/**
 * Estimates a metric level by level of some columns.
 *
 * @param frame - The judged rows.
 * @param rows - Their labels and days, with `scores` of the model.
 * @param request - Columns, metric, and the fewest rows a level needs.
 * @returns One report a column, the worst levels first.
 * @throws {@link GyreError} `evaluation/no-slice-column` for an unknown column.
 */
export function sliceRows(
  frame: Frame,
  rows: DatedLabels & { readonly scores: Float64Array },
  request: SliceRequest,
): readonly SliceReport[] {
  return request.columns.map((name) => {
    const groups = groupsOf(findColumn(frame, name)).sort((a, b) => b.rows.length - a.rows.length);
    const large = groups.filter((group) => group.rows.length >= request.minimumRows).slice(0, MOST_LEVELS);
    const levels = large.map((group) => estimateLevel(group, rows, request.metric));
    return {
      column: name,
      metric: request.metric,
      levels: levels.sort((a, b) => badness(b, request.metric) - badness(a, request.metric)),
      skippedLevels: groups.length - large.length,
    };
  });
}

/**
 * Finds the level that does worst over all columns: the one whose interval ends lowest at its better end, so that a
 * small level does not look worst by chance.
 *
 * @param slices - Reports of one metric.
 * @returns The level with its column; undefined when no level has an estimate.
 */
export function worstSlice(slices: readonly SliceReport[]): ({ readonly column: string } & SliceLevel) | undefined {
  const all = slices.flatMap(({ column, metric, levels }) => levels.map((level) => ({ column, metric, level })));
  const known = all.filter(({ level }) => !Number.isNaN(level.metric.value));
  const [worst] = known.sort((a, b) => badness(b.level, b.metric) - badness(a.level, a.metric));
  return worst === undefined ? undefined : { column: worst.column, ...worst.level };
}

/** How bad a level is at least; levels without a value come last. */
function badness({ metric: estimate }: SliceLevel, metric: EvaluationMetric): number {
  const isMaximized = EVALUATION_METRICS[metric] === 'maximize';
  const end = isMaximized ? estimate.high : estimate.low;
  const best = Number.isNaN(end) ? estimate.value : end;
  if (Number.isNaN(best)) return Number.NEGATIVE_INFINITY;
  return isMaximized ? -best : best;
}

interface Group {
  readonly level: string;
  readonly rows: readonly number[];
}

function findColumn(frame: Frame, name: string): Column {
  const column = frame.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const names = frame.columns.map((candidate) => candidate.name);
  throw new GyreError({
    kind: 'invalid',
    code: 'evaluation/no-slice-column',
    message: `the frame has no column "${name}" to slice by${didYouMean(name, names)}`,
  });
}

function groupsOf(column: Column): Group[] {
  const groups = new Map<string, number[]>();
  const levelOf = column.kind === 'levels' ? textLevels(column.values, column.levels) : numberLevels(column.values);
  for (let row = 0; row < column.values.length; row += 1) {
    const level = levelOf(row);
    const group = groups.get(level);
    if (group === undefined) groups.set(level, [row]);
    else group.push(row);
  }
  return [...groups].map(([level, rows]) => ({ level, rows }));
}

function textLevels(values: Int32Array, levels: readonly string[]): (row: number) => string {
  return (row) => levels[values[row] ?? -1] ?? '(missing)';
}

function numberLevels(values: Float32Array | Float64Array): (row: number) => string {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const quartiles = Array.from(
    { length: NUMBER_BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / NUMBER_BINS)] ?? 0,
  );
  const edges = [...new Set(quartiles)].filter((edge) => edge > (sorted[0] ?? 0));
  const ends = [sorted[0] ?? 0, ...edges, sorted.at(-1) ?? 0].map((end) => String(Number(end.toPrecision(6))));
  return (row) => {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) return '(missing)';
    const bin = edges.filter((edge) => value >= edge).length;
    return `[${ends[bin] ?? ''}, ${ends[bin + 1] ?? ''}${bin === edges.length ? ']' : ')'}`;
  };
}

function estimateLevel(
  group: Group,
  rows: DatedLabels & { readonly scores: Float64Array },
  metric: EvaluationMetric,
): SliceLevel {
  const labels = Uint8Array.from(group.rows, (row) => rows.labels[row] ?? 0);
  const days = Int32Array.from(group.rows, (row) => rows.days[row] ?? 0);
  const scores = Float64Array.from(group.rows, (row) => rows.scores[row] ?? 0);
  const { level, seed } = rows;
  return {
    level: group.level,
    nRows: group.rows.length,
    nPositives: labels.reduce((sum, label) => sum + label, 0),
    metric: estimateMetric(metric, { labels, days, level, seed, nResamples: SLICE_RESAMPLES }, scores),
  };
}
