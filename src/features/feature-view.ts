import type { Digest } from '#kernel';
import type { Expression, ExpressionType } from './expression.ts';

/** Name and kind of one feature, as models and screens see it. */
export interface FeatureSpec {
  readonly name: string;
  /** `number` columns are float32 with NaN for missing; `category` columns are levels with -1 for missing. */
  readonly kind: 'number' | 'category';
}

/** A raw input of a prediction request. */
export interface RequestColumn {
  readonly name: string;
  readonly type: ExpressionType;
}

/** A feature computed from the row alone. */
export interface RowFeature extends FeatureSpec {
  readonly from: 'row';
  readonly expression: Expression;
}

/** What a window aggregates. */
export const WindowFunction = ['count', 'sum', 'mean'] as const;
/** One aggregate; see {@link WindowFunction} for the whole set. */
export type WindowFunction = (typeof WindowFunction)[number];

/** A feature over the facts of one key known in [moment − over, moment). */
export interface WindowFeature extends FeatureSpec {
  readonly from: 'window';
  readonly kind: 'number';
  readonly dataset: string;
  readonly aggregate: WindowFunction;
  /** Whole number or truth value of a fact's row; undefined counts all facts. */
  readonly value: Expression | undefined;
  /** Column of the facts; undefined for one window over all facts. */
  readonly key: string | undefined;
  /** Column of the request that the key is compared with. */
  readonly match: string | undefined;
  readonly overMs: number;
}

/** What a view must know of a dataset that it reads. */
export interface SourceColumns {
  readonly name: string;
  readonly id: string;
  readonly eventTime: string;
  readonly knownTime: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** One definition of features, for training and serving alike. */
export interface FeatureView {
  readonly name: string;
  /** Dataset whose rows are the prediction moments, at its event time. */
  readonly moments: string;
  readonly label: { readonly dataset: string; readonly value: Expression } | undefined;
  readonly request: readonly RequestColumn[];
  readonly features: readonly (RowFeature | WindowFeature)[];
  /** Names and kinds of the features, in order. */
  readonly specs: readonly FeatureSpec[];
  /** Every dataset it reads, without repeats: the moments first. */
  readonly datasets: readonly string[];
  /** The datasets it reads, by name. */
  readonly sources: ReadonlyMap<string, SourceColumns>;
  /** Identity: digest of the declaration and of the columns it reads. */
  readonly digest: Digest;
  /** The declaration, as JSON text. */
  readonly definition: string;
}

/** Tells window features from others. */
export function isWindow(feature: RowFeature | WindowFeature): feature is WindowFeature {
  return feature.from === 'window';
}
