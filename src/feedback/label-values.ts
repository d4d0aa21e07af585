import type { Frame } from '#kernel';

/** Evaluates the label expression of a feature view; implemented by features. */
export interface LabelValues {
  /**
   * Gives the label of each row of the outcome dataset: 0 or 1, or a number; NaN where it cannot be told.
   *
   * The frame is as data hands out batches: text as levels, everything else as doubles, times in milliseconds.
   */
  values(request: { readonly projectId: string; readonly view: string; readonly frame: Frame }): Promise<Float64Array>;
}
