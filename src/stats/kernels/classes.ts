import { LOG_LOSS_CLIP } from './losses.ts';

type Numbers = Float64Array | Float32Array;

/** Most probable class of each row, the first of equals. */
export function argmaxOfRows(probabilities: Numbers, nClasses: number): Int32Array {
  const best = new Int32Array(probabilities.length / nClasses);
  for (let row = 0; row < best.length; row += 1) {
    const from = row * nClasses;
    for (let label = 1; label < nClasses; label += 1) {
      if (probabilities[from + label]! > probabilities[from + best[row]!]!) best[row] = label;
    }
  }
  return best;
}

/** 1 where the true class is among the `top` most probable; of equals the later class counts as more probable. */
export function topHits(rows: {
  readonly targets: Int32Array;
  readonly probabilities: Numbers;
  readonly nClasses: number;
  readonly top: number;
}): Uint8Array {
  const hits = new Uint8Array(rows.targets.length);
  for (let row = 0; row < hits.length; row += 1) {
    const target = rows.targets[row]!;
    const from = row * rows.nClasses;
    const own = rows.probabilities[from + target]!;
    let above = 0;
    for (let label = 0; label < rows.nClasses; label += 1) {
      const other = rows.probabilities[from + label]!;
      if (other > own || (other === own && label > target)) above += 1;
    }
    hits[row] = above < rows.top ? 1 : 0;
  }
  return hits;
}

/** Negative log of the probability of the true class, clipped to [1e-15, 1 - 1e-15]. */
export function logLossOfClasses(targets: Int32Array, probabilities: Numbers, nClasses: number): Float64Array {
  const terms = new Float64Array(targets.length);
  for (let row = 0; row < terms.length; row += 1) {
    const own = probabilities[row * nClasses + targets[row]!]!;
    terms[row] = -Math.log(Math.min(1 - LOG_LOSS_CLIP, Math.max(LOG_LOSS_CLIP, own)));
  }
  return terms;
}

/** 1 where the row is of the class. */
export function classLabels(targets: Int32Array, label: number): Uint8Array {
  const labels = new Uint8Array(targets.length);
  for (let row = 0; row < labels.length; row += 1) labels[row] = targets[row] === label ? 1 : 0;
  return labels;
}

/** The column of one class out of row-major probabilities. */
export function classColumn(probabilities: Numbers, nClasses: number, label: number): Float64Array {
  const column = new Float64Array(probabilities.length / nClasses);
  for (let row = 0; row < column.length; row += 1) column[row] = probabilities[row * nClasses + label]!;
  return column;
}

/** Numbers of the rows that are of either class. */
export function rowsOfClasses(targets: Int32Array, first: number, second: number): Uint32Array {
  const rows = new Uint32Array(targets.length);
  let count = 0;
  for (let row = 0; row < targets.length; row += 1) {
    if (targets[row] === first || targets[row] === second) rows[count++] = row;
  }
  return rows.subarray(0, count);
}
