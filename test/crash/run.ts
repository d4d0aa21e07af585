/** `npm run test:crash`: the crash campaign on the small demo. Exit code 1 when a story differs. */
import { isDeepStrictEqual } from 'node:util';
import { runCampaign } from './crash-campaign.ts';

const at = process.argv.indexOf('--scale');
const scale = at < 0 ? 'small' : (process.argv[at + 1] ?? 'small');
const campaign = await runCampaign(scale, (line) => {
  process.stdout.write(`${line}\n`);
});
const { audit: _undisturbedAudit, ...expected } = campaign.undisturbed;
const differing = campaign.disturbed.filter(({ audit, ...story }) => !audit.verified || !isDeepStrictEqual(story, expected));
process.stdout.write(
  `${String(campaign.killed.length)} kills at ${String(new Set(campaign.killed.map((point) => point.split(':')[0])).size)} joints, ${String(differing.length)} stories differ\n`,
);
for (const story of differing) process.stdout.write(`${JSON.stringify(story)}\nexpected ${JSON.stringify(expected)}\n`);
process.exitCode = differing.length === 0 ? 0 : 1;
