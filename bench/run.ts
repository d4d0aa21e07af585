/**
 * Runs every bench, one after the other, prints one table of figures and goals, and writes bench/RESULTS.md from the same numbers.
 *
 * Run: `npm run bench` (`-- --quick` for short runs that prove nothing but that all of it works; `-- --only inference,startup`).
 * Peers are installed under bench/.scratch by the benches that need them. Let nothing else run on the machine meanwhile.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, getPriority, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { type Figure, figuresOf } from './figures.ts';
import { measureFlights } from './flights.ts';
import { resultsPage } from './results-page.ts';

const { values: flags } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, out: { type: 'string' } },
});

const here = fileURLToPath(new URL('.', import.meta.url));

/** One bench: a program that prints one JSON object. */
interface Bench {
  readonly name: string;
  readonly args: readonly string[];
  readonly quick: readonly string[];
}

const BENCHES: readonly Bench[] = [
  { name: 'inference', args: ['--json'], quick: ['--json', '--seconds', '1', '--rounds', '2'] },
  { name: 'event-loop', args: ['--seconds', '60'], quick: ['--seconds', '6', '--rows', '20000'] },
  { name: 'training', args: ['--json', '--rounds', '3'], quick: ['--json', '--rounds', '1', '--trees', '30', '--rows', '20000'] },
  { name: 'startup', args: ['--runs', '11'], quick: ['--runs', '3', '--settle', '5'] },
];

function commandOf({ name, args, quick }: Bench): readonly string[] {
  return ['--conditions=source', `bench/${name}.ts`, ...(flags.quick ? quick : args)];
}

/** Runs a program of the bench and reads the JSON object that it prints. */
async function runBench(args: readonly string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, args, { cwd: join(here, '..'), stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(code)}: ${text.slice(-2000)}`);
  // Every bench prints one object, after whatever it has to say before.
  return JSON.parse(text.slice(text.indexOf('{'))) as Record<string, unknown>;
}

/** Flights' own model is measured behind the demo, with the same client as the bench's. */
async function flightsResult(): Promise<Record<string, unknown>> {
  const length = flags.quick ? ['--seconds', '1', '--rounds', '2'] : [];
  return await measureFlights(here, async (where) => ({
    ...(await runBench(['--conditions=source', 'bench/inference.ts', '--json', ...length, ...where])),
    bench: 'flights',
  }));
}

const [busyBefore = 0] = loadavg();
const wanted = flags.only?.split(',');
const isWanted = (name: string): boolean => wanted === undefined || wanted.includes(name);
const results: { readonly command: string; readonly result: Record<string, unknown> }[] = [];
const figures: Figure[] = [];

async function add(name: string, command: string, run: () => Promise<Record<string, unknown>>): Promise<void> {
  if (!isWanted(name)) return;
  console.error(`bench: ${name} ...`);
  const result = await run();
  results.push({ command, result });
  figures.push(...figuresOf(name, result));
}

for (const bench of BENCHES) {
  const args = commandOf(bench);
  await add(bench.name, `node ${args.join(' ')}`, async () => await runBench(args));
  if (bench.name === 'inference')
    await add('flights', 'gyre demo --scale small, then node bench/inference.ts --url …', flightsResult);
}

const machine = `${String(cpus().length)} x ${cpus()[0]?.model ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Node ${process.version}, ${process.platform}`;
const conditions = { loadBefore: Number(busyBefore.toFixed(1)), priority: getPriority() };
const run = { machine, ...conditions, startedOn: new Date().toISOString().slice(0, 10), isQuick: flags.quick, figures, results };
mkdirSync(join(here, '.scratch'), { recursive: true });
writeFileSync(join(here, '.scratch', 'results.json'), `${JSON.stringify(run, undefined, 2)}\n`);
// A partial or short run is no result.
const out = flags.out ?? (flags.quick || wanted !== undefined ? join(here, '.scratch', 'RESULTS.md') : join(here, 'RESULTS.md'));
writeFileSync(out, resultsPage(run));
console.table(
  figures.map(({ what, value, unit, goal, isReached }) => ({ what, value, unit, goal, reached: goal === '' ? '' : isReached })),
);
console.error(`bench: written to ${out}`);
