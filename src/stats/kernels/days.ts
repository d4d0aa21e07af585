/** Number of each row's day among the sorted distinct days. */
export function positionsOfDays(days: Int32Array, distinct: readonly number[]): Int32Array {
  const positions = new Map(distinct.map((day, position) => [day, position]));
  const compact = new Int32Array(days.length);
  let lastDay = Number.NaN;
  let lastPosition = 0;
  for (let row = 0; row < days.length; row += 1) {
    const day = days[row]!;
    if (day !== lastDay) {
      lastDay = day;
      lastPosition = positions.get(day)!;
    }
    compact[row] = lastPosition;
  }
  return compact;
}

/** The distinct days, ascending. */
export function distinctDays(columns: readonly Int32Array[]): number[] {
  const seen = new Set<number>();
  for (const days of columns) {
    let last = Number.NaN;
    for (let row = 0; row < days.length; row += 1) {
      if (days[row] === last) continue;
      last = days[row]!;
      seen.add(last);
    }
  }
  return [...seen].sort((a, b) => a - b);
}

/** Sum of the values of each day; without values the number of rows. */
export function daySums(values: ArrayLike<number> | undefined, dayOfRow: Int32Array, nDays: number): Float64Array {
  const sums = new Float64Array(nDays);
  for (let row = 0; row < dayOfRow.length; row += 1) sums[dayOfRow[row]!]! += values === undefined ? 1 : values[row]!;
  return sums;
}

/** Sum of weight times value. */
export function dot(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let day = 0; day < weights.length; day += 1) sum += weights[day]! * values[day]!;
  return sum;
}

/**
 * Variance of a sum of row influences when the groups are fixed and rows independent within them: in each group
 * n / (n - 1) times the sum of squares about its mean; a lone row counts about zero.
 */
export function groupedVariance(influence: Float64Array, groups: Int32Array, nGroups: number): number {
  const counts = new Float64Array(nGroups);
  const sums = new Float64Array(nGroups);
  for (let row = 0; row < influence.length; row += 1) {
    counts[groups[row]!]! += 1;
    sums[groups[row]!]! += influence[row]!;
  }
  const squares = new Float64Array(nGroups);
  for (let row = 0; row < influence.length; row += 1) {
    const group = groups[row]!;
    const mean = counts[group]! > 1 ? sums[group]! / counts[group]! : 0;
    squares[group]! += (influence[row]! - mean) ** 2;
  }
  let variance = 0;
  for (let group = 0; group < nGroups; group += 1) {
    const count = counts[group]!;
    variance += count > 1 ? (squares[group]! * count) / (count - 1) : squares[group]!;
  }
  return variance;
}
