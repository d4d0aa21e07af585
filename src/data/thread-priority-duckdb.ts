import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Niceness of threads that work on tables: they give way to the thread that answers requests. */
const LOWERED = 10;
const THREADS = '/proc/self/task';

/**
 * Lowers the priority of every thread that some work starts. Linux keeps a priority for each thread; elsewhere nothing is changed.
 *
 * @param work - Starts the threads.
 * @returns What the work gives.
 */
export async function withLoweredThreads<T>(work: () => Promise<T>): Promise<T> {
  const before = new Set(threadIds());
  const done = await work();
  for (const id of threadIds()) if (!before.has(id)) lower(id);
  return done;
}

function threadIds(): readonly number[] {
  try {
    return process.platform === 'linux' ? readdirSync(THREADS).map(Number) : [];
  } catch {
    // No /proc is mounted: the threads keep their priority.
    return [];
  }
}

function lower(threadId: number): void {
  try {
    setPriority(threadId, LOWERED);
  } catch {
    // It ended meanwhile.
  }
}
