/** How much each row moves the statistic, with the groups within which rows are exchangeable. */
export interface RowInfluence {
  readonly influence: Float64Array;
  readonly groups: Int32Array;
  readonly nGroups: number;
}

/** Influence of each row on a ratio of sums. */
export function ratioInfluence(
  numerators: Float64Array,
  denominators: Float64Array | Float32Array | undefined,
  ratio: number,
): Float64Array {
  const influence = new Float64Array(numerators.length);
  let total = 0;
  for (let row = 0; row < influence.length; row += 1) {
    const denominator = denominators === undefined ? 1 : denominators[row]!;
    influence[row] = numerators[row]! - ratio * denominator;
    total += denominator;
  }
  for (let row = 0; row < influence.length; row += 1) influence[row]! /= total;
  return influence;
}

/** Influence of each row on an area under the ROC curve, from its placement. */
export function rankInfluence(labels: Uint8Array, placements: Float64Array, area: number): Float64Array {
  let nPositives = 0;
  for (let row = 0; row < labels.length; row += 1) nPositives += labels[row]!;
  const influence = new Float64Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    influence[row] = (placements[row]! - area) / (labels[row] === 1 ? nPositives : labels.length - nPositives);
  }
  return influence;
}

/** Second minus first, row by row. */
export function subtractInfluence(a: RowInfluence, b: RowInfluence): RowInfluence {
  const influence = new Float64Array(a.influence.length);
  for (let row = 0; row < influence.length; row += 1) influence[row] = b.influence[row]! - a.influence[row]!;
  return { ...a, influence };
}

/** The rows of both samples, those of the first with opposite sign. */
export function concatInfluence(a: RowInfluence, b: RowInfluence): RowInfluence {
  const nA = a.influence.length;
  const influence = new Float64Array(nA + b.influence.length);
  const groups = new Int32Array(influence.length);
  for (let row = 0; row < nA; row += 1) {
    influence[row] = -a.influence[row]!;
    groups[row] = a.groups[row]!;
  }
  for (let row = 0; row < b.influence.length; row += 1) {
    influence[nA + row] = b.influence[row]!;
    groups[nA + row] = a.nGroups + b.groups[row]!;
  }
  return { influence, groups, nGroups: a.nGroups + b.nGroups };
}
