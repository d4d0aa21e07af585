import { type JsonObject, toWireNumber } from '#kernel';

/** Members that hold numbers which JSON may have no words for. */
const NUMBER_KEYS = new Set(['value', 'low', 'high', 'threshold', 'ageMs', 'target']);
const WORDS = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * Turns a report, evidence or decision into JSON in which NaN and the infinities are words.
 *
 * @param value - Plain objects, arrays, texts and numbers.
 * @returns The same as a JSON object; members that are undefined are left out.
 */
export function toJson(value: object): JsonObject {
  const text = JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? toWireNumber(member) : member));
  const json: unknown = JSON.parse(text);
  // An object was given, so an object comes back.
  return json as JsonObject;
}

/**
 * Reads what {@link toJson} wrote, words back to numbers.
 *
 * @param text - JSON text that this program wrote itself.
 * @returns The value; its type is the caller's claim.
 */
export function fromJsonText<T>(text: string): T {
  const value: unknown = JSON.parse(text, (key, member: unknown) =>
    NUMBER_KEYS.has(key) && typeof member === 'string' && WORDS.has(member) ? Number(member) : member,
  );
  return value as T;
}
