import type { Verdict } from '#kernel';
import type { OnBreach } from './check.ts';
import type { ColumnType } from './dataset.ts';

/** What the values of one column look like. Fields that make no sense for its type are absent. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  readonly count: number;
  readonly missing: number;
  /** Approximate, by HyperLogLog. */
  readonly distinct: number;
  /** Finite values only; times in milliseconds. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Sample standard deviation. */
  readonly standardDeviation?: number;
  /** Interpolated quantiles at 5, 25, 50, 75 and 95 percent (type 7 of Hyndman and Fan). */
  readonly quantiles?: readonly number[];
  readonly zeros?: number;
  readonly infinite?: number;
  /** Counts in equal bins from `min` to `max`. */
  readonly histogram?: readonly number[];
  /** Most frequent values of text and booleans, at most 10. */
  readonly top?: readonly { readonly value: string; readonly count: number }[];
}

/** What one check found in a version: rows set aside or counted, of all rows that came. */
export interface CheckResult {
  readonly name: string;
  readonly rule: string;
  readonly column: string;
  readonly onBreach: OnBreach;
  readonly verdict: Verdict;
  readonly breaches: number;
  /** Rows judged, the quarantined ones included. */
  readonly rows: number;
}

/** A version's profile, stored as canonical JSON. */
export interface VersionProfile {
  readonly format: 'gyre-profile';
  readonly version: 1;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  readonly checks: readonly CheckResult[];
}
