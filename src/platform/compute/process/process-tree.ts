import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a process and its children. */
export interface TreeMemory {
  /** Resident now, all together, bytes. */
  readonly residentBytes: number;
  /** The most that any one of them ever had, bytes. */
  readonly largestPeakBytes: number;
}

/**
 * Reads how much memory a process and its children take.
 *
 * @param pid - The first process.
 * @returns The sums; zero where the system has no `/proc`, or the process is gone.
 * @see proc_pid_status(5), VmRSS and VmHWM; proc_tid_children(5)
 */
export function readTreeMemory(pid: number): TreeMemory {
  let residentBytes = 0;
  let largestPeakBytes = 0;
  for (const member of treeOf(pid)) {
    const status = readText(`/proc/${String(member)}/status`);
    residentBytes += kibibytes(status, 'VmRSS') * 1024;
    largestPeakBytes = Math.max(largestPeakBytes, kibibytes(status, 'VmHWM') * 1024);
  }
  return { residentBytes, largestPeakBytes };
}

/**
 * Finds every process of a session, also those that left their parent.
 *
 * @param sessionId - Process id of the session's leader.
 * @returns Process ids; none where the system has no `/proc`.
 * @see proc_pid_stat(5), field 6
 */
export function findSession(sessionId: number): readonly number[] {
  return readNumbers('/proc').filter((pid) => sessionOf(pid) === sessionId);
}

/**
 * Ends processes, whether they want to or not.
 *
 * @param pid - Leader of a process group and session.
 * @param signal - What they get.
 */
export function signalTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  signalQuietly(-pid, signal);
  if (signal === 'SIGKILL') for (const member of findSession(pid)) signalQuietly(member, signal);
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

function treeOf(pid: number): ReadonlySet<number> {
  const members = new Set([pid]);
  for (const member of members) {
    for (const thread of readNumbers(`/proc/${String(member)}/task`)) {
      const children = readText(`/proc/${String(member)}/task/${String(thread)}/children`);
      for (const child of children.split(' ')) if (child !== '') members.add(Number(child));
    }
  }
  return members;
}

function sessionOf(pid: number): number {
  const stat = readText(`/proc/${String(pid)}/stat`);
  // The second field is a name in brackets that may hold anything.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
}

function kibibytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}

function readNumbers(folder: string): readonly number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return '';
  }
}
