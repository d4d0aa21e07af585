import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Keeps a list of process groups that it reads from its input, and kills them when the input ends: that is when the
 * process at the other end is gone, by whatever means.
 */
const SCRIPT = `set -f
groups=' '
while read -r verb id; do
  rest=' '
  for group in $groups; do [ "$group" = "$id" ] || rest="$rest$group "; done
  groups="$rest"
  [ "$verb" = add ] && groups="$groups$id "
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done`;

/** Ends process groups when this process dies. */
export interface Watchdog {
  add(pid: number): void;
  remove(pid: number): void;
  /** Lets it go; the groups it knows are ended. */
  stop(): void;
}

/**
 * Makes a watchdog; its shell starts with the first group.
 *
 * @returns The watchdog; a system without a shell goes without.
 */
export function createWatchdog(): Watchdog {
  let shell: ChildProcess | undefined;
  const write = (line: string): void => {
    shell ??= startShell();
    shell.stdin?.write(line);
  };
  return {
    add: (pid) => write(`add ${String(pid)}\n`),
    remove: (pid) => write(`del ${String(pid)}\n`),
    stop: () => {
      shell?.stdin?.end();
      shell = undefined;
    },
  };
}

function startShell(): ChildProcess {
  // A group of its own: a Ctrl-C at the terminal is not meant for it.
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  // The pipe is a socket, whatever its type says: it must not keep this process alive.
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return shell;
}
