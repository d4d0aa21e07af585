import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GyreError } from '#kernel';
import { type CommandContext, ExitCode } from '#platform/cli';

/** A connection breaks a moment before its server is known to have ended. */
const LAST_BREATH_MS = 250;

/** A server in a process of its own, as `gyre up` starts it. */
interface ServerProcess {
  readonly url: string;
  /** Asks it to finish, waits for its end, and gives its exit code. */
  stop(): Promise<number>;
  /** Resolves with its exit code when it ends. */
  readonly ended: Promise<number>;
}

/** Starts a server, drives it through its HTTP API alone, and keeps it serving until Ctrl-C, or ends it with `--exit`. */
export async function runDemoCommand(context: CommandContext): Promise<number> {
  const { flags, io, signal } = context;
  const { runDemo } = await import('#demo');
  const scale = textFlag(flags['scale']) ?? 'full';
  const folder = textFlag(flags['data']) ?? join(process.cwd(), '.gyre', `demo-${scale}`);
  const server = await startServerProcess(folder, flags['port']);
  io.note(`Gyre is ready at ${server.url}, its data in ${folder}`);
  try {
    const told = runDemo({ url: server.url, scale, output: io }).catch((error: unknown) => blameServer(server, error));
    await Promise.race([told, server.ended.then(throwEnded), untilAborted(signal)]);
    if (flags['exit'] !== true && !signal.aborted) {
      io.answer(
        '\nIt keeps serving. Stop it with Ctrl-C; the same command goes on from this state, and a new --data DIR starts anew.',
      );
      await Promise.race([untilAborted(signal), server.ended]);
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  const code = await server.stop();
  return code === ExitCode.done ? code : throwEnded(code);
}

async function startServerProcess(folder: string, port: unknown): Promise<ServerProcess> {
  const cli = fileURLToPath(new URL('./cli.ts', import.meta.url)).replace(
    /\.ts$/,
    import.meta.url.endsWith('.ts') ? '.ts' : '.js',
  );
  const source = cli.endsWith('.ts') ? ['--conditions=source'] : [];
  const args = [...source, cli, 'up', '--json', '--data', folder, ...(typeof port === 'number' ? ['--port', String(port)] : [])];
  // A group of its own: a Ctrl-C at the terminal reaches this process, which asks once. By the channel the server knows when this
  // process is gone, by whatever means, and ends too.
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const problems: string[] = [];
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw notStarted(['it has no output']);
  createInterface({ input: stderr }).on('line', (line) => problems.push(line));
  const url = await Promise.race([firstUrl(stdout), ended.then(() => '')]);
  if (url === '') throw notStarted(problems);
  return {
    url,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}

async function firstUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    // The server's first line on stdout, as `gyre up --json` prints it.
    return (JSON.parse(line) as { url: string }).url;
  }
  return '';
}

function notStarted(problems: readonly string[]): GyreError {
  const said = problems.filter((line) => !line.startsWith('{')).join('\n  ');
  return new GyreError({ kind: 'unavailable', code: 'main/server-not-started', message: `the server did not start\n  ${said}` });
}

/** A call that failed because the server has ended says just that. */
async function blameServer(server: ServerProcess, error: unknown): Promise<never> {
  const code = await Promise.race([server.ended, sleep(LAST_BREATH_MS, undefined)]);
  if (code !== undefined) throwEnded(code);
  throw error;
}

function throwEnded(code: number): never {
  throw new GyreError({
    kind: 'internal',
    code: 'main/server-ended',
    message: `the server ended with exit code ${String(code)} before the demo asked it to, or while it stopped`,
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function textFlag(flag: unknown): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}
