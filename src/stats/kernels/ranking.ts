type Scores = Float64Array | Float32Array;
type Weights = Float64Array | Float32Array | undefined;

/** Area under the ROC curve; ties count half; NaN when a class has no weight. `order` is ascending by score. */
export function rocAucOfOrder(labels: Uint8Array, scores: Scores, weights: Weights, order: Uint32Array): number {
  let below = 0;
  let positives = 0;
  let area = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start]!]!;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    let end = start;
    for (; end < order.length && scores[order[end]!]! === score; end += 1) {
      const row = order[end]!;
      const weight = weights === undefined ? 1 : weights[row]!;
      if (labels[row] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    area += tiedPositives * (below + tiedNegatives / 2);
    below += tiedNegatives;
    positives += tiedPositives;
    start = end;
  }
  return area / (positives * below);
}

/** Average precision, the sum of precision over steps of recall; NaN without positives. `order` is ascending by score. */
export function averagePrecisionOfOrder(labels: Uint8Array, scores: Scores, weights: Weights, order: Uint32Array): number {
  let truePositives = 0;
  let predicted = 0;
  let sum = 0;
  for (let start = order.length - 1; start >= 0; ) {
    const score = scores[order[start]!]!;
    let tiedPositives = 0;
    let end = start;
    for (; end >= 0 && scores[order[end]!]! === score; end -= 1) {
      const row = order[end]!;
      const weight = weights === undefined ? 1 : weights[row]!;
      if (labels[row] === 1) tiedPositives += weight;
      predicted += weight;
    }
    truePositives += tiedPositives;
    if (tiedPositives > 0) sum += tiedPositives * (truePositives / predicted);
    start = end;
  }
  return sum / truePositives;
}

/**
 * Placement of each row among the other class: for a positive the share of negatives below it, for a negative the
 * share of positives above it, ties half (DeLong's V10 and V01).
 */
export function placementsOfOrder(labels: Uint8Array, scores: Scores, order: Uint32Array): Float64Array {
  const placements = new Float64Array(labels.length);
  let nPositives = 0;
  for (let row = 0; row < labels.length; row += 1) nPositives += labels[row]!;
  const nNegatives = labels.length - nPositives;
  let negativesBelow = 0;
  let positivesBelow = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start]!]!;
    let tiedPositives = 0;
    let end = start;
    for (; end < order.length && scores[order[end]!]! === score; end += 1) tiedPositives += labels[order[end]!]!;
    const tiedNegatives = end - start - tiedPositives;
    const ofPositive = (negativesBelow + tiedNegatives / 2) / nNegatives;
    const ofNegative = 1 - (positivesBelow + tiedPositives / 2) / nPositives;
    for (let at = start; at < end; at += 1) placements[order[at]!] = labels[order[at]!] === 1 ? ofPositive : ofNegative;
    negativesBelow += tiedNegatives;
    positivesBelow += tiedPositives;
    start = end;
  }
  return placements;
}

/** Cumulative weights of true and false positives at each distinct score, from the highest down; points in four columns. */
export function curveOfOrder(labels: Uint8Array, scores: Scores, weights: Weights, order: Uint32Array) {
  const thresholds = new Float64Array(order.length);
  const truePositives = new Float64Array(order.length);
  const falsePositives = new Float64Array(order.length);
  let nPoints = 0;
  let positives = 0;
  let negatives = 0;
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = order[at]!;
    const weight = weights === undefined ? 1 : weights[row]!;
    if (labels[row] === 1) positives += weight;
    else negatives += weight;
    if (at > 0 && scores[order[at - 1]!]! === scores[row]!) continue;
    thresholds[nPoints] = scores[row]!;
    truePositives[nPoints] = positives;
    falsePositives[nPoints] = negatives;
    nPoints += 1;
  }
  return {
    thresholds: thresholds.subarray(0, nPoints),
    truePositives: truePositives.subarray(0, nPoints),
    falsePositives: falsePositives.subarray(0, nPoints),
  };
}
