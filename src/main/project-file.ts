import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAMES = ['gyre.yaml', 'gyre.yml', 'gyre.json'];
const PROJECT_LINE = /^\s*"?project"?\s*:\s*["']?([a-z][a-z0-9-]{0,62})["']?\s*(?:#.*|,)?$/m;

/** Finds the project that the nearest project file upwards names; the server, not this, validates the file. */
export function projectOfFile(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = NAMES.map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (path !== undefined) return PROJECT_LINE.exec(readFileSync(path, 'utf8'))?.[1];
    if (dirname(folder) === folder) return undefined;
  }
}
