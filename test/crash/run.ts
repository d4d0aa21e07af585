/**
 * `npm run test:crash`: kills the small demo at every joint, three hits each. `--scale tiny`, `--hits 1,4`; `--soak SECONDS --seed N`
 * kills at random moments instead. Exit code 1 when anything differs.
 */
import { parseArgs } from 'node:util';
import { runCampaign } from './crash-campaign.ts';
import { soak } from './soak.ts';
import { differences } from './story-differences.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: 'small' },
    hits: { type: 'string', default: '1,2,5' },
    soak: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const { scale } = values;
const found =
  values.soak === undefined
    ? await runCampaign({ scale, hits: values.hits.split(',').map(Number), tell })
    : await soak({ scale, seconds: Number(values.soak), seed: Number(values.seed), tell });
const problems = differences(found);
const slowestMs = Math.max(0, ...found.restartsMs);
tell(
  `${String(found.killed.length)} kills in ${String(found.disturbed.length)} stories; the slowest restart took ${slowestMs.toFixed(0)} ms`,
);
for (const problem of problems) tell(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
