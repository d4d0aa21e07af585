import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

/** A demo that hangs is ended, and fails the test with what it said so far. */
const LONGEST_LIFE_MS = 10 * 60_000;

/** How a run of `gyre` ended. */
export interface GyreRun {
  readonly exitCode: number;
  readonly output: string;
}

/** A run of `gyre` that is under way. */
export interface GyreProcess {
  readonly pid: number;
  /** Spawn to the word that its server answers, milliseconds; undefined before that. */
  readyMs(): number | undefined;
  readonly ended: Promise<GyreRun>;
}

/** Starts the demo on a data folder; with a failpoint, its server kills itself there. */
export function startDemo(dataFolder: string, scale: string, failpoint?: string): GyreProcess {
  const args = ['demo', '--scale', scale, '--exit', '--port', '0', '--data', dataFolder];
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['--conditions=source', CLI, ...args], {
    env: { ...process.env, GYRE_FAILPOINT: failpoint ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let readyMs: number | undefined;
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    if (output.includes('Gyre is ready at')) readyMs ??= performance.now() - startedAtMs;
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const hang = setTimeout(() => child.kill('SIGKILL'), LONGEST_LIFE_MS);
  const ended = new Promise<GyreRun>((resolve) => {
    child.once('close', (code) => {
      clearTimeout(hang);
      resolve({ exitCode: code ?? 1, output });
    });
  });
  return { pid: child.pid ?? 0, readyMs: () => readyMs, ended };
}
