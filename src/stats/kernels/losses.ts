type Scores = Float64Array | Float32Array;
type Weights = Float64Array | Float32Array | undefined;

/** Score closest to 0 or 1 that a logarithm is taken of. */
export const LOG_LOSS_CLIP = 1e-15;

/** Negative log likelihood of each row, natural logarithm; scores clipped to [1e-15, 1 - 1e-15]. */
export function logLossTerms(labels: Uint8Array, scores: Scores): Float64Array {
  const terms = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const score = Math.min(1 - LOG_LOSS_CLIP, Math.max(LOG_LOSS_CLIP, scores[row]!));
    terms[row] = labels[row] === 1 ? -Math.log(score) : -Math.log1p(-score);
  }
  return terms;
}

/** Squared difference of score and label, by row. */
export function brierTerms(labels: Uint8Array, scores: Scores): Float64Array {
  const terms = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) terms[row] = (scores[row]! - labels[row]!) ** 2;
  return terms;
}

/** By row: 3 true positive, 2 false negative, 1 false positive, 0 true negative; a score at the threshold is positive. */
export function decisionsAt(labels: Uint8Array, scores: Scores, threshold: number): Uint8Array {
  const cells = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) cells[row] = 2 * labels[row]! + (scores[row]! >= threshold ? 1 : 0);
  return cells;
}

/** Weighted number of rows in each of `nCells` cells. */
export function countCells(cells: Uint8Array | Int32Array, weights: Weights, nCells: number): Float64Array {
  const counts = new Float64Array(nCells);
  for (let row = 0; row < cells.length; row += 1) counts[cells[row]!]! += weights === undefined ? 1 : weights[row]!;
  return counts;
}

/** Looks up a number for each cell: `table[cells[row]]`. */
export function lookUp(cells: Uint8Array, table: readonly number[]): Float64Array {
  const looked = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row += 1) looked[row] = table[cells[row]!]!;
  return looked;
}

/** Weighted mean; NaN without weight. Sums with Kahan's correction, so that the order of rows does not show. */
export function weightedMean(terms: ArrayLike<number>, weights: Weights): number {
  let sum = 0;
  let lost = 0;
  let total = 0;
  for (let row = 0; row < terms.length; row += 1) {
    const weight = weights === undefined ? 1 : weights[row]!;
    const part = weight * terms[row]! - lost;
    const next = sum + part;
    lost = next - sum - part;
    sum = next;
    total += weight;
  }
  return sum / total;
}
