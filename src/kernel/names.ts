/**
 * Finds the known name nearest to an unknown one, for "did you mean".
 *
 * @param unknown - What was written.
 * @param known - What could have been meant.
 * @returns The nearest name by Levenshtein distance, when at most a third of its letters (at least 2) differ; else undefined.
 * @example
 * ```ts
 * nearestName('objetives', ['objectives', 'datasets']); // => 'objectives'
 * ```
 */
export function nearestName(unknown: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  const needle = unknown.slice(0, 200).toLowerCase();
  for (const name of known) {
    const distance = editDistance(needle, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  const limit = Math.max(2, Math.floor((best?.length ?? 0) / 3));
  return bestDistance <= limit ? best : undefined;
}

/**
 * Writes the "did you mean" half-sentence, or nothing.
 *
 * @param unknown - What was written.
 * @param known - What could have been meant.
 * @returns Such as `; did you mean "objectives"?`, or an empty text.
 * @example
 * ```ts
 * didYouMean('delai', ['delay']); // => '; did you mean "delay"?'
 * ```
 */
export function didYouMean(unknown: string, known: Iterable<string>): string {
  const nearest = nearestName(unknown, known);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
