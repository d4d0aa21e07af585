import type { Client } from '#client';
import { formatTime } from '#kernel';
import { type Asked, askAll, assertAnswered } from './ask.ts';
import type { DemoOutput } from './progress.ts';
import type { DemoScale } from './scale.ts';
import { awaitQuiet, type TurnNews, turnNews } from './turns.ts';
import type { World, WorldColumns } from './world-duckdb.ts';

/** What the replay did. */
export interface Replayed {
  readonly departures: number;
  readonly outcomes: number;
  readonly sent: number;
  readonly latenciesMs: readonly number[];
}

/** What a replay works with. */
export interface ReplayDeps {
  readonly client: Client;
  readonly world: World;
  readonly scale: DemoScale;
  readonly output: DemoOutput;
}

const PROJECT = 'flights';

/**
 * Plays the weeks after the start in the order of business time: departures and outcomes that became known in a step come in,
 * some departures are asked about, and then the clock moves to the end of the step, so that what falls due there finds the same
 * facts in every run; then the replay waits until Gyre has nothing more to do. Repeating it on the same store counts nothing
 * twice: batches have names, and the clock tells where it stood.
 */
export async function replay(deps: ReplayDeps): Promise<Replayed> {
  const { client, scale } = deps;
  const totals = { departures: 0, outcomes: 0, sent: 0, latenciesMs: [] as number[] };
  const clock = await client.projects.getClock({ project: PROJECT });
  let news: TurnNews = await turnNews(client, { seen: new Map() });
  let week = -1;
  // What a run before set going comes to its end first.
  await awaitQuiet(client);
  for (let fromMs = Math.max(scale.startMs, Date.parse(clock.now)); fromMs < scale.endMs; fromMs += scale.stepMs) {
    const step = await playStep(deps, fromMs);
    totals.departures += step.departures;
    totals.outcomes += step.outcomes;
    totals.sent += step.asked.sent;
    for (const latencyMs of step.asked.latenciesMs) totals.latenciesMs.push(latencyMs);
    news = await tellTurns(deps, news);
    const now = Math.floor((fromMs - scale.startMs) / (7 * 86_400_000));
    if (now === week) continue;
    week = now;
    deps.output.note(`          week of ${formatTime(fromMs).slice(0, 10)}: ${String(totals.sent)} requests so far`);
  }
  return totals;
}

async function playStep(deps: ReplayDeps, fromMs: number): Promise<{ departures: number; outcomes: number; asked: Asked }> {
  const { client, world, scale } = deps;
  const toMs = fromMs + scale.stepMs;
  const [departures, arrivals] = [await world.departures(fromMs, toMs), await world.arrivals(fromMs, toMs)];
  const batch = `step-${formatTime(fromMs)}`;
  await Promise.all([
    sendRows(departures, (columns) =>
      client.data.appendRows({ project: PROJECT, dataset: 'departures', batch, body: { columns } }),
    ),
    sendRows(arrivals, (columns) =>
      client.feedback.appendOutcomes({ project: PROJECT, feed: 'flights', batch, body: { columns } }),
    ),
  ]);
  const asked = await askAll(client.url, departures);
  assertAnswered(asked);
  await client.projects.advanceClock({ project: PROJECT, body: { to: formatTime(toMs) } });
  await awaitQuiet(client);
  return { departures: lengthOf(departures), outcomes: lengthOf(arrivals), asked };
}

async function sendRows(rows: WorldColumns, send: (columns: Record<string, unknown[]>) => Promise<unknown>): Promise<void> {
  if (lengthOf(rows) === 0) return;
  const columns = Object.entries(rows).filter(([name]) => name !== 'asked');
  await send(Object.fromEntries(columns.map(([name, values]) => [name, [...values]])));
}

function lengthOf(rows: WorldColumns): number {
  return rows['flight_id']?.length ?? 0;
}

async function tellTurns(deps: ReplayDeps, before: TurnNews): Promise<TurnNews> {
  const after = await turnNews(deps.client, before);
  for (const line of after.lines) deps.output.note(`          ${line}`);
  return after;
}
