import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Node 24 before whatever the machine has, and nothing of this test run's npm. */
export function packageEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST|GYRE_)/.test(name));
  return { ...Object.fromEntries(inherited), PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) };
}

/**
 * Copies the files of the repository, as git sees them, so that a build in the copy leaves this checkout alone.
 *
 * @param folder - Empty folder.
 */
export function copyRepository(folder: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 1 << 26,
  });
  const paths = listed.toString('utf8').split('\0');
  for (const path of paths.filter((candidate) => candidate !== '' && existsSync(join(root, candidate)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(root, path), join(folder, path));
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules')).filter((entry) => !/^\.(cache|package-lock)/.test(entry))) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/**
 * Runs a program to its end.
 *
 * @param folder - Where.
 * @param command - Program and arguments.
 * @returns What it wrote to stdout; failure throws with stderr.
 */
export async function runIn(folder: string, command: readonly [string, ...string[]]): Promise<string> {
  const [program, ...args] = command;
  const { stdout } = await run(program, args, { cwd: folder, env: packageEnvironment(), maxBuffer: 1 << 26 });
  return stdout;
}

/**
 * Makes an empty project with the packages in it.
 *
 * @param folder - Does not exist yet.
 * @param packages - As `npm install` takes them.
 */
export async function installIn(folder: string, packages: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true }));
  await runIn(folder, ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...packages]);
}

/** A program that was started and keeps running. */
export interface Running {
  readonly child: ChildProcess;
  /** Waits until the output matches, and gives the first group; fails when the program ends before. */
  find(pattern: RegExp): Promise<string>;
  /** Sends SIGTERM and waits for the end; gives the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts a program and keeps what it writes.
 *
 * @param folder - Where.
 * @param command - Program and arguments.
 * @returns A handle on it.
 */
export function startIn(folder: string, command: readonly [string, ...string[]]): Running {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: folder, env: packageEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const find = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output);
        if (match !== null) resolve(match[1] ?? match[0]);
      };
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString('utf8');
          look();
        });
      }
      void ended.then((code) => reject(new Error(`ended with ${String(code)} before ${String(pattern)}:\n${output}`)));
      look();
    });
  return {
    child,
    find,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
