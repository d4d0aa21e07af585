import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { ComputeJob, ComputeOutcome } from '#platform/compute';
import type { Log } from '#platform/log';
import { createLineSplitter } from './line-splitter.ts';
import { readTreeMemory, signalTree } from './process-tree.ts';
import type { Watchdog } from './watchdog.ts';

/** Short jobs are looked at early, long ones not too often. */
const FIRST_SAMPLE_MS = 20;
const SAMPLE_MS = 200;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What a run needs besides its job. */
export interface ChildRunOptions {
  readonly job: ComputeJob;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly niceness: number;
  /** From the request to end until the kill, milliseconds. */
  readonly killAfterMs: number;
  readonly watchdog: Watchdog;
  readonly log: Log;
}

interface RunState {
  /** Why it was ended, if it did not end by itself. */
  verdict: 'timed-out' | 'out-of-memory' | 'cancelled' | undefined;
  peakMemoryBytes: number;
}

/**
 * Runs one command to its end.
 *
 * @param options - The job, its place and environment.
 * @returns How it ended; never rejects.
 */
export async function runChild(options: ChildRunOptions): Promise<ComputeOutcome> {
  const startedAtMs = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedAtMs);
  const started = await startChild(options);
  if ('detail' in started) {
    return { outcome: 'not-started', exitCode: undefined, durationMs: durationMs(), peakMemoryBytes: 0, detail: started.detail };
  }
  const state: RunState = { verdict: undefined, peakMemoryBytes: 0 };
  const exitCode = await untilClosed(options, started, state);
  const end = { durationMs: durationMs(), peakMemoryBytes: state.peakMemoryBytes };
  return { outcome: state.verdict ?? 'exited', exitCode: state.verdict === undefined ? exitCode : undefined, ...end };
}

type Started = { readonly child: ChildProcess; readonly pid: number };

async function startChild(options: ChildRunOptions): Promise<Started | { readonly detail: string }> {
  const [program, ...args] = options.job.argv;
  try {
    const child = spawn(program, args, {
      cwd: options.workingFolder,
      env: { ...options.environment },
      // A session and group of its own, so that all its children can be ended with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    forwardLines(options, child);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const pid = child.pid ?? 0;
    options.watchdog.add(pid);
    lowerPriority(pid, options.niceness);
    return { child, pid };
  } catch (error) {
    return { detail: error instanceof Error ? error.message : String(error) };
  }
}

function lowerPriority(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    // It has ended already, or the system does not allow it: it then runs as this process does.
  }
}

async function untilClosed(options: ChildRunOptions, started: Started, state: RunState): Promise<number | undefined> {
  const { child, pid } = started;
  const { job } = options;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (verdict: NonNullable<RunState['verdict']>): void => {
    if (state.verdict !== undefined) return;
    state.verdict = verdict;
    signalTree(pid, verdict === 'out-of-memory' ? 'SIGKILL' : 'SIGTERM');
    killTimer = setTimeout(() => signalTree(pid, 'SIGKILL'), options.killAfterMs);
  };
  const cancel = (): void => end('cancelled');
  const timeout = setTimeout(() => end('timed-out'), Math.min(job.timeoutMs, LONGEST_TIMER_MS));
  const stopSampling = sampleMemory(pid, (memory) => {
    state.peakMemoryBytes = Math.max(state.peakMemoryBytes, memory.residentBytes, memory.largestPeakBytes);
    if (memory.residentBytes > (job.memoryLimitBytes ?? Number.POSITIVE_INFINITY)) end('out-of-memory');
  });
  job.signal.addEventListener('abort', cancel, { once: true });
  if (job.signal.aborted) cancel();
  const exitCode = await closed(child, pid, state);
  clearTimeout(timeout);
  clearTimeout(killTimer);
  stopSampling();
  job.signal.removeEventListener('abort', cancel);
  options.watchdog.remove(pid);
  return exitCode;
}

/** Resolves when the command has ended and all its output was read. What it leaves running is ended with it. */
function closed(child: ChildProcess, pid: number, state: RunState): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      // Asked to stop, its children still have the time that it had; otherwise nothing outlives a command.
      if (state.verdict === undefined) signalTree(pid, 'SIGKILL');
    });
    child.once('close', (code) => {
      signalTree(pid, 'SIGKILL');
      resolve(code ?? undefined);
    });
  });
}

function sampleMemory(pid: number, onSample: (memory: ReturnType<typeof readTreeMemory>) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const sample = (): void => {
    onSample(readTreeMemory(pid));
    timer = setTimeout(sample, SAMPLE_MS);
  };
  timer = setTimeout(sample, FIRST_SAMPLE_MS);
  return () => clearTimeout(timer);
}

function forwardLines(options: ChildRunOptions, child: ChildProcess): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = createLineSplitter((text) => tellLine(options, { stream, text }));
    child[stream]?.on('data', (chunk: Buffer) => lines.push(chunk));
    child[stream]?.on('end', () => lines.end());
  }
}

/** Whoever listens cannot break the run. */
function tellLine(options: ChildRunOptions, line: { readonly stream: 'stdout' | 'stderr'; readonly text: string }): void {
  try {
    options.job.onLine?.(line);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    options.log.write('warn', 'a line of a command could not be taken', { error: text });
  }
}
