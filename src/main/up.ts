import { join } from 'node:path';
import { type CommandContext, ExitCode } from '#platform/cli';
import { startServer } from './server.ts';

const DEFAULT_PORT = 4973;

/** Starts the server in this process and stays until it is told to stop: the first signal drains, the second ends at once. */
export async function runUp({ flags, io, json, signal, dataFolder }: CommandContext): Promise<number> {
  const allowed = flags['allow-host'];
  const host = flags['host'];
  const port = flags['port'];
  const server = await startServer({
    dataFolder: flags['data'] === undefined && process.env['GYRE_DATA'] === undefined ? join(process.cwd(), '.gyre') : dataFolder,
    port: typeof port === 'number' ? port : DEFAULT_PORT,
    host: typeof host === 'string' ? host : '127.0.0.1',
    allowedHosts: typeof allowed === 'string' ? allowed.split(',') : [],
    logLevel: 'info',
  });
  if (json)
    io.answer(JSON.stringify({ url: server.url, dataFolder: server.dataFolder, pid: process.pid, version: server.version }));
  else for (const line of greeting(server.url, server.dataFolder, server.version)) io.answer(line);
  endWithParent();
  await aborted(signal);
  io.note('gyre: finishing what is in hand ... (Ctrl-C again ends at once)');
  await server.close();
  return ExitCode.done;
}

function greeting(url: string, dataFolder: string, version: string): readonly string[] {
  return [
    `Gyre ${version} is ready:  ${url}`,
    `  data     ${dataFolder}`,
    `  MLflow   export MLFLOW_TRACKING_URI=${url}`,
    `  OIP      export GYRE_ENDPOINT=${url}/v2/models`,
    '  stop     Ctrl-C',
  ];
}

/**
 * A command that started this server as its own holds a channel to it. When that command is killed, the server ends at once, as
 * if it had been killed too: the store outlives that, and the folder is free for the next.
 */
function endWithParent(): void {
  process.once('disconnect', () => process.exit(ExitCode.terminated));
  // The channel alone keeps nobody alive.
  process.channel?.unref();
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
