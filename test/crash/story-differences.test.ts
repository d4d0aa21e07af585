import { expect, test } from 'vitest';
import type { Disturbed } from './crash-campaign.ts';
import { SOUND } from './story.ts';
import { differences } from './story-differences.ts';

const told: Disturbed = {
  killed: ['sql/after-commit:1'],
  story: {
    datasets: { departures: { rows: 10, quarantined: 1 } },
    cuts: ['departures 1 10 sha256:aa'],
    labels: 9,
    turns: ['1 manual promoted'],
    runs: ['1 prior done'],
    versions: ['1 sha256:bb'],
    windows: ['fortnightly 0 1 1'],
    steps: ['pipelines.run 1 train effect-done: 1'],
    acts: { 'data.append': 2 },
    events: { 'data.batch-appended': 2 },
  },
  soundness: SOUND,
};
const differencesOf = (killed: Partial<Disturbed>, orphans: readonly string[] = []) =>
  differences({ undisturbed: told, disturbed: [{ ...told, ...killed }], orphans });

test('the same story in a sound store is no difference', () => {
  expect(differencesOf({})).toEqual([]);
});

test('a lost label, a run left running, a doubled act, an unsound store and an orphan are each told', () => {
  expect(differencesOf({ story: { ...told.story, labels: 8 } })).toEqual([
    'killed at sql/after-commit:1\n  labels 8\n  expected 9',
  ]);
  expect(differencesOf({ story: { ...told.story, runs: ['1 prior running'] } })).toHaveLength(1);
  expect(differencesOf({ story: { ...told.story, acts: { 'data.append': 3 } } })).toHaveLength(1);
  expect(differencesOf({ soundness: { ...SOUND, audit: 'entry 3 is missing', badBlobs: ['sha256:cc'] } })).toHaveLength(2);
  expect(differencesOf({}, ['node train-process.ts'])).toEqual(['still running: node train-process.ts']);
});
