import { GyreError } from './errors.ts';

/** One page of a list: the items, and the cursor of the next page when there is one. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; hand it back as `cursor` to get the next page. Absent on the last page. */
  readonly nextCursor?: string;
}

/** Place of an item in the order of its list: the values it is sorted by. */
export type CursorKey = readonly (string | number | null)[];

/**
 * Writes the place behind which the next page of a list begins.
 *
 * @param list - Names the list with its filters and order; the cursor is refused by any other.
 * @param key - The values by which the last item shown is sorted; numbers finite.
 * @returns Letters, digits, `-` and `_`.
 * @example
 * ```ts
 * decodeCursor('runs', encodeCursor('runs', [0.5, 'é', null])); // => [0.5, 'é', null]
 * ```
 */
export function encodeCursor(list: string, key: CursorKey): string {
  const bytes = new TextEncoder().encode(JSON.stringify([list, ...key]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * Reads a cursor that {@link encodeCursor} wrote for the same list.
 *
 * @param list - The list that is being read.
 * @param cursor - What the caller handed back.
 * @returns The values of the last item shown.
 * @throws {@link GyreError} `kernel/bad-cursor` when it is no cursor, or one of another list, filter or order.
 * @example
 * ```ts
 * decodeCursor('runs', encodeCursor('runs', [7])); // => [7]
 * ```
 */
export function decodeCursor(list: string, cursor: string): CursorKey {
  const parts = parseCursor(cursor);
  if (parts !== undefined && parts[0] === list) return parts.slice(1);
  throw new GyreError({
    kind: 'invalid',
    code: 'kernel/bad-cursor',
    message: `"${cursor.slice(0, 40)}" is not a cursor of this list; start without one, and keep filter and sort from page to page`,
  });
}

function parseCursor(cursor: string): CursorKey | undefined {
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Array.isArray(value) && value.every(isKeyPart) ? value : undefined;
  } catch {
    // Whatever is wrong with it, it is not a cursor.
    return undefined;
  }
}

function isKeyPart(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
