import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '#client';
import { didYouMean, GyreError } from '#kernel';
import { type DemoOutput, startStopwatch } from './progress.ts';
import { replay } from './replay.ts';
import { DEMO_SCALES, type DemoScale } from './scale.ts';
import { summarize } from './summary.ts';
import { runTurn } from './turns.ts';
import { openWorld, type World } from './world-duckdb.ts';

/** How a demo is run. */
export interface DemoOptions {
  /** Base URL of a running server. */
  readonly url: string;
  /** Name in {@link DEMO_SCALES}. */
  readonly scale: string;
  readonly output: DemoOutput;
}

const PROJECT = 'flights';

/**
 * Runs the demo against a server, through its HTTP API alone: define, ingest, one turn to the first model, then weeks of
 * requests and late outcomes, and whatever turns follow from them. Run again on the same store it goes on where it was.
 *
 * @param options - Server, scale and output.
 * @throws {@link GyreError} `demo/no-data`, `demo/turn-stuck`, `demo/prediction-failed`, `demo/unknown-scale`, and what the server reports.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { output } = options;
  const scale = scaleOf(options.scale);
  const client = createClient({ url: options.url });
  const watch = startStopwatch(output);
  const world = await watch.stage(
    'world',
    () => openWorld(scale),
    (opened) => `${String(opened.flights)} flights of 2001, local times put into UTC`,
  );
  try {
    await watch.stage(
      'define',
      () => define(client),
      (change) => `project file applied: ${change}`,
    );
    await watch.stage(
      'history',
      () => sendHistory(client, world),
      (text) => text,
    );
    await watch.stage(
      'first turn',
      () => firstTurn(client, output),
      (text) => text,
    );
    const replayed = await watch.stage(
      'replay',
      () => replay({ client, world, scale, output }),
      (done) => `${String(done.departures)} departures, ${String(done.outcomes)} outcomes, ${String(done.sent)} requests`,
    );
    await summarize(client, { elapsedMs: watch.elapsedMs, replayed, flights: world.flights }, output);
  } finally {
    world.close();
  }
}

function scaleOf(name: string): DemoScale {
  const scale = DEMO_SCALES[name];
  if (scale !== undefined) return scale;
  const known = Object.keys(DEMO_SCALES);
  throw new GyreError({
    kind: 'invalid',
    code: 'demo/unknown-scale',
    message: `there is no scale "${name.slice(0, 40)}"; there are ${known.join(', ')}${didYouMean(name, known)}`,
  });
}

async function define(client: Client): Promise<string> {
  const text = await readFile(new URL('./flights.yaml', import.meta.url), 'utf8');
  return (await client.projects.apply({ project: PROJECT, body: { text, fileName: 'flights.yaml' } })).change;
}

async function sendHistory(client: Client, world: World): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gyre-demo-'));
  const files = { departures: join(folder, 'departures.parquet'), arrivals: join(folder, 'arrivals.parquet') };
  try {
    await world.writeHistory(files);
    const sentences: string[] = [];
    for (const [dataset, file] of Object.entries(files)) {
      const bytes = await readFile(file);
      const receipt = await client.data.appendFile({ project: PROJECT, dataset, format: 'parquet', batch: 'history', bytes });
      const aside = receipt.quarantined === 0 ? '' : `, ${String(receipt.quarantined)} put into quarantine`;
      sentences.push(`${dataset}: ${String(receipt.rows)} rows${receipt.replayed ? ' (there already)' : ''}${aside}`);
    }
    return sentences.join('; ');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A store that has a turn already goes on with it. */
async function firstTurn(client: Client, output: DemoOutput): Promise<string> {
  const { items } = await client.loops.listTurns({ project: PROJECT, limit: 1 });
  const newest = items[0];
  if (newest !== undefined && newest.outcome !== 'open')
    return `made before: the newest is turn ${String(newest.number)}, ${newest.outcome}`;
  const turn = await runTurn(client, { loop: 'keep-punctual', reason: 'no model is served yet' }, output);
  return `turn ${String(turn.number)} ${turn.outcome}: ${turn.sentence}`;
}
