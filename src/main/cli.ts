import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Before anything else is loaded: from the second start on nothing is compiled again. In a clone `bin/gyre.mjs` has set the folder already.
if (process.env['NODE_COMPILE_CACHE'] === undefined) {
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const { directory } = enableCompileCache(join(caches, 'gyre', 'compile'));
  // Worker threads take it from their environment.
  if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] = directory;
}

const { findDataFolder, runCommandLine } = await import('#platform/cli');
const { COMMANDS } = await import('./commands.ts');
const { processIo } = await import('./io.ts');

const line = process.argv.slice(2);
const io = processIo(line);
const interrupt = new AbortController();

/** The first Ctrl-C asks, the second ends. */
function onSignal(signal: NodeJS.Signals, code: number): void {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(code);
    interrupt.abort();
  });
}

onSignal('SIGINT', 130);
onSignal('SIGTERM', 143);

process.exitCode = await runCommandLine({
  line,
  environment: process.env,
  commands: COMMANDS,
  io,
  width: io.width,
  hasColor: io.hasColor,
  signal: interrupt.signal,
  dataFolder: (named) => findDataFolder(named, process.cwd(), existsSync),
  openServer: async (search) => await (await import('./open-server.ts')).openServer(search, interrupt.signal),
  defaultProject: async (call) => await (await import('./default-project.ts')).defaultProject(call),
});
