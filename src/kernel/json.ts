import { GyreError } from './errors.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * Writes a value in the one canonical form of RFC 8785: keys sorted by UTF-16 code units, no white space,
 * numbers as ECMAScript writes them. Digests of JSON are taken over this text.
 *
 * @param value - A JSON value; members that are `undefined` are left out.
 * @returns The canonical text.
 * @throws {@link GyreError} `kernel/not-json` for NaN, infinities, bigint, functions and symbols.
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: [true, null] }); // => '{"a":[true,null],"b":1}'
 * ```
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new GyreError({
    kind: 'invalid',
    code: 'kernel/not-json',
    message: `${typeof value === 'number' ? String(value) : `a ${typeof value}`} has no canonical JSON form`,
  });
}

/** A number on the wire: NaN and the infinities travel as text, because JSON has no words for them. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/**
 * Makes a number fit for JSON without losing NaN and the infinities.
 *
 * @param value - Any double.
 * @returns The number itself, or one of `"NaN"`, `"Infinity"`, `"-Infinity"`.
 * @example
 * ```ts
 * toWireNumber(Number.NaN); // => 'NaN'
 * ```
 */
export function toWireNumber(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/**
 * Reads a number that {@link toWireNumber} wrote.
 *
 * @param value - A JSON number or one of the three words.
 * @returns The double.
 * @example
 * ```ts
 * fromWireNumber('-Infinity'); // => -Infinity
 * ```
 */
export function fromWireNumber(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/**
 * Turns a value into JSON in which NaN and the infinities are words.
 *
 * @param value - Plain objects, arrays, texts and numbers.
 * @returns The same as a JSON object; members that are undefined are left out.
 * @example
 * ```ts
 * toWireJson({ low: Number.NaN, n: 3 }); // => { low: 'NaN', n: 3 }
 * ```
 */
export function toWireJson(value: object): JsonObject {
  const text = JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? toWireNumber(member) : member));
  const json: unknown = JSON.parse(text);
  // An object was given, so an object comes back.
  return json as JsonObject;
}
