import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FAILPOINTS } from '../../src/main/failpoints.ts';
import { type GyreRun, runDemoOn } from './demo-process.ts';
import { readStory, type Story } from './story.ts';

/** What a campaign found. */
export interface Campaign {
  /** The story of a demo that nothing disturbed. */
  readonly undisturbed: Story;
  /** Joints at which the server was killed, with the hit that killed it. */
  readonly killed: readonly string[];
  /** Joints that no run of the demo reached. */
  readonly notReached: readonly string[];
  /** Stories of the demos that were killed at one joint after another and run again on the same data until they ended. */
  readonly disturbed: readonly Story[];
}

/** Later hits fall into other parts of the story: the first is often in the ingest, later ones in turns and replay. */
const HITS = [1, 2, 5] as const;

/**
 * Kills the demo's server once at every joint and hit, one after the other on the same data, and lets it go on each time;
 * when it comes to its end before all joints were hit, the rest begins on a fresh folder.
 */
export async function runCampaign(scale: string, tell: (line: string) => void): Promise<Campaign> {
  const folders = await mkdtemp(join(tmpdir(), 'gyre-crash-'));
  try {
    const clean = join(folders, 'undisturbed');
    mustEnd(await runDemoOn(clean, scale));
    const undisturbed = await readStory(clean);
    tell(`undisturbed: ${undisturbed.turns.join(', ')}`);
    let waiting = HITS.flatMap((hit) => ALL_FAILPOINTS.map((name) => `${name}:${String(hit)}`));
    const killed: string[] = [];
    const disturbed: Story[] = [];
    const notReached = new Set<string>();
    for (let round = 1; waiting.length > 0; round += 1) {
      const result = await playRound(join(folders, `round-${String(round)}`), { scale, waiting, tell });
      killed.push(...result.killed);
      for (const missed of result.missed) notReached.add(missed);
      waiting = waiting.filter((point) => !result.killed.includes(point) && !result.missed.includes(point));
      disturbed.push(result.story);
    }
    return { undisturbed, killed, notReached: [...notReached], disturbed };
  } finally {
    await rm(folders, { recursive: true, force: true });
  }
}

interface Round {
  readonly killed: readonly string[];
  readonly missed: readonly string[];
  readonly story: Story;
}

/** One demo, killed as often as the waiting joints allow. A joint that a run from its very beginning does not reach is missed. */
async function playRound(
  folder: string,
  plan: { readonly scale: string; readonly waiting: readonly string[]; readonly tell: (line: string) => void },
): Promise<Round> {
  const killed: string[] = [];
  for (const [index, point] of plan.waiting.entries()) {
    const run = await runDemoOn(folder, plan.scale, point);
    if (run.exitCode === 0) {
      plan.tell(`${point}: not reached, the demo came to its end`);
      return { killed, missed: index === 0 ? [point] : [], story: await readStory(folder) };
    }
    if (!run.output.includes('server ended') && !run.output.includes('did not start')) mustEnd(run);
    plan.tell(`${point}: killed`);
    killed.push(point);
  }
  mustEnd(await runDemoOn(folder, plan.scale));
  return { killed, missed: [], story: await readStory(folder) };
}

function mustEnd(run: GyreRun): void {
  if (run.exitCode !== 0) throw new Error(`the demo failed with exit code ${String(run.exitCode)}:\n${run.output}`);
}
