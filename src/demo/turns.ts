import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '#client';
import { GyreError } from '#kernel';
import type { DemoOutput } from './progress.ts';

const PROJECT = 'flights';
const POLL_MS = 50;
const PATIENCE_MS = 10 * 60_000;

/** Which turns were seen in which state, and what is new. */
export interface TurnNews {
  readonly seen: ReadonlyMap<number, string>;
  readonly lines: readonly string[];
}

/** Waits until nothing of the project moves by itself. */
export async function awaitQuiet(client: Client): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const { pending } = await client.projects.getClock({ project: PROJECT });
    if (pending === 0) return;
    await sleep(POLL_MS);
  }
  throw new GyreError({ kind: 'internal', code: 'demo/turn-stuck', message: 'work is pending for ten minutes without an end' });
}

/** Starts a turn by hand and follows it to its end. */
export async function runTurn(client: Client, request: { readonly loop: string; readonly reason: string }, output: DemoOutput) {
  const started = await client.loops.startTurn({ project: PROJECT, loop: request.loop, body: { reason: request.reason } });
  const told = new Set<string>();
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const turn = await client.loops.getTurn({ project: PROJECT, turn: String(started.turn) });
    for (const stage of turn.stages.filter((candidate) => candidate.state === 'done' && !told.has(candidate.stage))) {
      told.add(stage.stage);
      output.note(`          ${stage.stage.padEnd(12)} ${stage.text}`);
    }
    if (turn.outcome !== 'open') return turn;
    await sleep(POLL_MS);
  }
  throw new GyreError({
    kind: 'internal',
    code: 'demo/turn-stuck',
    message: `turn ${String(started.turn)} did not end within ten minutes`,
  });
}

/** Tells which turns began, moved or ended since the last look. */
export async function turnNews(client: Client, before: Pick<TurnNews, 'seen'>): Promise<TurnNews> {
  const { items } = await client.loops.listTurns({ project: PROJECT, limit: 20 });
  const seen = new Map<number, string>();
  const lines: string[] = [];
  for (const turn of [...items].reverse()) {
    const state = turn.outcome === 'open' ? `is at ${turn.stage}` : `${turn.outcome}: ${turn.reason}`;
    seen.set(turn.number, state);
    if (before.seen.size > 0 && before.seen.get(turn.number) === state) continue;
    lines.push(`turn ${String(turn.number)} (${turn.trigger}) ${state}`);
  }
  return { seen, lines };
}
