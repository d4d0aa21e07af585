/** How many of the labels of a window of predictions have arrived. */
export interface Coverage {
  /** Predicted entities in the window. */
  readonly expected: number;
  /** Of these, the ones whose label was known at `asOfMs`. */
  readonly arrived: number;
  /** `arrived / expected`; NaN for an empty window. */
  readonly ratio: number;
  /** Labels of the window that no prediction is known for. */
  readonly orphans: number;
  /** Whether the newest prediction of the window is old enough for its label. */
  readonly mature: boolean;
}
