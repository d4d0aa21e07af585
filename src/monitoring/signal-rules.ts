import { type Estimate, formatEstimate, hasInterval, type Verdict } from '#kernel';
import { isConditional } from '#stats';
import type { DriftRules, PerformanceRules } from './monitor.ts';

/** What a rule says of an estimate, and in words how it came to that. */
export interface Ruling {
  readonly verdict: Verdict;
  readonly text: string;
}

/** Tells whether an estimate may decide anything: it has an interval, and days behind it. */
export function canDecide(estimate: Estimate): boolean {
  return hasInterval(estimate) && !isConditional(estimate);
}

/**
 * Judges a stability index by its size, not by its significance: fail from the alert line up, if the lower end of the
 * interval also clears the warning line; pass when the whole interval lies below the alert line; undecided in between.
 */
export function judgeStability(psi: Estimate, rules: Pick<DriftRules, 'warn' | 'alert'>): Ruling {
  const said = `PSI ${words(psi)}`;
  if (!canDecide(psi)) return { verdict: 'undecided', text: `${said}: ${lackOf(psi)}` };
  const alert = short(rules.alert);
  if (psi.value >= rules.alert && psi.low > rules.warn) return { verdict: 'fail', text: `${said} ≥ ${alert}` };
  if (psi.high < rules.alert) {
    const rest = psi.value >= rules.warn ? `, above the warning line ${short(rules.warn)}` : '';
    return { verdict: 'pass', text: `${said} < ${alert}${rest}` };
  }
  return { verdict: 'undecided', text: `${said} does not decide against ${alert}` };
}

/** Judges a change of the share of missing values: fail when all of the interval lies outside ± the threshold. */
export function judgeMissing(change: Estimate, threshold: number): Ruling {
  const said = `${change.value >= 0 ? '+' : ''}${words(change)}`;
  const limit = `± ${short(threshold)}`;
  if (!canDecide(change)) return { verdict: 'undecided', text: `${said}: ${lackOf(change)}` };
  if (change.low > threshold || change.high < -threshold) return { verdict: 'fail', text: `${said}, beyond ${limit}` };
  if (change.low >= -threshold && change.high <= threshold) return { verdict: 'pass', text: `${said}, within ${limit}` };
  return { verdict: 'undecided', text: `${said} does not decide against ${limit}` };
}

/** Judges a metric against its target: pass and fail need the whole interval on one side. */
export function judgeMetric(value: Estimate, rules: Pick<PerformanceRules, 'metric' | 'direction' | 'target'>): Ruling {
  const said = `${rules.metric} ${words(value)}`;
  const target = short(rules.target);
  if (!canDecide(value)) return { verdict: 'undecided', text: `${said}: ${lackOf(value)}` };
  const isUp = rules.direction === 'maximize';
  const [good, bad] = isUp ? ['≥', '<'] : ['≤', '>'];
  const isGood = isUp ? value.low >= rules.target : value.high <= rules.target;
  const isBad = isUp ? value.high < rules.target : value.low > rules.target;
  if (isGood) return { verdict: 'pass', text: `${said} ${good} ${target}` };
  if (isBad) return { verdict: 'fail', text: `${said} ${bad} ${target}` };
  return { verdict: 'undecided', text: `${said} does not decide against ${target}` };
}

/** Gives the verdict of a window: the worst of the signals that decide, undecided when none does. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('pass') ? 'pass' : 'undecided';
}

/** Writes a number with three significant digits at most. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'unknown';
}

/** Writes a share as percent: whole percents, one decimal below one percent. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'unknown %';
  const isSmall = share !== 0 && Math.abs(share) < 0.01;
  return `${(100 * share).toFixed(isSmall ? 1 : 0)} %`;
}

function words(estimate: Estimate): string {
  if (!Number.isFinite(estimate.value)) return 'unknown';
  if (!canDecide(estimate)) return short(estimate.value);
  const half = (estimate.high - estimate.low) / 2;
  const isCentred = Math.abs(estimate.value - (estimate.low + estimate.high) / 2) <= 0.25 * half;
  return isCentred ? formatEstimate(estimate) : `${short(estimate.value)} (${short(estimate.low)} to ${short(estimate.high)})`;
}

function lackOf(estimate: Estimate): string {
  if (!Number.isFinite(estimate.value)) return 'it is not defined on these rows';
  return 'fewer than 3 days of rows decide nothing';
}
