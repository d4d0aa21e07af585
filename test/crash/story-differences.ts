import { isDeepStrictEqual } from 'node:util';
import type { Campaign } from './crash-campaign.ts';
import { SOUND } from './story.ts';

/** Says in what way killed demos differ from the undisturbed one, or are not sound; empty when all is well. */
export function differences(campaign: Pick<Campaign, 'undisturbed' | 'disturbed' | 'orphans'>): readonly string[] {
  const { undisturbed, disturbed, orphans } = campaign;
  return [
    ...compare('the undisturbed store', undisturbed.soundness, SOUND),
    ...disturbed.flatMap(({ killed, story, soundness }) => {
      const name = `killed at ${killed.join(', ')}`;
      return [...compare(name, story, undisturbed.story), ...compare(name, soundness, SOUND)];
    }),
    ...orphans.map((command) => `still running: ${command}`),
  ];
}

function compare(name: string, found: object, expected: object): readonly string[] {
  const wanted = new Map<string, unknown>(Object.entries(expected));
  return Object.entries(found)
    .filter(([member, value]) => !isDeepStrictEqual(value, wanted.get(member)))
    .map(([member, value]) => `${name}\n  ${member} ${JSON.stringify(value)}\n  expected ${JSON.stringify(wanted.get(member))}`);
}
