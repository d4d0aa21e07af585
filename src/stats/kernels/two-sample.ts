/** Largest gap between the cumulative shares of two sorted samples. */
export function kolmogorovSmirnovGap(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let widest = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! === value) i += 1;
    while (j < b.length && b[j]! === value) j += 1;
    widest = Math.max(widest, Math.abs(i * b.length - j * a.length));
  }
  return widest / (a.length * b.length);
}

/**
 * Chance that a random order of m and n values reaches a gap of at least `gap` / (m n): the share of lattice paths that
 * leave the corridor, computed as a running probability so that nothing overflows and small chances stay exact.
 */
export function pathsBeyondGap(m: number, n: number, gap: number): number {
  if (gap <= 0) return 1;
  const beyond = new Float64Array(n + 1);
  for (let j = 1; j <= n; j += 1) beyond[j] = j * m >= gap ? 1 : beyond[j - 1]!;
  for (let i = 1; i <= m; i += 1) {
    if (i * n >= gap) beyond[0] = 1;
    for (let j = 1; j <= n; j += 1) {
      // At (i, j) the last value came from the first sample with chance i / (i + j), else from the second.
      beyond[j] = Math.abs(i * n - j * m) >= gap ? 1 : (beyond[j]! * i + beyond[j - 1]! * j) / (i + j);
    }
  }
  return beyond[n]!;
}

/** Area between the cumulative shares of two sorted samples. */
export function wassersteinOfSorted(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let distance = 0;
  let at = Math.min(a[0]!, b[0]!);
  while (i < a.length || j < b.length) {
    const next = Math.min(i < a.length ? a[i]! : Number.POSITIVE_INFINITY, j < b.length ? b[j]! : Number.POSITIVE_INFINITY);
    distance += Math.abs(i / a.length - j / b.length) * (next - at);
    at = next;
    while (i < a.length && a[i]! === at) i += 1;
    while (j < b.length && b[j]! === at) j += 1;
  }
  return distance;
}
