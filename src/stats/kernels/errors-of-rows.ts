type Numbers = Float64Array | Float32Array;

/** Prediction minus target, by row. */
export function errorTerms(targets: Numbers, predictions: Numbers): Float64Array {
  const errors = new Float64Array(targets.length);
  for (let row = 0; row < errors.length; row += 1) errors[row] = predictions[row]! - targets[row]!;
  return errors;
}

/** A function of each value and its row. */
export function mapTerms(values: Numbers, of: (value: number, row: number) => number): Float64Array {
  const mapped = new Float64Array(values.length);
  for (let row = 0; row < mapped.length; row += 1) mapped[row] = of(values[row]!, row);
  return mapped;
}

/** |error| / max(|target|, machine epsilon), by row. */
export function absolutePercentageTerms(targets: Numbers, errors: Float64Array): Float64Array {
  const terms = new Float64Array(errors.length);
  for (let row = 0; row < terms.length; row += 1)
    terms[row] = Math.abs(errors[row]!) / Math.max(Math.abs(targets[row]!), Number.EPSILON);
  return terms;
}

/** Pinball loss of each error at a quantile. */
export function pinballTerms(errors: Float64Array, quantile: number): Float64Array {
  const terms = new Float64Array(errors.length);
  for (let row = 0; row < terms.length; row += 1) {
    const error = errors[row]!;
    terms[row] = error < 0 ? -quantile * error : (1 - quantile) * error;
  }
  return terms;
}

/** Median by weight: the value where half the weight is reached, averaged with the next where it is met exactly. */
export function weightedMedian(values: Float64Array, weights: Numbers | undefined, order: Uint32Array): number {
  let total = 0;
  for (let row = 0; row < values.length; row += 1) total += weights === undefined ? 1 : weights[row]!;
  let reached = 0;
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at]!;
    const weight = weights === undefined ? 1 : weights[row]!;
    reached += weight;
    if (weight === 0 || reached < total / 2) continue;
    if (reached > total / 2) return values[row]!;
    for (let next = at + 1; next < order.length; next += 1) {
      if (weights === undefined || weights[order[next]!]! > 0) return (values[row]! + values[order[next]!]!) / 2;
    }
    return values[row]!;
  }
  return Number.NaN;
}
