import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { GyreError } from '#kernel';

/**
 * Resolves a path that a project file names, below the root that the operator gave.
 *
 * @param root - Folder that the operator opened with `--code`; undefined opens none.
 * @param path - Relative path from the project file.
 * @returns The real path, links followed, below the root.
 * @throws {@link GyreError} `pipelines/folder-outside-root` when it lies outside, does not exist, or no root was given.
 */
export async function belowCodeRoot(root: string | undefined, path: string): Promise<string> {
  if (root === undefined) throw outside(path, 'this server opened no code root', 'start it with --code DIR');
  const top = await realpath(root);
  const found = await realpath(join(top, path)).catch(() => undefined);
  if (found === undefined)
    throw outside(path, 'it does not exist below the code root', 'paths are relative to the folder given with --code');
  if (found !== top && !found.startsWith(top + sep))
    throw outside(path, 'it lies outside the code root', 'name a path below the folder given with --code');
  return found;
}

function outside(path: string, why: string, help: string): GyreError {
  return new GyreError({
    kind: 'unprocessable',
    code: 'pipelines/folder-outside-root',
    message: `"${path.slice(0, 120)}" cannot be used: ${why}`,
    help,
  });
}
