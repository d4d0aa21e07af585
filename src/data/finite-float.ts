/**
 * Rounds a double to the float32 that models read.
 *
 * @param value - Any double.
 * @returns The nearest float32, without negative zero; NaN, which means missing, for what float32 cannot hold as a finite number.
 * @example
 * ```ts
 * finiteFloat32(1e300); // => NaN
 * ```
 */
export function finiteFloat32(value: number): number {
  const rounded = Math.fround(value) + 0;
  return Number.isFinite(rounded) ? rounded : Number.NaN;
}
