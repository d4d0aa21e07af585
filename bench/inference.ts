/**
 * Inference over HTTP: a boosted model of 100 trees of depth 6 over 30 floats, JSON, one row a request, 32 connections, prediction
 * log on (segments with fsync, their rows in SQLite), against a bare `node:http` server that reads and discards the body. Each
 * round runs both, in turns, so that both see the same machine; the figure is the median of the ratios of the rounds.
 *
 * Run: `node --conditions=source bench/inference.ts [--seconds 4] [--rounds 5] [--json]`. The client is `wrk` where there is one,
 * else this program in a process of its own. With `--url URL --request FILE` the endpoint of a running server is measured with the
 * request in the file, in place of the boosted model: so the demo's own ratio is had.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type LoadFigure, runOwnClient } from './load-client.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    json: { type: 'boolean', default: false },
    url: { type: 'string' },
    request: { type: 'string' },
  },
});

const SERVER = fileURLToPath(new URL('inference-server.ts', import.meta.url));
const seconds = Number(flags.seconds);
const rounds = Number(flags.rounds);
const connections = Number(flags.connections);
const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

const MS_OF_UNIT: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

interface Peer {
  readonly name: 'bare' | 'gyre';
  readonly url: string;
  /** Undefined for a server that somebody else runs. */
  readonly process: ChildProcess | undefined;
}

async function startPeer(name: Peer['name'], folder: string): Promise<Peer> {
  // The flags that `gyre up` runs with; the floor runs with the defaults of Node.
  const flags = name === 'gyre' ? ['--conditions=source', '--max-semi-space-size=4'] : ['--conditions=source'];
  const child = spawn(process.execPath, [...flags, SERVER, name, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the ${name} server ended with ${String(code)}`)));
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
  return { name, url, process: child };
}

async function stopPeer(peer: Peer): Promise<void> {
  const child = peer.process;
  if (child === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** One request as every client sends it: 30 floats of six digits. */
const usualBody = JSON.stringify({
  inputs: [
    {
      name: 'input',
      shape: [1, 30],
      datatype: 'FP32',
      data: Array.from({ length: 30 }, (_, i) => Number(Math.sin(i + 1).toFixed(6))),
    },
  ],
});

const body = flags.request === undefined ? usualBody : readFileSync(flags.request, 'utf8');

async function measure(peer: Peer, folder: string): Promise<LoadFigure> {
  if (!hasWrk) return runOwnClient({ url: peer.url, body, connections, seconds });
  const script = join(folder, 'post.lua');
  writeFileSync(script, `wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nwrk.body = [[${body}]]\n`);
  const run = spawn('wrk', ['-t1', `-c${String(connections)}`, `-d${String(seconds)}s`, '--latency', '-s', script, peer.url]);
  let text = '';
  run.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise((resolve) => run.once('exit', resolve));
  return readWrk(text);
}

function readWrk(text: string): LoadFigure {
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  return { perSecond, p50Ms: latencyOf(text, '50%'), p99Ms: latencyOf(text, '99%'), failed };
}

function latencyOf(text: string, quantile: string): number {
  const [, value, unit] = new RegExp(`${quantile}\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? [];
  return Number(value) * (MS_OF_UNIT[unit ?? ''] ?? Number.NaN);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

const folder = mkdtempSync(join(tmpdir(), 'gyre-bench-'));
try {
  const bare = await startPeer('bare', folder);
  const { url } = flags;
  const gyre: Peer = url === undefined ? await startPeer('gyre', folder) : { name: 'gyre', url, process: undefined };
  const figures: { readonly bare: LoadFigure; readonly gyre: LoadFigure }[] = [];
  await measure(gyre, folder);
  await measure(bare, folder);
  for (let round = 0; round < rounds; round += 1) {
    // The order changes each round: neither always runs on the warmer machine.
    const first = round % 2 === 0 ? await measure(bare, folder) : undefined;
    const own = await measure(gyre, folder);
    figures.push({ bare: first ?? (await measure(bare, folder)), gyre: own });
  }
  await stopPeer(gyre);
  await stopPeer(bare);
  const summary = {
    bench: 'inference',
    model: url === undefined ? 'gbt 100 x 6 over 30 floats' : url,
    ratio: median(figures.map((figure) => figure.gyre.perSecond / figure.bare.perSecond)),
    goal: 0.6,
    gyrePerSecond: median(figures.map((figure) => figure.gyre.perSecond)),
    barePerSecond: median(figures.map((figure) => figure.bare.perSecond)),
    gyreP50Ms: median(figures.map((figure) => figure.gyre.p50Ms)),
    gyreP99Ms: median(figures.map((figure) => figure.gyre.p99Ms)),
    bareP99Ms: median(figures.map((figure) => figure.bare.p99Ms)),
    failed: figures.reduce((sum, figure) => sum + figure.gyre.failed + figure.bare.failed, 0),
    client: hasWrk ? 'wrk' : 'own',
    connections,
    seconds,
    rounds,
    machine: `${String(cpus().length)} x ${cpus()[0]?.model ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.version}`,
  };
  if (flags.json) console.log(JSON.stringify(summary));
  else {
    console.table(
      figures.map((figure, round) => ({
        round,
        gyre: Math.round(figure.gyre.perSecond),
        bare: Math.round(figure.bare.perSecond),
        ratio: (figure.gyre.perSecond / figure.bare.perSecond).toFixed(3),
        p50: figure.gyre.p50Ms,
        p99: figure.gyre.p99Ms,
      })),
    );
    console.log(JSON.stringify(summary, undefined, 2));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
