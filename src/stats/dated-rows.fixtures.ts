import { daysOfSample, indexDays } from './day-index.ts';
import type { DayRows } from './day-statistics.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { createRandom, type Random } from './random.ts';

/** Two models' scores on rows of days that differ in base rate and in how hard they are. */
export interface SyntheticDays {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  readonly others: Float64Array;
  readonly days: Int32Array;
}

interface SyntheticOptions {
  readonly nDays: number;
  readonly rowsPerDay: number;
  readonly seed: number;
  /** Standard deviation of what a day adds to every row, in probits. */
  readonly daySpread?: number;
  readonly baseScore?: number;
  readonly firstDay?: number;
}

export function normalDraw(random: Random): number {
  return normalQuantile((random.uint32() + 0.5) / 2 ** 32);
}

/** Draws days: rows of one day share a shift of the base rate, of the signal and of the gap between the models. */
export function syntheticDays(options: SyntheticOptions): SyntheticDays {
  const { nDays, rowsPerDay, seed, daySpread = 0.4, baseScore = -0.8, firstDay = 11_323 } = options;
  const random = createRandom(seed);
  const n = nDays * rowsPerDay;
  const rows = { labels: new Uint8Array(n), scores: new Float64Array(n), others: new Float64Array(n), days: new Int32Array(n) };
  for (let day = 0; day < nDays; day += 1) {
    const [shift, signal, gap] = [daySpread, daySpread * 0.4, daySpread * 0.3].map((spread) => spread * normalDraw(random));
    for (let row = day * rowsPerDay; row < (day + 1) * rowsPerDay; row += 1) {
      const x = normalDraw(random);
      rows.labels[row] = random.uniform() < normalCdf(baseScore + (shift ?? 0) + (0.8 + (signal ?? 0)) * x) ? 1 : 0;
      rows.scores[row] = normalCdf(baseScore + 0.7 * x + 0.5 * normalDraw(random));
      rows.others[row] = normalCdf(baseScore + 0.7 * x + (0.4 + (gap ?? 0)) * normalDraw(random));
      rows.days[row] = firstDay + day;
    }
  }
  return rows;
}

/** The first model's rows with their days numbered. */
export function dayRowsOf({ labels, scores, days }: SyntheticDays): DayRows {
  const index = indexDays([days]);
  return { labels, scores, dayOfRow: daysOfSample(index, 0), nDays: index.nDays };
}
