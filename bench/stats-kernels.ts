import { createRandom, estimateBinary, estimatePairedDifference, numericDrift, rocAuc, summarizeNumeric } from '#stats';

/** Times the hot loops of `#stats` on rows like the flights': 60 days, one in five positive. Prints milliseconds, best of three. */
const N_DAYS = 60;

function rowsOf(n: number) {
  const random = createRandom(1);
  const labels = Uint8Array.from({ length: n }, () => Number(random.below(5) === 0));
  const scores = Float64Array.from(labels, (label) => random.uniform() * (0.7 + 0.3 * label));
  const others = Float64Array.from(scores, (score) => (score + random.uniform()) / 2);
  const days = Int32Array.from(labels, (_, row) => Math.floor((row * N_DAYS) / n));
  return { labels, scores, others, days };
}

function bestOfThreeMs(work: () => unknown): number {
  const times = [0, 1, 2].map(() => {
    const startedAtMs = performance.now();
    work();
    return performance.now() - startedAtMs;
  });
  return Math.min(...times);
}

for (const n of [10_000, 100_000, 1_000_000]) {
  const { labels, scores, others, days } = rowsOf(n);
  const summary = summarizeNumeric(others);
  const works: Readonly<Record<string, () => unknown>> = {
    'rocAuc (radix order)': () => rocAuc({ labels, scores }),
    'estimateBinary rocAuc': () => estimateBinary({ labels, scores, days, metric: 'rocAuc' }),
    'estimateBinary averagePrecision': () => estimateBinary({ labels, scores, days, metric: 'averagePrecision' }),
    'estimateBinary logLoss': () => estimateBinary({ labels, scores, days, metric: 'logLoss' }),
    'estimatePairedDifference rocAuc': () =>
      estimatePairedDifference({ labels, scoresA: scores, scoresB: others, days, metric: 'rocAuc' }),
    summarizeNumeric: () => summarizeNumeric(scores),
    numericDrift: () => numericDrift(summary, scores),
  };
  console.log(`${n} rows, ${N_DAYS} days, 2000 resamples`);
  for (const [name, work] of Object.entries(works)) console.log(`  ${bestOfThreeMs(work).toFixed(1).padStart(8)} ms  ${name}`);
}
