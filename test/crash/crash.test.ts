import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ALL_FAILPOINTS } from '../../src/main/failpoints.ts';
import { type Campaign, runCampaign } from './crash-campaign.ts';
import { differences } from './story-differences.ts';

/** What a restart may take on two free cores; this suite shares them with its own servers. */
const RESTART_LIMIT_MS = 5000;

describe('a demo whose server is killed at every joint, and run again each time', () => {
  const lines: string[] = [];
  let campaign: Campaign;
  beforeAll(async () => {
    campaign = await runCampaign({ scale: 'tiny', hits: [1], tell: (line) => lines.push(line) });
  }, 480_000);

  test('was killed at each of them', () => {
    expect(campaign.notReached).toEqual([]);
    expect(campaign.killed.map((point) => point.replace(/:1$/, '')).sort()).toEqual([...ALL_FAILPOINTS].sort());
  });

  test('tells the story of one that nothing disturbed: nothing lost, no step twice, the audit chain whole', () => {
    expect(campaign.undisturbed.story.turns.length).toBeGreaterThan(1);
    expect(campaign.undisturbed.story.labels).toBeGreaterThan(1000);
    expect(differences(campaign)).toEqual([]);
  });

  test.runIf(existsSync('/proc/self/cmdline'))('leaves no process behind', () => {
    expect(campaign.orphans).toEqual([]);
  });

  test('answers again within five seconds', () => {
    const sorted = campaign.restartsMs.toSorted((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(20);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(RESTART_LIMIT_MS);
  });
});
