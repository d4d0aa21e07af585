/**
 * DeLong's covariance of two areas from their placements: S10 / m + S01 / n, sample covariances with n - 1. Also the
 * areas themselves, which are the means over the positives. NaN when a class has fewer than two rows.
 */
export function classCovariance(labels: Uint8Array, a: Float64Array, b: Float64Array) {
  const counts = [0, 0];
  const sumsA = [0, 0];
  const sumsB = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row]!;
    counts[label]! += 1;
    sumsA[label]! += a[row]!;
    sumsB[label]! += b[row]!;
  }
  const meansA = [sumsA[0]! / counts[0]!, sumsA[1]! / counts[1]!];
  const meansB = [sumsB[0]! / counts[0]!, sumsB[1]! / counts[1]!];
  const products = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row]!;
    products[label]! += (a[row]! - meansA[label]!) * (b[row]! - meansB[label]!);
  }
  const part = (label: number): number =>
    counts[label]! < 2 ? Number.NaN : products[label]! / (counts[label]! - 1) / counts[label]!;
  return { meanA: meansA[1]!, meanB: meansB[1]!, covariance: part(0) + part(1) };
}
