import { expect, test } from 'vitest';
import { comparePairedAuc, createRandom, type DatedPairs, estimateBinary, estimatePairedDifference, type Random } from '#stats';
import { decideGate } from './decide-gate.ts';
import { aGate, anEvidence } from './evaluation.fixtures.ts';

const N_DAYS = 12;
const ROWS_A_DAY = 60;
const N_TRIALS = 400;
const LEVEL = 0.95;

/** Two models of the same quality: each has good and bad days of its own, so that rows of one day err together. */
function equalModels(random: Random, advantage = 0): DatedPairs {
  const n = N_DAYS * ROWS_A_DAY;
  const rows = { labels: new Uint8Array(n), scoresA: new Float64Array(n), scoresB: new Float64Array(n), days: new Int32Array(n) };
  for (let day = 0; day < N_DAYS; day += 1) {
    const skill = { a: 1 + 0.8 * (random.uniform() - 0.5), b: 1 + advantage + 0.8 * (random.uniform() - 0.5) };
    for (let row = day * ROWS_A_DAY; row < (day + 1) * ROWS_A_DAY; row += 1) {
      const label = random.uniform() < 0.4 ? 1 : 0;
      const common = random.uniform();
      rows.labels[row] = label;
      rows.days[row] = day;
      rows.scoresA[row] = label * skill.a + 2 * common + random.uniform();
      rows.scoresB[row] = label * skill.b + 2 * common + random.uniform();
    }
  }
  return rows;
}

function decideOn(rows: DatedPairs) {
  const value = estimateBinary({ ...rows, scores: rows.scoresB, metric: 'rocAuc', nResamples: 200 });
  const champion = estimateBinary({ ...rows, scores: rows.scoresA, metric: 'rocAuc', nResamples: 200 });
  const difference = estimatePairedDifference({ ...rows, metric: 'rocAuc', level: LEVEL, nResamples: 500 });
  const evidence = anEvidence({
    challenger: { modelDigest: 'sha256:b', value },
    champion: { modelDigest: 'sha256:a', value: champion, ageMs: 0 },
    difference,
    nRows: rows.labels.length,
    nDays: N_DAYS,
  });
  // A target that the champion reaches: then only a better challenger may pass.
  return decideGate(evidence, aGate({ minimumRows: 1, objective: { ...aGate().objective, target: 0 } }));
}

function isBetterByRows(rows: DatedPairs): boolean {
  const { difference, variance } = comparePairedAuc(rows);
  return difference - 1.96 * Math.sqrt(variance) > 0;
}

test('a challenger that is only as good as the champion is promoted no more often than the level allows', () => {
  const random = createRandom(20_240_601);
  let promoted = 0;
  let promotedByRows = 0;
  for (let trial = 0; trial < N_TRIALS; trial += 1) {
    const rows = equalModels(random);
    if (decideOn(rows).action === 'promote') promoted += 1;
    if (isBetterByRows(rows)) promotedByRows += 1;
  }
  const alpha = 1 - LEVEL;
  const bound = alpha + 2.33 * Math.sqrt((alpha * LEVEL) / N_TRIALS);
  expect(promoted / N_TRIALS).toBeLessThanOrEqual(bound);
  // The bound bites: intervals that take rows for independent break it on the same trials.
  expect(promotedByRows / N_TRIALS).toBeGreaterThan(bound);
});

test('a challenger that is clearly better is nearly always promoted', () => {
  const random = createRandom(7);
  const decisions = Array.from({ length: 40 }, () => decideOn(equalModels(random, 1)).action);
  expect(decisions.filter((action) => action === 'promote').length).toBeGreaterThan(36);
});

test('the champion against itself is never better', () => {
  const random = createRandom(3);
  for (let trial = 0; trial < 10; trial += 1) {
    const rows = equalModels(random);
    const decision = decideOn({ ...rows, scoresB: rows.scoresA });
    expect(decision.reasons.find((reason) => reason.rule === 'superior')?.verdict).toBe('fail');
    expect(decision.action).toBe('hold');
  }
});
