import { GyreError } from '#kernel';

/**
 * Writes a name for SQL, in double quotes.
 *
 * @param name - Name of a column or table.
 * @returns The quoted name.
 * @throws {@link GyreError} `data/bad-section` when it holds a NUL character.
 * @example
 * ```ts
 * quoteName('a"b'); // => '"a""b"'
 * ```
 */
export function quoteName(name: string): string {
  return `"${withoutNul(name).replaceAll('"', '""')}"`;
}

/**
 * Writes a text for SQL, in single quotes.
 *
 * @param text - Any text without NUL characters.
 * @returns The quoted text.
 * @throws {@link GyreError} `data/bad-section` when it holds a NUL character.
 * @example
 * ```ts
 * quoteText("it's"); // => "'it''s'"
 * ```
 */
export function quoteText(text: string): string {
  return `'${withoutNul(text).replaceAll("'", "''")}'`;
}

/**
 * Writes a double for SQL so that it keeps every bit; a bare literal would pass through a decimal.
 *
 * @param value - Any double but NaN.
 * @returns A DOUBLE expression.
 * @example
 * ```ts
 * quoteNumber(0.1); // => "'0.1'::DOUBLE"
 * ```
 */
export function quoteNumber(value: number): string {
  return `'${String(value)}'::DOUBLE`;
}

function withoutNul(text: string): string {
  if (!text.includes('\0')) return text;
  throw new GyreError({
    kind: 'invalid',
    code: 'data/bad-section',
    message: 'a text holds the NUL character, which SQL cannot carry',
  });
}
