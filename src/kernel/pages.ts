/** One page of a list: the items, and the cursor of the next page when there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; hand it back as `cursor` to get the next page. Absent on the last page. */
  readonly nextCursor?: string;
}
