import { normalCdf, normalQuantile } from './distributions.ts';
import { requireWhole, statsError } from './requirements.ts';

/** A plan of looks at growing data, fixed before the first. */
export interface LookPlan {
  /** Chance of a false alarm over all looks together, in (0, 1). */
  readonly alpha: number;
  /** Number of looks, 1 or more, at equal steps of the planned rows. */
  readonly nLooks: number;
}

/**
 * Shares the chance of a false alarm out over looks, so that looking early and often does not add to it: little at
 * first, most at the end.
 *
 * @param plan - The looks, fixed before the first.
 * @param look - Which look, from 1 to `nLooks`.
 * @returns The chance that this look alone may spend: test it two-sided at that level. The shares sum to `alpha`, so the
 *   whole is at most `alpha` whatever the looks have in common (a little less than with exact boundaries).
 * @throws {@link GyreError} `stats/bad-argument` when alpha or the look is out of range.
 * @example
 * ```ts
 * [1, 2, 3].map((look) => spendableError({ alpha: 0.05, nLooks: 3 }, look).toFixed(4)); // => ['0.0007', '0.0157', '0.0336']
 * ```
 * @see Lan and DeMets, Biometrika 70 (1983), the spending function of O'Brien and Fleming's type.
 */
export function spendableError(plan: LookPlan, look: number): number {
  requireChance('alpha', plan.alpha);
  requireWhole('nLooks', plan.nLooks, 1);
  requireWhole('look', look, 1);
  if (look > plan.nLooks) throw statsError('stats/bad-argument', `look ${look} of ${plan.nLooks} was not planned`);
  return spentBy(plan, look) - spentBy(plan, look - 1);
}

/**
 * Says how many rows each of two groups needs for a change of a proportion to be seen.
 *
 * @param change - The proportion without the change and with it, both in [0, 1] and different.
 * @param demand - Chance of a false alarm, two-sided, and chance to see the change when it is there; both in (0, 1).
 * @returns Rows in each group, rounded up, rows being independent.
 * @throws {@link GyreError} `stats/bad-argument` when a number is out of range.
 * @example
 * ```ts
 * rowsToSeeChange({ from: 0.01, to: 0.02 }, { alpha: 0.05, power: 0.8 }); // => 2319
 * ```
 * @see Fleiss, Levin, Paik, "Statistical methods for rates and proportions" (2003), equation 4.14.
 */
export function rowsToSeeChange(
  change: { readonly from: number; readonly to: number },
  demand: { readonly alpha: number; readonly power: number },
): number {
  const { from, to } = change;
  const isChange = from >= 0 && from <= 1 && to >= 0 && to <= 1 && from !== to;
  if (!isChange) throw statsError('stats/bad-argument', `${from} to ${to} is not a change between proportions in [0, 1]`);
  requireChance('alpha', demand.alpha);
  requireChance('power', demand.power);
  const mean = (from + to) / 2;
  const alarm = normalQuantile(1 - demand.alpha / 2) * Math.sqrt(2 * mean * (1 - mean));
  const seen = normalQuantile(demand.power) * Math.sqrt(from * (1 - from) + to * (1 - to));
  return Math.ceil(((alarm + seen) / (to - from)) ** 2);
}

function spentBy({ alpha, nLooks }: LookPlan, look: number): number {
  if (look === 0) return 0;
  return 2 * normalCdf(normalQuantile(alpha / 2) / Math.sqrt(look / nLooks));
}

function requireChance(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw statsError('stats/bad-argument', `${name} ${value} is not in (0, 1)`);
}
