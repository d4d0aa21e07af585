import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ComputeJob, ComputeOutcome, ComputePool } from '#platform/compute';
import type { Log } from '#platform/log';
import { runChild } from './child-run.ts';
import { createSlots } from './slots.ts';
import { createWatchdog } from './watchdog.ts';

/** The only variables of the server that a command ever sees. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** What a pool of processes is made of. */
export interface ProcessPoolOptions {
  /** How many commands run at once, from 1. */
  readonly slots: number;
  /** Priority number of the commands, 0 to 19: the higher, the more they give way to the server. @defaultValue 10 */
  readonly niceness?: number;
  /** How long a command that was asked to end has for it, milliseconds. @defaultValue 5000 */
  readonly killAfterMs?: number;
  readonly log: Log;
  /** Environment of the server, of which commands get PATH, HOME, LANG and TMPDIR; a job's own variables win. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where scratch folders are made. @defaultValue the temporary folder of the system */
  readonly scratchFolder?: string;
}

/**
 * Makes a pool that runs commands as child processes of this machine. Memory is measured and limited on Linux only; a
 * shell of one megabyte ends the commands when this process dies.
 *
 * @param options - Slots, priority and environment.
 * @returns The pool.
 */
export function createProcessPool(options: ProcessPoolOptions): ComputePool {
  const slots = createSlots(options.slots);
  const watchdog = createWatchdog();
  const stopping = new AbortController();
  const running = new Set<Promise<ComputeOutcome>>();

  const runJob = async (job: ComputeJob): Promise<ComputeOutcome> => {
    if (stopping.signal.aborted) return notStarted('the pool has been stopped');
    const signal = AbortSignal.any([job.signal, stopping.signal]);
    if (!(await slots.take(signal))) return { ...notStarted('cancelled while it waited'), outcome: 'cancelled' };
    try {
      return await inFolder(options, job, (workingFolder) =>
        runChild({
          job: { ...job, signal },
          workingFolder,
          environment: { ...inherited(options.environment), ...job.environment },
          niceness: options.niceness ?? 10,
          killAfterMs: options.killAfterMs ?? 5000,
          watchdog,
          log: options.log,
        }),
      );
    } catch (error) {
      return notStarted(error instanceof Error ? error.message : String(error));
    } finally {
      slots.give();
    }
  };
  return {
    run: (job) => {
      const run = runJob(job);
      running.add(run);
      return run.finally(() => running.delete(run));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      watchdog.stop();
    },
  };
}

async function inFolder<T>(options: ProcessPoolOptions, job: ComputeJob, work: (folder: string) => Promise<T>): Promise<T> {
  if (job.workingFolder !== undefined) return work(job.workingFolder);
  const folder = await mkdtemp(join(options.scratchFolder ?? tmpdir(), 'gyre-job-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => {
      options.log.write('warn', 'a scratch folder could not be removed', { folder, error: String(error) });
    });
  }
}

function inherited(environment: ProcessPoolOptions['environment']): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function notStarted(detail: string): ComputeOutcome {
  return { outcome: 'not-started', exitCode: undefined, durationMs: 0, peakMemoryBytes: 0, detail };
}
