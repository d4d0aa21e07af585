import type { Frame } from '#kernel';
import type { FeatureSpec, RequestColumn } from './feature-view.ts';

/**
 * The features of a view for requests as they come: history is kept in memory, in the order of known time.
 *
 * Laws: a lookup sees every fact ingested before it and no fact known at or after its moment; what it gives equals the
 * training table's row for the same facts, integers exactly and floats to the bit.
 */
export interface OnlineFeatures {
  readonly specs: readonly FeatureSpec[];
  /** Raw inputs that a request must bring. */
  readonly request: readonly RequestColumn[];
  /** Column of the request that holds the moment, when it is one of {@link OnlineFeatures.request}. */
  readonly momentColumn: string | undefined;
  /** Digest of the definition that it computes. */
  readonly viewDigest: string;
  /** Takes facts in. A fact whose id came before is left out. */
  ingest(dataset: string, facts: Frame): void;
  /** Forgets facts that no window of a moment at or after `momentMs` can see. */
  forgetBefore(momentMs: number): void;
  /**
   * Computes features: `request` has the raw inputs as columns (categories as levels, the rest as float64), `momentsMs`
   * one moment a row. Gives one column a feature, in the order of `specs`. A window that reaches behind what was
   * forgotten is missing. Throws `features/bad-request`.
   */
  lookup(request: Frame, momentsMs: Float64Array): Frame;
  /** The integers behind a window feature, per row: for parity checks. */
  counts(
    feature: string,
    request: Frame,
    momentsMs: Float64Array,
  ): { readonly numerator: Float64Array; readonly denominator: Float64Array };
}
