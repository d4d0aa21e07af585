/** Gives the items whose text has every word of the query, those that begin with it first. */
export function matchItems<Item>(items: readonly Item[], query: string, textOf: (item: Item) => string): readonly Item[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = items.filter((item) => words.every((word) => textOf(item).toLowerCase().includes(word)));
  const start = words[0] ?? '';
  const rank = (item: Item): number => (textOf(item).toLowerCase().startsWith(start) ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b));
}
