/** What happens to rows that break a check: the append is refused, the rows are set aside, or they are only counted. */
export const OnBreach = ['fail', 'quarantine', 'warn'] as const;
/** One answer to a breach; see {@link OnBreach} for the whole set. */
export type OnBreach = (typeof OnBreach)[number];

/** What a check demands of a row. A missing value breaks only `not-null`. */
export type CheckRule =
  | { readonly kind: 'not-null'; readonly column: string }
  /** Both ends are included; undefined leaves an end open. */
  | { readonly kind: 'between'; readonly column: string; readonly low: number | undefined; readonly high: number | undefined }
  | { readonly kind: 'in'; readonly column: string; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'matches'; readonly column: string; readonly pattern: string }
  | { readonly kind: 'greater-than'; readonly column: string; readonly other: string }
  /** The first row of a value holds, later ones break it. */
  | { readonly kind: 'unique'; readonly column: string };

/** One named rule for rows. */
export interface Check {
  /** Unique within the dataset; the reason under which rows are quarantined. */
  readonly name: string;
  readonly rule: CheckRule;
  readonly onBreach: OnBreach;
}
