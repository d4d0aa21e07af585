import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

/** How a run of `gyre` ended. */
export interface GyreRun {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs `gyre` with arguments and, if given, a failpoint at which its server kills itself. */
export async function runGyre(args: readonly string[], failpoint?: string): Promise<GyreRun> {
  const environment = { ...process.env, ...(failpoint === undefined ? {} : { GYRE_FAILPOINT: failpoint }) };
  const child = spawn(process.execPath, ['--conditions=source', CLI, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const exitCode = await new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 1));
  });
  return { exitCode, output: chunks.join('') };
}

/** Runs the demo to its end on a data folder. */
export async function runDemoOn(dataFolder: string, scale: string, failpoint?: string): Promise<GyreRun> {
  return await runGyre(['demo', '--scale', scale, '--exit', '--port', '0', '--data', dataFolder], failpoint);
}
