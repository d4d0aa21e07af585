import type { Digest } from '#kernel';

/** What to make a training table of. */
export interface FrameRequest {
  readonly projectId: string;
  /** Name of the feature view. */
  readonly view: string;
  /** Version digest of every dataset that the view reads. */
  readonly versions: Readonly<Record<string, string>>;
  /** Prediction moments in [fromMs, toMs), milliseconds since 1970 UTC; absent ends are open. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Largest number of rows; more moments are thinned day by day, those with the smallest hash of seed and id stay. */
  readonly maxRows?: number;
  /** Seed of the thinning. @defaultValue 1 */
  readonly seed?: number;
  /** Adds, per window feature `f`, the integer columns `f#numerator` and `f#denominator`. @defaultValue false */
  readonly withCounts?: boolean;
}

/**
 * A stored training table, rows in order of moment and id: `id` (levels), `moment` (float64, milliseconds), one column a
 * feature (float32 or levels), `label` (float32, NaN where it was not known at the cut). Its bytes are a kernel frame.
 */
export interface FeatureFrame {
  /** Digest of the encoded frame; its identity. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Digest of the view's definition. */
  readonly viewDigest: Digest;
  readonly rows: number;
  /** Rows with a known label. */
  readonly labelled: number;
  /** Moments of the first and the last row, undefined for an empty table. */
  readonly firstMomentMs: number | undefined;
  readonly lastMomentMs: number | undefined;
}
