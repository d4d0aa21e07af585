import { dirname, join, resolve } from 'node:path';

/**
 * Finds the data folder of a command: the one that was named, or the nearest `.gyre` upwards, or `.gyre` here.
 *
 * @param named - From `--data` or `GYRE_DATA`.
 * @param from - Folder to start at.
 * @param exists - Tells whether a folder exists.
 * @returns An absolute path.
 */
export function findDataFolder(named: string | undefined, from: string, exists: (path: string) => boolean): string {
  if (named !== undefined) return resolve(from, named);
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const candidate = join(folder, '.gyre');
    if (exists(candidate)) return candidate;
    if (dirname(folder) === folder) return resolve(from, '.gyre');
  }
}
