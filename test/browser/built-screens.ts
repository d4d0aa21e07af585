import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = [
  'src/web/**/*.{ts,tsx,css}',
  'src/*/ui/**/*.{ts,tsx,css}',
  'src/*/api.ts',
  'src/main/{web.tsx,web.css,index.html}',
];

/** Builds the screens when they were never built, or a source is newer; gives their folder. */
export function builtScreens(): string {
  const page = `${ROOT}dist/web/index.html`;
  const builtMs = existsSync(page) ? statSync(page).mtimeMs : 0;
  const newestMs = Math.max(...globSync(SOURCES, { cwd: ROOT }).map((path) => statSync(`${ROOT}${path}`).mtimeMs));
  if (newestMs > builtMs) execFileSync(process.execPath, ['scripts/build-ui.ts'], { cwd: ROOT, stdio: 'inherit' });
  return `${ROOT}dist/web/`;
}
