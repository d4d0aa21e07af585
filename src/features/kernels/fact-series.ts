/** Rows a series makes room for at first. */
const FIRST_ROOM = 16;

/**
 * The facts of one key in order of known time, with running sums, so that any window is two binary searches and a
 * subtraction. All sums are of whole numbers and exact up to 2^53.
 */
export interface FactSeries {
  /** Known times, ascending; valid in [start, end). */
  known: Float64Array;
  /** Per measure: running sum of the values before a position; valid in [start, end]. */
  readonly sums: Float64Array[];
  /** Per measure: running count of the values before a position; valid in [start, end]. */
  readonly counts: Float64Array[];
  start: number;
  end: number;
}

/** Makes an empty series with some measures. */
export function createFactSeries(nMeasures: number): FactSeries {
  return {
    known: new Float64Array(FIRST_ROOM),
    sums: Array.from({ length: nMeasures }, () => new Float64Array(FIRST_ROOM + 1)),
    counts: Array.from({ length: nMeasures }, () => new Float64Array(FIRST_ROOM + 1)),
    start: 0,
    end: 0,
  };
}

/**
 * Adds a fact; one that was known before others is put in its place.
 *
 * @param series - Changed in place.
 * @param knownMs - Known time of the fact.
 * @param values - One value a measure; NaN adds nothing.
 */
export function addFact(series: FactSeries, knownMs: number, values: Float64Array): void {
  if (series.end === series.known.length) makeRoom(series);
  const at =
    series.end > series.start && series.known[series.end - 1]! > knownMs ? positionOf(series, knownMs, true) : series.end;
  const { known } = series;
  known.copyWithin(at + 1, at, series.end);
  known[at] = knownMs;
  for (let measure = 0; measure < series.sums.length; measure += 1) {
    const sums = series.sums[measure]!;
    const counts = series.counts[measure]!;
    const value = values[measure]!;
    const isThere = !Number.isNaN(value);
    const added = isThere ? value : 0;
    const counted = isThere ? 1 : 0;
    for (let i = series.end; i >= at; i -= 1) {
      sums[i + 1] = sums[i]! + added;
      counts[i + 1] = counts[i]! + counted;
    }
  }
  series.end += 1;
}

/**
 * Finds the first fact known at or after a time; with `behindEqual`, the first known after it.
 *
 * @returns A position in [start, end].
 */
export function positionOf(series: FactSeries, timeMs: number, behindEqual: boolean): number {
  const { known } = series;
  let low = series.start;
  let high = series.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = known[middle]!;
    if (value < timeMs || (behindEqual && value === timeMs)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Forgets the facts known before a time. */
export function dropBefore(series: FactSeries, timeMs: number): void {
  series.start = positionOf(series, timeMs, false);
  if (series.start > FIRST_ROOM && series.start * 2 > series.end) compact(series, series.known.length);
}

function makeRoom(series: FactSeries): void {
  const used = series.end - series.start;
  compact(series, series.start * 2 > series.end ? series.known.length : Math.max(FIRST_ROOM, used * 2));
}

/** Moves what is valid to the front of arrays of a size, and begins the running sums at 0 again. */
function compact(series: FactSeries, size: number): void {
  const { start, end } = series;
  const known = new Float64Array(size);
  known.set(series.known.subarray(start, end));
  series.known = known;
  for (let measure = 0; measure < series.sums.length; measure += 1) {
    series.sums[measure] = rebased(series.sums[measure]!, start, end, size);
    series.counts[measure] = rebased(series.counts[measure]!, start, end, size);
  }
  series.start = 0;
  series.end = end - start;
}

function rebased(running: Float64Array, start: number, end: number, size: number): Float64Array {
  const moved = new Float64Array(size + 1);
  const base = running[start]!;
  for (let i = start; i <= end; i += 1) moved[i - start] = running[i]! - base;
  return moved;
}
