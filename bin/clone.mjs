// What a clone of the repository needs before anything in it can run. Plain JavaScript for any Node ≥ 14.18: it runs before Node 24 is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package: the clone, or `node_modules/gyre`. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether this is a clone, which runs `src/` directly; the published package ships only `dist/`. */
export const isClone = existsSync(join(root, 'src', 'main'));

/** The Node 24 that `npm ci` brought, or undefined. */
export function localNode() {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : undefined;
}

/** Compares what the lock file asks for with what lies in `node_modules`; the versions decide, not the dates of files. */
export function missingDependencies() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return ['everything'];
  const wanted = readPackages(join(root, 'package-lock.json')) || {};
  return Object.keys(wanted).filter((path) => {
    const entry = wanted[path];
    if (path === '' || entry.optional || entry.devOptional || entry.peer || entry.link) return false;
    return installed[path] === undefined || installed[path].version !== entry.version;
  });
}

/** Runs `npm ci` when something is missing, and says so. Ends the process when that fails. */
export function ensureDependencies(say) {
  const missing = missingDependencies();
  if (missing.length === 0 && localNode() !== undefined) return;
  say(`installing dependencies (${missing[0] === 'everything' ? 'first start' : `${missing.length} out of date`}) ...`);
  const startedAt = Date.now();
  const npm = npmCommand();
  const result = spawnSync(npm.command, [...npm.args, 'ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: withoutNpmContext(process.env),
  });
  if (result.status !== 0) {
    say(
      `npm ci failed (exit code ${result.status}). Check the network and the registry (npm config get registry), then try again.`,
    );
    process.exit(1);
  }
  say(`dependencies installed in ${seconds(startedAt)}`);
  if (localNode() === undefined) {
    say(
      'the npm package "node" brought no program: its install script was denied. Allow it (npm config set ignore-scripts false), then: npm ci',
    );
    process.exit(1);
  }
}

/** Builds the browser part when it is missing or older than its sources, and says so. Returns false when that fails. */
export function ensureUi(say) {
  const built = join(root, 'dist', 'web', 'index.html');
  const entry = join(root, 'src', 'main', 'web.tsx');
  if (!isClone || !existsSync(entry)) return true;
  if (existsSync(built) && newestChange(join(root, 'src')) <= statSync(built).mtimeMs) return true;
  say(existsSync(built) ? 'building the screens (their sources changed) ...' : 'building the screens (first start) ...');
  const startedAt = Date.now();
  const result = runNode(['scripts/build-ui.ts'], { stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.status !== 0) {
    say(`building the screens failed:\n${String(result.stdout)}${String(result.stderr)}`);
    return false;
  }
  say(`screens built in ${seconds(startedAt)}`);
  return true;
}

/** Runs the clone's own Node 24 and waits. */
export function runNode(args, options) {
  return spawnSync(localNode() || process.execPath, args, { cwd: root, env: cloneEnvironment(), ...options });
}

/** The environment in which `node`, `tsc`, `vitest` are the clone's own. */
export function cloneEnvironment() {
  return { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH || ''].join(delimiter) };
}

/** Time since a moment, for people. */
export function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages || {};
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// `npm run` names its own program: the same npm, whatever stands first on the PATH.
function npmCommand() {
  const npmCli = process.env.npm_execpath;
  if (npmCli !== undefined && /npm-cli\.c?js$/.test(npmCli))
    return { command: process.env.npm_node_execpath || process.execPath, args: [npmCli] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

// An `npm ci` inside `npm run` would else inherit the script's settings as its own configuration.
function withoutNpmContext(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(lifecycle|package|command|config_(argv|ignore_scripts|dry_run))/.test(name)),
  );
}

const UI_SOURCE = /\.(tsx?|css|html|svg)$/;

function newestChange(folder) {
  let newestMs = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newestMs = Math.max(newestMs, newestChange(path));
    else if (isUiSource(path)) newestMs = Math.max(newestMs, statSync(path).mtimeMs);
  }
  return newestMs;
}

function isUiSource(path) {
  if (!UI_SOURCE.test(path) || /\.test\.tsx?$/.test(path)) return false;
  return (
    /[\\/](ui|web)[\\/]/.test(path) || /[\\/](api\.ts|web\.tsx|index\.html)$/.test(path) || /[\\/](kernel|stats)[\\/]/.test(path)
  );
}
