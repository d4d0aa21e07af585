const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const POINT = 46;
const COMMA = 44;
/** Beyond so many digits a double cannot hold the digits of a number exactly. */
const DIGITS = 15;
const TENS = Float64Array.from({ length: DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * Reads plain decimal numbers between commas: the inside of a JSON list as `JSON.stringify` writes it.
 *
 * Digits of at most 15 places divided by a power of ten are correctly rounded, because both are exact doubles: every value is
 * the one `JSON.parse` gives. Everything else (exponents, more digits, blanks, `null`) is left to it.
 *
 * @param bytes - The text.
 * @param from - First byte of the first number.
 * @param to - Byte behind the last number.
 * @param into - Gets the numbers; as many as it holds are expected.
 * @returns Whether the text was exactly that; when not, `into` may be half written.
 * @see Clinger, "How to read floating point numbers accurately", PLDI 1990: the fast path.
 */
export function scanNumbers(bytes: Uint8Array, from: number, to: number, into: Float64Array): boolean {
  let at = from;
  for (let place = 0; place < into.length; place += 1) {
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at += 1;
    const start = at;
    let digits = 0;
    let byte = bytes[at]!;
    while (at < to && byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + (byte - ZERO);
      at += 1;
      byte = bytes[at]!;
    }
    let count = at - start;
    // JSON has no numbers without a digit, and none that begin with a needless zero.
    if (count === 0 || (count > 1 && bytes[start] === ZERO)) return false;
    let decimals = 0;
    if (at < to && byte === POINT) {
      at += 1;
      const point = at;
      byte = bytes[at]!;
      while (at < to && byte >= ZERO && byte <= NINE) {
        digits = digits * 10 + (byte - ZERO);
        at += 1;
        byte = bytes[at]!;
      }
      decimals = at - point;
      if (decimals === 0) return false;
      count += decimals;
    }
    if (count > DIGITS) return false;
    const value = digits / TENS[decimals]!;
    into[place] = isNegative ? -value : value;
    if (place === into.length - 1) return at === to;
    if (at >= to || byte !== COMMA) return false;
    at += 1;
  }
  return from === to;
}
