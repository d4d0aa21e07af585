import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One departure, as the Open Inference Protocol carries it. */
const REQUEST = {
  inputs: [
    { name: 'origin', datatype: 'BYTES', shape: [1], data: ['ORD'] },
    { name: 'destination', datatype: 'BYTES', shape: [1], data: ['DEN'] },
    { name: 'distance', datatype: 'FP64', shape: [1], data: [888] },
    { name: 'local_hour', datatype: 'FP64', shape: [1], data: [17] },
    { name: 'weekday', datatype: 'FP64', shape: [1], data: [5] },
    { name: 'departed_at', datatype: 'INT64', shape: [1], data: [Date.parse('2001-04-20T22:00:00Z')] },
  ],
};

/**
 * Tells the small demo to its end, keeps its server, and measures its endpoint.
 *
 * @param here - Folder of the benches.
 * @param measure - Gets the flags that name the endpoint and the file with the request.
 */
export async function measureFlights<T>(here: string, measure: (where: readonly string[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gyre-flights-'));
  const args = [join(here, '..', 'bin', 'gyre.mjs'), 'demo', '--scale', 'small', '--port', '0', '--data', join(folder, 'store')];
  const demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const url = await untilTold(demo);
    const request = join(folder, 'request.json');
    writeFileSync(request, JSON.stringify(REQUEST));
    return await measure(['--url', `${url}/v2/models/flights/infer`, '--request', request]);
  } finally {
    const ended = new Promise((resolve) => demo.once('exit', resolve));
    if (demo.exitCode === null) {
      demo.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves with the address when the story has been told. */
async function untilTold(demo: ChildProcess): Promise<string> {
  let text = '';
  return await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (text.includes('It keeps serving') && url !== undefined) resolve(url);
    };
    demo.stdout?.on('data', read);
    demo.stderr?.on('data', read);
    demo.once('exit', (code) => reject(new Error(`the demo ended with ${String(code)}: ${text.slice(-2000)}`)));
  });
}
