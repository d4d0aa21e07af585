import type { Column } from '#kernel';

/** One raw value a caller sends for a prediction, before features are made of it. */
export interface RequestInput {
  readonly name: string;
  /** `time` travels as milliseconds since 1970 UTC or RFC 3339 text, and reaches the lookup as a float64 column. */
  readonly kind: 'number' | 'category' | 'time';
}

/** A feature view on the serving side: raw inputs in, features as of the prediction moment out. */
export interface OnlineFeatures {
  /** What a caller sends, in the order in which {@link OnlineFeatures.compute} takes it. */
  readonly inputs: readonly RequestInput[];
  /** Name of the input that holds the prediction moment; undefined when the moment is now. */
  readonly momentInput: string | undefined;
  /** Names of the features, in the order of the answer. */
  readonly featureNames: readonly string[];
  /**
   * Makes the features of some rows; synchronous, touches no store.
   *
   * Takes one column per input (numbers float32 or float64, categories levels, times float64 ms), the moments in
   * milliseconds since 1970 UTC and the number of rows; gives one column per feature name.
   */
  compute(columns: readonly Column[], momentsMs: Float64Array, nRows: number): readonly Column[];
}

/** Opens feature views for serving; what they know of the past is kept up by whoever implements this. */
export interface FeatureLookup {
  /** Opens a view; resolves when its online side has caught up with the store. Opening the same view again is cheap. */
  open(request: { readonly projectId: string; readonly view: string }): Promise<OnlineFeatures>;
}
