type Scores = Float64Array | Float32Array;

/** Score histograms of each day and class; index `bin * nDays + day`. */
export interface DayHistograms {
  readonly nDays: number;
  readonly nBins: number;
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

/**
 * Cuts the order of scores into bins of at most 1 / `fineness` of the two classes' mass, (share of positives + share
 * of negatives) / 2, rows of one score together; a single score may be heavier. Pairs inside a bin then count half,
 * which changes an area by at most the sum over bins of p q / 2 <= 1 / (2 * fineness).
 */
export function balancedBins(labels: Uint8Array, scores: Scores, order: Uint32Array, fineness: number) {
  const bins = new Int32Array(order.length);
  let nPositives = 0;
  for (let row = 0; row < labels.length; row += 1) nPositives += labels[row]!;
  const massOf = [0.5 / Math.max(1, labels.length - nPositives), 0.5 / Math.max(1, nPositives)];
  let bin = -1;
  let held = Number.POSITIVE_INFINITY;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start]!]!;
    let mass = 0;
    let end = start;
    for (; end < order.length && scores[order[end]!]! === score; end += 1) mass += massOf[labels[order[end]!]!]!;
    if (held + mass > 1 / fineness) {
      bin += 1;
      held = 0;
    }
    held += mass;
    for (let at = start; at < end; at += 1) bins[order[at]!] = bin;
    start = end;
  }
  return { bins, nBins: bin + 1 };
}

/** Counts rows by bin, day and class. */
export function dayHistograms(rows: {
  readonly labels: Uint8Array;
  readonly bins: Int32Array;
  readonly nBins: number;
  readonly dayOfRow: Int32Array;
  readonly nDays: number;
}): DayHistograms {
  const { labels, bins, nBins, dayOfRow, nDays } = rows;
  const positives = new Uint32Array(nBins * nDays);
  const negatives = new Uint32Array(nBins * nDays);
  for (let row = 0; row < labels.length; row += 1) {
    const cell = bins[row]! * nDays + dayOfRow[row]!;
    if (labels[row] === 1) positives[cell]! += 1;
    else negatives[cell]! += 1;
  }
  return { nDays, nBins, positives, negatives };
}

/** Wins of the positives of one day over the negatives of another, ties half; index `day of positives * nDays + day of negatives`. */
export function winsBetweenDays({ nDays, nBins, positives, negatives }: DayHistograms): Float64Array {
  const wins = new Float64Array(nDays * nDays);
  const below = new Float64Array(nDays);
  const beaten = new Float64Array(nDays);
  for (let bin = 0; bin < nBins; bin += 1) {
    const from = bin * nDays;
    for (let day = 0; day < nDays; day += 1) {
      const tied = negatives[from + day]!;
      beaten[day] = below[day]! + tied / 2;
      below[day]! += tied;
    }
    for (let day = 0; day < nDays; day += 1) {
      const count = positives[from + day]!;
      if (count === 0) continue;
      for (let other = 0; other < nDays; other += 1) wins[day * nDays + other]! += count * beaten[other]!;
    }
  }
  return wins;
}

/** Wins when each day counts as often as its weight says. */
export function weightedWins(wins: Float64Array, weights: Float64Array): number {
  const nDays = weights.length;
  let sum = 0;
  for (let day = 0; day < nDays; day += 1) {
    if (weights[day] === 0) continue;
    let row = 0;
    for (let other = 0; other < nDays; other += 1) row += weights[other]! * wins[day * nDays + other]!;
    sum += weights[day]! * row;
  }
  return sum;
}

/** Average precision when each day counts as often as its weight says; rows of one bin count as tied. */
export function averagePrecisionOfDays({ nDays, nBins, positives, negatives }: DayHistograms, weights: Float64Array): number {
  let hits = 0;
  let predicted = 0;
  let sum = 0;
  for (let bin = nBins - 1; bin >= 0; bin -= 1) {
    const from = bin * nDays;
    let ofPositives = 0;
    let ofNegatives = 0;
    for (let day = 0; day < nDays; day += 1) {
      const weight = weights[day]!;
      if (weight === 0) continue;
      ofPositives += weight * positives[from + day]!;
      ofNegatives += weight * negatives[from + day]!;
    }
    hits += ofPositives;
    predicted += ofPositives + ofNegatives;
    if (ofPositives > 0) sum += ofPositives * (hits / predicted);
  }
  return sum / hits;
}
