import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of this machine. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  /** Program and arguments, with spaces between them. */
  readonly command: string;
}

const PATIENCE_MS = 5000;
const POLL_MS = 25;

/** Lists the processes that are alive; none on a system without `/proc`. */
export function listProcesses(): readonly ProcessFacts[] {
  return processIds().flatMap((pid) => {
    const stat = readText(`/proc/${String(pid)}/stat`);
    // The second field is a name in brackets that may hold anything; a zombie has ended.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent === undefined || state === 'Z') return [];
    return [{ pid, parentPid: Number(parent), command: readText(`/proc/${String(pid)}/cmdline`).replaceAll('\0', ' ') }];
  });
}

/** Finds a process and everything below it. */
export function familyOf(pid: number): readonly ProcessFacts[] {
  const all = listProcesses();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter((one) => one.parentPid === member.pid));
  return family;
}

/** Waits until nobody works on a data folder, and none of the named processes is alive; gives those that still do. */
export async function findOrphans(dataFolder: string, pids: readonly number[] = []): Promise<readonly ProcessFacts[]> {
  const isLeft = (one: ProcessFacts): boolean =>
    one.pid !== process.pid && (pids.includes(one.pid) || one.command.includes(dataFolder));
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if (!listProcesses().some(isLeft)) return [];
    await sleep(POLL_MS);
  }
  return listProcesses().filter(isLeft);
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
