/**
 * How late the event loop of a server is while it trains, scans tables and takes rows in, beside a bare `node:http` server that answers the
 * same requests on the same machine at the same time. Both are asked steadily; only one of them has the work.
 *
 * Run: `node --conditions=source bench/event-loop.ts [--seconds 30] [--rows 200000]`. The goal is a p99.9 at most 20 ms above the bare server's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '#stats';
import type { LoopFigure } from './loop-probe.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    rows: { type: 'string', default: '200000' },
  },
});

const PROBE = fileURLToPath(new URL('loop-probe.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../src/main/cli.ts', import.meta.url));
const BARE = fileURLToPath(new URL('inference-server.ts', import.meta.url));
const GOAL_MS = 20;
const ASK_EVERY_MS = 10;

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

async function startServer(argv: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, ['--conditions=source', '--import', PROBE, ...argv], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      const found = /http:\/\/[\d.]+:\d+/.exec(chunk.toString())?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  return { process: child, url };
}

async function stopServer(server: Server): Promise<void> {
  const ended = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGTERM');
  await ended;
}

function tell(server: Server, verb: 'reset' | 'read'): void {
  server.process.send({ verb });
}

async function readLoop(server: Server): Promise<LoopFigure> {
  const answer = new Promise<LoopFigure>((resolve) => server.process.once('message', (figure) => resolve(figure as LoopFigure)));
  tell(server, 'read');
  return answer;
}

const PROJECT_FILE = `
gyre: 1
project: bench
clock: replay
startsAt: 2001-03-01T00:00:00Z
objectives:
  late: { metric: roc_auc, target: 0.9 }
datasets:
  moments:
    id: id
    eventTime: at
    columns: { id: text, at: time, place: category, a: number, b: number }
  outcomes:
    id: id
    eventTime: at
    knownTime: known
    columns: { id: text, at: time, known: time, place: category, value: number }
  history:
    id: id
    eventTime: at
    knownTime: known
    columns: { id: text, at: time, known: time, place: category, value: number }
features:
  view:
    moments: moments
    label: { dataset: outcomes, value: 'value >= 15' }
    request: [place, a, b, at]
    columns:
      a: a
      b: b
      place: place
      share: { window: outcomes, key: place, mean: 'value >= 15', over: 24h }
training:
  late: { features: view, objective: late, window: 40d, split: { validation: 5d, test: 10d }, candidates: [ { kind: gbt, trees: 300, depth: 6, learningRate: 0.1 } ], seed: 1 }
pipelines:
  train:
    steps: [ { name: ingest, uses: ingest }, { name: features, uses: features }, { name: train, uses: train } ]
`;

const START_MS = Date.UTC(2001, 0, 15);
const SPAN_MS = 45 * 86_400_000;

/** Two CSV files of rows whose value depends on a and b; ids are new for each part. */
function rowsOf(part: number, nRows: number): { readonly moments: string; readonly outcomes: string } {
  const random = createRandom(part + 1);
  const moments = ['id,at,place,a,b'];
  const outcomes = ['id,at,known,place,value'];
  for (let row = 0; row < nRows; row += 1) {
    const atMs = START_MS + Math.floor(random.uniform() * SPAN_MS);
    const at = new Date(atMs).toISOString();
    const known = new Date(atMs + 7_200_000).toISOString();
    const [a, b, place] = [random.uniform(), random.uniform(), `P${String(random.below(50))}`];
    const id = `${String(part)}-${String(row)}`;
    moments.push(`${id},${at},${place},${a.toFixed(4)},${b.toFixed(4)}`);
    outcomes.push(`${id},${at},${known},${place},${String(Math.round(30 * a * b + 10 * random.uniform()))}`);
  }
  return { moments: moments.join('\n'), outcomes: outcomes.join('\n') };
}

async function call(url: string, method: string, body?: unknown): Promise<Record<string, unknown>> {
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, { method, ...init });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${method} ${url}: ${String(response.status)} ${JSON.stringify(answer)}`);
  return answer;
}

async function upload(project: string, dataset: string, csv: string): Promise<void> {
  const response = await fetch(`${project}/datasets/${dataset}/files?format=csv`, {
    method: 'POST',
    body: csv,
    headers: { 'content-type': 'application/octet-stream' },
  });
  if (!response.ok) throw new Error(`${dataset}: ${await response.text()}`);
}

/** Counts what was really done under measurement, so that no figure comes from an idle server. */
const work = { ingestedRows: 0, scans: 0, trainings: 0 };

/** Runs the training pipeline to its end, or to the end of the measurement. */
async function trainOnce(project: string, untilMs: number): Promise<void> {
  const run = await call(`${project}/pipeline-runs`, 'POST', { pipeline: 'train' });
  while (performance.now() < untilMs) {
    await delay(100);
    const answer = await call(`${project}/pipeline-runs/${String(run['id'])}`, 'GET');
    const { state } = answer;
    if (state === 'done') return;
    if (state !== 'queued' && state !== 'running')
      throw new Error(`a training run ended ${String(state)}: ${JSON.stringify(answer)}`);
  }
}

/** Ingests and scans, over and over, while pipeline runs train. */
async function keepBusy(project: string, untilMs: number): Promise<void> {
  const nRows = Number(flags.rows) / 10;
  const ingest = async (): Promise<void> => {
    for (let part = 1; performance.now() < untilMs; part += 1) {
      await upload(project, 'history', rowsOf(part, nRows).outcomes);
      work.ingestedRows += nRows;
    }
  };
  const scan = async (): Promise<void> => {
    for (let minute = 1; performance.now() < untilMs; minute += 1) {
      const cutAt = new Date(Date.UTC(2001, 1, 20, 0, minute)).toISOString();
      await call(`${project}/datasets/history/versions`, 'POST', { cutAt });
      work.scans += 1;
    }
  };
  const train = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      await trainOnce(project, untilMs);
      work.trainings += 1;
    }
  };
  await Promise.all([ingest(), scan(), train()]);
}

/** Asks a server every few milliseconds, as a light stream of requests. */
async function ask(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await fetch(url, { signal }).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
    await delay(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'gyre-loop-'));
const gyre = await startServer(['--max-semi-space-size=4', CLI, 'up', '--port', '0', '--data', folder]);
const bare = await startServer([BARE, 'bare']);
const asking = new AbortController();
try {
  const project = `${gyre.url}/api/v1/projects/bench`;
  await call(project, 'PUT', { text: PROJECT_FILE });
  const first = rowsOf(0, Number(flags.rows));
  await upload(project, 'moments', first.moments);
  await upload(project, 'outcomes', first.outcomes);
  await upload(project, 'history', first.outcomes);
  const streams = [ask(`${gyre.url}/v2/health/live`, asking.signal), ask(bare.url, asking.signal)];
  tell(gyre, 'reset');
  tell(bare, 'reset');
  await keepBusy(project, performance.now() + Number(flags.seconds) * 1000);
  const [busy, floor] = [await readLoop(gyre), await readLoop(bare)];
  asking.abort();
  await Promise.all(streams);
  const summary = {
    bench: 'event-loop',
    aboveBareMs: busy.p999Ms - floor.p999Ms,
    goalMs: GOAL_MS,
    isReached: busy.p999Ms - floor.p999Ms <= GOAL_MS,
    gyre: busy,
    bare: floor,
    work,
    seconds: Number(flags.seconds),
    machine: `${String(cpus().length)} x ${cpus()[0]?.model ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.version}`,
  };
  console.log(JSON.stringify(summary, undefined, 2));
} finally {
  asking.abort();
  await stopServer(gyre);
  await stopServer(bare);
  rmSync(folder, { recursive: true, force: true });
}
