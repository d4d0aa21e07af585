/** Builds what the published package ships: `dist/` from `src/`, and the screens in `dist/web`. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that the code reads beside itself; the compiler copies none of them. */
const DATA_FILES = 'src/**/*.{json,sql,yaml,csv,proto}';

/** `tsc` rewrites imports but not the addresses of worker files. */
const WORKER_ADDRESS = /(new URL\(\s*(['"])\.{1,2}\/[^'"]+?)\.ts\2(,\s*import\.meta\.url)/g;

function run(command: string, args: readonly string[]): void {
  const result = spawnSync(join(root, 'node_modules', '.bin', command), args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${String(result.status)}`);
}

function copyDataFiles(): void {
  for (const path of globSync(DATA_FILES, { cwd: root })) {
    const target = join(root, path.replace(/^src/, 'dist'));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
  }
}

function pointWorkersAtJavaScript(): void {
  for (const path of globSync('dist/**/*.js', { cwd: root, exclude: ['dist/web/**'] })) {
    const text = readFileSync(join(root, path), 'utf8');
    const rewritten = text.replace(WORKER_ADDRESS, '$1.js$2$3');
    if (rewritten !== text) writeFileSync(join(root, path), rewritten);
  }
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
run('tsc', ['-b', '--force', 'tsconfig.node.json']);
copyDataFiles();
pointWorkersAtJavaScript();
if (existsSync(join(root, 'src/main/web.tsx'))) run('vite', ['build', '--logLevel', 'warn']);
