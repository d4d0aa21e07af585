/** Members that hold numbers which JSON may have no words for. */
const NUMBER_KEYS = new Set(['value', 'low', 'high', 'threshold', 'ageMs', 'target']);
const WORDS = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * Reads what `toWireJson` of kernel wrote, words back to numbers.
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
