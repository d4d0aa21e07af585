const RADIX_FROM = 4096;
const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Row numbers in ascending order of value; equal values keep their row order. Values must not be NaN; -0 equals 0.
 * Long inputs are radix-sorted on the bits of the double, four passes of 16 bits.
 */
export function ascendingOrder(values: Float64Array | Float32Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  if (values.length >= RADIX_FROM) return radixOrder(values, order);
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
}

function radixOrder(values: Float64Array | Float32Array, rows: Uint32Array): Uint32Array {
  const keys = sortableBits(values);
  let from = rows;
  let to: Uint32Array = new Uint32Array(rows.length);
  const starts = new Uint32Array(DIGITS);
  for (let word = 0; word < 2; word += 1) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      starts.fill(0);
      for (let i = 0; i < from.length; i += 1) starts[(keys[2 * i + word]! >>> shift) & (DIGITS - 1)]!++;
      let total = 0;
      for (let digit = 0; digit < DIGITS; digit += 1) {
        const count = starts[digit]!;
        starts[digit] = total;
        total += count;
      }
      for (let i = 0; i < from.length; i += 1) {
        const row = from[i]!;
        to[starts[(keys[2 * row + word]! >>> shift) & (DIGITS - 1)]!++] = row;
      }
      const swap = from;
      from = to;
      to = swap;
    }
  }
  return from;
}

/** Low and high words of each double, mapped so that unsigned order of (high, low) is numeric order. */
function sortableBits(values: Float64Array | Float32Array): Uint32Array {
  const doubles = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) doubles[row] = values[row]! + 0;
  const words = new Uint32Array(doubles.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const isNegative = words[i + 1]! >>> 31 === 1;
    words[i] = isNegative ? ~words[i]! : words[i]!;
    words[i + 1] = isNegative ? ~words[i + 1]! : words[i + 1]! | 0x80000000;
  }
  return words;
}
