import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FAILPOINTS } from '../../src/main/failpoints.ts';
import { startDemo } from './demo-process.ts';
import { findOrphans } from './processes.ts';
import { readStory, type Soundness, type Story } from './story.ts';

/** A demo that was killed at one joint after another, each time run again on the same data, until it came to its end. */
export interface Disturbed {
  readonly killed: readonly string[];
  readonly story: Story;
  readonly soundness: Soundness;
}

/** What a campaign found. */
export interface Campaign {
  /** The story of a demo that nothing disturbed. */
  readonly undisturbed: Disturbed;
  readonly disturbed: readonly Disturbed[];
  /** Joints at which the server was killed, with the hit that killed it. */
  readonly killed: readonly string[];
  /** Joints that a demo did not reach from its very beginning. */
  readonly notReached: readonly string[];
  /** From the spawn of the command to the word that its server answers, of every start on a store, milliseconds. */
  readonly restartsMs: readonly number[];
  /** Commands of processes that outlived their server. */
  readonly orphans: readonly string[];
}

/** What a campaign does. */
export interface CampaignPlan {
  readonly scale: string;
  /** Which hits of each joint kill: the first is often in the ingest, later ones in turns and replay. */
  readonly hits: readonly number[];
  readonly tell: (line: string) => void;
}

/** The parts of the story, by the joints it passes there: history, turns, replay, farewell. */
const PARTS = [
  /^(sql|blobs)\/|^data\/append/,
  /^(events|http|data\/cut|features|training|evaluation|pipelines|loops|feedback)\b|^machine\/(?!.*timer)|^serving\/(?!report|segments)/,
  /^machine\/.*timer|^serving\/(report|segments)|^monitoring\//,
  /./,
];

/** The joints in the order in which the demo passes them, so that one telling of it is killed at as many as may be. */
export function inStoryOrder(joints: readonly string[]): readonly string[] {
  const partOf = (joint: string): number => PARTS.findIndex((part) => part.test(joint));
  return joints.toSorted((a, b) => partOf(a) - partOf(b));
}

/**
 * Kills the demo's server once at every joint and hit, one after the other on the same data, and lets it go on each time;
 * when it comes to its end before all joints were hit, the rest begins on a fresh folder.
 */
export async function runCampaign(plan: CampaignPlan): Promise<Campaign> {
  const root = await mkdtemp(join(tmpdir(), 'gyre-crash-'));
  try {
    const [undisturbed, rounds] = await Promise.all([tellUndisturbed(join(root, 'undisturbed'), plan), playAll(root, plan)]);
    return {
      undisturbed,
      disturbed: rounds,
      killed: rounds.flatMap((round) => round.killed),
      notReached: rounds.flatMap((round) => round.missed),
      restartsMs: rounds.flatMap((round) => round.restartsMs),
      orphans: rounds.flatMap((round) => round.orphans),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function tellUndisturbed(folder: string, plan: CampaignPlan): Promise<Disturbed> {
  const { exitCode, output } = await startDemo(folder, plan.scale).ended;
  if (exitCode !== 0) throw new Error(`the undisturbed demo failed with exit code ${String(exitCode)}:\n${output}`);
  const told = await readStory(folder);
  plan.tell(`undisturbed: ${told.story.turns.join(', ')}`);
  return { killed: [], ...told };
}

interface Round extends Disturbed {
  readonly missed: readonly string[];
  readonly restartsMs: readonly number[];
  readonly orphans: readonly string[];
}

async function playAll(root: string, plan: CampaignPlan): Promise<readonly Round[]> {
  let waiting = plan.hits.flatMap((hit) => inStoryOrder(ALL_FAILPOINTS).map((name) => `${name}:${String(hit)}`));
  const rounds: Round[] = [];
  while (waiting.length > 0) {
    const round = await playRound(join(root, `round-${String(rounds.length + 1)}`), waiting, plan);
    waiting = waiting.filter((point) => !round.killed.includes(point) && !round.missed.includes(point));
    rounds.push(round);
  }
  return rounds;
}

/** One demo on one folder, killed as often as the waiting joints allow; what is not reached before the end is left for a fresh folder. */
async function playRound(folder: string, waiting: readonly string[], plan: CampaignPlan): Promise<Round> {
  const killed: string[] = [];
  const lives: Life[] = [];
  for (const point of waiting) {
    const life = await live(folder, plan, point);
    lives.push(life);
    if (!life.isKilled) break;
    killed.push(point);
  }
  // The last one killed is followed by one that comes to the end.
  if (lives.at(-1)?.isKilled === true) lives.push(await live(folder, plan, undefined));
  const told = await readStory(folder);
  return {
    killed,
    missed: killed.length === 0 ? waiting.slice(0, 1) : [],
    restartsMs: lives.slice(1).flatMap(({ readyMs }) => readyMs ?? []),
    orphans: lives.flatMap((life) => life.orphans),
    ...told,
  };
}

interface Life {
  readonly isKilled: boolean;
  readonly readyMs: number | undefined;
  readonly orphans: readonly string[];
}

async function live(folder: string, { scale, tell }: CampaignPlan, point: string | undefined): Promise<Life> {
  const demo = startDemo(folder, scale, point);
  const { exitCode, output } = await demo.ended;
  const isKilled = exitCode !== 0;
  tell(`${point ?? 'no joint'}: ${isKilled ? 'killed' : 'came to the end'}`);
  if (isKilled && (point === undefined || !wasKilled(output))) {
    throw new Error(`the demo failed by itself, with ${String(point)}:\n${output}`);
  }
  return { isKilled, readyMs: demo.readyMs(), orphans: (await findOrphans(folder)).map(({ command }) => command) };
}

/** The demo says so when its server ends, or ends before it answers. */
function wasKilled(output: string): boolean {
  return output.includes('main/server-ended') || output.includes('main/server-not-started');
}
