/** A list that does not move under the reader: what is shown, and how many newer items wait. */
export interface SteadyList<Item> {
  readonly shown: readonly Item[];
  readonly waiting: number;
}

/**
 * Keeps a list in place while a person is on it: items that are shown change where they are, and new ones wait.
 *
 * @param before - Keys that were shown when the person came; undefined when nobody is on the list.
 * @param items - The list as it is now.
 * @param keyOf - What an item is known by.
 * @returns What to show; without a person everything.
 */
export function steadyList<Item>(
  before: readonly string[] | undefined,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): SteadyList<Item> {
  if (before === undefined) return { shown: items, waiting: 0 };
  const known = new Set(before);
  const shown = items.filter((item) => known.has(keyOf(item)));
  return { shown, waiting: items.length - shown.length };
}
