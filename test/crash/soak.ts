import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '#stats';
import type { Campaign, Disturbed } from './crash-campaign.ts';
import { type GyreProcess, startDemo } from './demo-process.ts';
import { familyOf, findOrphans, type ProcessFacts } from './processes.ts';
import { readStory } from './story.ts';

/** What a soak does. */
export interface SoakPlan {
  readonly scale: string;
  /** No further story is begun after so long. */
  readonly seconds: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** Who is killed: the server, the command that drives it, or a process that trains or judges. */
type Victim = 'server' | 'command' | 'child';

const VICTIMS: readonly Victim[] = ['server', 'command', 'child'];
/** Long enough for a start, short enough to fall anywhere in a story. */
const SHORTEST_LIFE_MS = 500;
const LONGEST_LIFE_MS = 8000;

/** Kills at random moments until the time is over, then lets the last story come to its end; each story is told on one folder. */
export async function soak(plan: SoakPlan): Promise<Campaign> {
  const root = await mkdtemp(join(tmpdir(), 'gyre-soak-'));
  const random = createRandom(plan.seed);
  const endMs = performance.now() + plan.seconds * 1000;
  try {
    const clean = join(root, 'undisturbed');
    await untilEnd(startDemo(clean, plan.scale));
    const undisturbed: Disturbed = { killed: [], ...(await readStory(clean)) };
    const stories: Told[] = [];
    while (performance.now() < endMs) {
      const folder = join(root, `story-${String(stories.length + 1)}`);
      stories.push(await tellStory(folder, plan, { random, endMs }));
    }
    return {
      undisturbed,
      disturbed: stories,
      killed: stories.flatMap((story) => story.killed),
      notReached: [],
      restartsMs: stories.flatMap((story) => story.restartsMs),
      orphans: stories.flatMap((story) => story.orphans),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface Told extends Disturbed {
  readonly restartsMs: readonly number[];
  readonly orphans: readonly string[];
}

interface Chance {
  readonly random: ReturnType<typeof createRandom>;
  /** No kill after this moment. */
  readonly endMs: number;
}

async function tellStory(folder: string, { scale, tell }: SoakPlan, chance: Chance): Promise<Told> {
  const killed: string[] = [];
  const restartsMs: number[] = [];
  const orphans: string[] = [];
  for (;;) {
    const demo = startDemo(folder, scale);
    const life = await liveDangerously(demo, chance);
    killed.push(...life.killed);
    const readyMs = demo.readyMs();
    if (readyMs !== undefined && killed.length > 0) restartsMs.push(readyMs);
    orphans.push(...(await findOrphans(folder, life.family)).map(({ command }) => command));
    for (const one of life.killed) tell(one);
    if (life.exitCode === 0) break;
    if (!life.killed.some((one) => !one.startsWith('child'))) throw new Error(`the demo failed by itself:\n${life.output}`);
  }
  tell(`a story came to its end after ${String(killed.length)} kills`);
  return { killed, restartsMs, orphans, ...(await readStory(folder)) };
}

interface Life {
  readonly killed: readonly string[];
  readonly exitCode: number;
  readonly output: string;
  /** Everybody who was there at a kill. */
  readonly family: readonly number[];
}

/** Kills somebody after a while; when only a child died the demo goes on, and is in danger again. */
async function liveDangerously(demo: GyreProcess, { random, endMs }: Chance): Promise<Life> {
  const killed: string[] = [];
  const family = new Set<number>();
  for (;;) {
    const lifeMs = SHORTEST_LIFE_MS + random.uniform() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
    const run = await Promise.race([demo.ended, sleep(lifeMs, undefined)]);
    if (run !== undefined) return { killed, ...run, family: [...family] };
    if (performance.now() > endMs) return { killed, ...(await demo.ended), family: [...family] };
    const members = familyOf(demo.pid);
    for (const { pid } of members) family.add(pid);
    const victim = VICTIMS[random.below(VICTIMS.length)] ?? 'server';
    const found = members.find((one) => isVictim(one, demo, victim));
    if (found === undefined) continue;
    process.kill(found.pid, 'SIGKILL');
    killed.push(`${victim} after ${lifeMs.toFixed(0)} ms`);
  }
}

function isVictim(one: ProcessFacts, demo: GyreProcess, victim: Victim): boolean {
  switch (victim) {
    case 'command':
      return one.pid === demo.pid;
    case 'server':
      return one.parentPid === demo.pid;
    case 'child':
      return /(train|evaluation)-process/.test(one.command);
  }
}

async function untilEnd(demo: GyreProcess): Promise<void> {
  const { exitCode, output } = await demo.ended;
  if (exitCode !== 0) throw new Error(`the undisturbed demo failed with exit code ${String(exitCode)}:\n${output}`);
}
