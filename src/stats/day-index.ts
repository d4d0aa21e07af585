import { daySums, distinctDays, positionsOfDays } from './kernels/days.ts';

/** Days with fewer rows than this share of the median day do not count as evidence about days. */
const LEAST_SHARE_OF_MEDIAN = 0.05;

/** The days of one or two samples, numbered together. */
export interface DayIndex {
  readonly nDays: number;
  /** Number of each row's day, by sample. */
  readonly dayOfRow: readonly Int32Array[];
  /** Days that hold a fair number of rows: the fewest of any sample. */
  readonly nCounted: number;
  /** Sets of days that are drawn separately: one, or one a sample when the samples share no day. */
  readonly strata: readonly (readonly number[])[];
}

/** Numbers the days of samples. A day of a few stray rows stays in the data but is no evidence that days were many. */
export function indexDays(columns: readonly Int32Array[]): DayIndex {
  const distinct = distinctDays(columns);
  const dayOfRow = columns.map((days) => positionsOfDays(days, distinct));
  const sizes = dayOfRow.map((positions) => daySums(undefined, positions, distinct.length));
  const held = sizes.map((counts) => distinct.map((_, day) => day).filter((day) => (counts[day] ?? 0) > 0));
  const isShared = distinct.some((_, day) => sizes.every((counts) => (counts[day] ?? 0) > 0));
  return {
    nDays: distinct.length,
    dayOfRow,
    nCounted: Math.min(...sizes.map(countFairDays)),
    strata: isShared ? [distinct.map((_, day) => day)] : held,
  };
}

/** Number of each row's day, in one sample. */
export function daysOfSample(days: DayIndex, sample: number): Int32Array {
  return days.dayOfRow[sample] ?? new Int32Array(0);
}

function countFairDays(rowsOfDays: Float64Array): number {
  const sizes = rowsOfDays.filter((rows) => rows > 0).sort();
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  return sizes.filter((rows) => rows >= LEAST_SHARE_OF_MEDIAN * median).length;
}
