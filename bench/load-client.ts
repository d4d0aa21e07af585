/** A keep-alive HTTP client for benches on machines without `wrk`; run as a program it is one process of that client. */
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';

/** What one run of a client saw. */
export interface LoadFigure {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers with another status than 200. */
  readonly failed: number;
}

/** What a client sends. */
export interface Load {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

/** Sends a load from a process of its own, so that the client's work does not slow what is measured in this one. */
export async function runOwnClient(load: Load): Promise<LoadFigure> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(load)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise((resolve) => child.once('exit', resolve));
  // The child is this file: it prints a LoadFigure.
  return JSON.parse(text) as LoadFigure;
}

async function sendLoad({ url, body, connections, seconds }: Load): Promise<LoadFigure> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let failed = 0;
  const endAtMs = performance.now() + seconds * 1000;
  const sendOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const startedAtMs = performance.now();
      const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (response) => {
        response.resume();
        response.on('end', () => {
          latencies.push(performance.now() - startedAtMs);
          if (response.statusCode !== 200) failed += 1;
          resolve();
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const connection = async (): Promise<void> => {
    while (performance.now() < endAtMs) await sendOne();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  const sorted = latencies.sort((a, b) => a - b);
  const at = (quantile: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? Number.NaN;
  return { perSecond: sorted.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), failed };
}

const [, program, argument] = process.argv;
if (program === fileURLToPath(import.meta.url) && argument !== undefined) {
  // Given by runOwnClient above.
  console.log(JSON.stringify(await sendLoad(JSON.parse(argument) as Load)));
}
