import type { Verdict } from '#kernel';

/** A verdict of a rule; waivers are no business of a rule. */
export type Finding = Exclude<Verdict, 'waived'>;

/** All must pass: one failure fails, otherwise one doubt leaves it undecided (Kleene's strong logic of three values). */
export function allOf(findings: readonly Finding[]): Finding {
  if (findings.includes('fail')) return 'fail';
  return findings.includes('undecided') ? 'undecided' : 'pass';
}

/** One must pass: one pass passes, otherwise one doubt leaves it undecided. */
export function anyOf(findings: readonly Finding[]): Finding {
  if (findings.includes('pass')) return 'pass';
  return findings.includes('undecided') ? 'undecided' : 'fail';
}

/** Whether an interval lies above a bound: pass when all of it does, fail when none of it, undecided when it holds the bound or is unknown. */
export function liesAbove(interval: { readonly low: number; readonly high: number }, bound: number): Finding {
  if (interval.low > bound) return 'pass';
  return interval.high <= bound ? 'fail' : 'undecided';
}

/** Whether an interval reaches a target: like {@link liesAbove}, with the target itself being enough. */
export function reaches(interval: { readonly low: number; readonly high: number }, target: number): Finding {
  if (interval.low >= target) return 'pass';
  return interval.high < target ? 'fail' : 'undecided';
}
