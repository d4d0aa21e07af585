import { existsSync, readFileSync } from 'node:fs';
import { GyreError } from '#kernel';
import { writeDurably } from './durable-file.ts';

/** Format of the folder that this program writes; it counts changes of the layout, not of the tables, which migrate by themselves. */
export const STORE_FORMAT = 1;

/**
 * Checks the format of a folder, and marks a new one.
 *
 * @param path - The format file.
 * @throws {@link GyreError} `store/newer-format` when a later version wrote it; `store/bad-format` when the file is unreadable.
 */
export function checkFormat(path: string): void {
  if (!existsSync(path)) {
    writeDurably(path, `${JSON.stringify({ format: STORE_FORMAT })}\n`);
    return;
  }
  const format = readFormat(path);
  if (format <= STORE_FORMAT) return;
  throw new GyreError({
    kind: 'precondition-failed',
    code: 'store/newer-format',
    message: `the folder is in format ${String(format)}; this version of Gyre knows formats up to ${String(STORE_FORMAT)}`,
    help: 'start the version of Gyre that wrote it, or a newer one',
    data: { format, known: STORE_FORMAT },
  });
}

function readFormat(path: string): number {
  const text = readFileSync(path, 'utf8');
  const found = /^\s*\{\s*"format"\s*:\s*(\d{1,6})\s*[,}]/.exec(text)?.[1];
  if (found !== undefined) return Number(found);
  throw new GyreError({
    kind: 'precondition-failed',
    code: 'store/bad-format',
    message: `the format file ${path} cannot be read: "${text.slice(0, 80)}"`,
    help: 'restore the folder from a backup',
  });
}
