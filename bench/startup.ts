/**
 * Measures `gyre up`: time from spawn until `/health` answers 200, and the memory of the server and its children 30 s after that.
 * Prints one JSON object. Run: node --conditions=source bench/startup.ts [--runs N] [--settle SECONDS] [--entry FILE]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const READY_GOAL_MS = 1000;
const MEMORY_GOAL_BYTES = 150 * 1024 ** 2;
const POLL_MS = 5;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    settle: { type: 'string', default: '30' },
    entry: { type: 'string', default: fileURLToPath(new URL('../bin/gyre.mjs', import.meta.url)) },
  },
});

/** What one start gave. */
interface Start {
  readonly readyMs: number;
  /** Absent where only the time was measured. */
  readonly pssBytes?: number;
  readonly processes?: number;
}

async function start(folder: string, settleMs: number): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [values.entry, 'up', '--port', '0', '--data', folder, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await firstUrl(child);
    await untilHealthy(url);
    const readyMs = performance.now() - startedAt;
    if (settleMs === 0) return { readyMs };
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const pids = family(child.pid ?? 0);
    return { readyMs, pssBytes: pids.reduce((sum, pid) => sum + pssOf(pid), 0), processes: pids.length };
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

async function firstUrl(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const answer = JSON.parse(text.split('\n')[0] ?? '{}') as { readonly url?: string };
  if (answer.url === undefined) throw new TypeError(`gyre up said: ${text}`);
  return answer.url;
}

async function untilHealthy(url: string): Promise<void> {
  for (;;) {
    const isReady = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A process and all its descendants. */
function family(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** Proportional set size: shared pages count by their share. */
function pssOf(pid: number): number {
  const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

const folder = mkdtempSync(join(tmpdir(), 'gyre-startup-'));
try {
  const first = await start(folder, 0);
  const rest: Start[] = [];
  for (let run = 1; run < Number(values.runs); run += 1) rest.push(await start(folder, 0));
  const last = await start(folder, Number(values.settle) * 1000);
  const times = [...rest, last].map(({ readyMs }) => readyMs).sort((a, b) => a - b);
  const medianMs = times[Math.floor(times.length / 2)] ?? last.readyMs;
  const result = {
    bench: 'startup',
    node: process.version,
    machine: { cpus: cpus().length, memoryBytes: totalmem() },
    firstReadyMs: Math.round(first.readyMs),
    medianReadyMs: Math.round(medianMs),
    slowestReadyMs: Math.round(times.at(-1) ?? 0),
    pssBytes: last.pssBytes,
    processes: last.processes,
    goals: { readyMs: READY_GOAL_MS, pssBytes: MEMORY_GOAL_BYTES },
    isReached: medianMs <= READY_GOAL_MS && (last.pssBytes ?? 0) <= MEMORY_GOAL_BYTES,
  };
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
