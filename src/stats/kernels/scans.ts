/** Finds the first label that is neither 0 nor 1; -1 when there is none. */
export function firstNonBinary(labels: Uint8Array): number {
  for (let row = 0; row < labels.length; row += 1) if (labels[row]! > 1) return row;
  return -1;
}

/** Finds the first value that is NaN or infinite; -1 when there is none. */
export function firstNonFinite(values: Float64Array | Float32Array): number {
  for (let row = 0; row < values.length; row += 1) if (!Number.isFinite(values[row]!)) return row;
  return -1;
}

/** Finds the first value outside [low, high], NaN included; -1 when there is none. */
export function firstOutside(values: Float64Array | Float32Array, low: number, high: number): number {
  for (let row = 0; row < values.length; row += 1) if (!(values[row]! >= low && values[row]! <= high)) return row;
  return -1;
}

/** Finds the first class outside 0 … nClasses - 1; -1 when there is none. */
export function firstOutsideClasses(targets: Int32Array, nClasses: number): number {
  for (let row = 0; row < targets.length; row += 1) if (targets[row]! < 0 || targets[row]! >= nClasses) return row;
  return -1;
}

/** Copies the finite values, in their order. */
export function finiteValues(values: Float64Array | Float32Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    if (Number.isFinite(value)) kept[count++] = value + 0;
  }
  return kept.subarray(0, count);
}
