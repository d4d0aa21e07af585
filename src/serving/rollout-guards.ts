import type { Estimate, Verdict } from '#kernel';
import { type Count, estimateProportion, estimateProportionDifference, normalQuantile, spendableError } from '#stats';
import type { RolloutGuards } from './endpoint.ts';
import { latencyQuantileBoundsMs, latencyQuantileMs } from './latency-buckets.ts';
import type { RolloutReason } from './rollout.ts';

/** What one side of a rollout answered during a step. */
export type SideEvidence = {
  readonly requests: number;
  readonly errors: number;
  readonly rows: number;
  readonly scoreSum: number;
  readonly scoreSquareSum: number;
  readonly latencyCounts: readonly number[];
};

/** Quality on labelled rows, as far as it is known. */
export type QualityEvidence = {
  readonly metric: string;
  /** Challenger minus control, turned so that more is better. */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly margin: number;
};

/** All that is known at one look at a step. */
export type StepEvidence = {
  readonly challenger: SideEvidence;
  readonly control: SideEvidence;
  readonly quality: QualityEvidence | null;
};

/** What a look found. */
export interface StepJudgement {
  /** `fail` when a guard is breached, `pass` when all hold and there were requests enough, else `undecided`. */
  readonly verdict: Verdict;
  readonly reasons: readonly RolloutReason[];
  /** Requests of the challenger that would decide; what it has when requests are not what is missing. */
  readonly requestsNeeded: number;
}

/** Chance that a rollout of a challenger that is no worse is rolled back by a guard, over all its looks. */
const FALSE_ALARM = 0.05;
/** Looks that are planned for a step, at equal parts of its minimum of requests. */
export const PLANNED_LOOKS = 4;
/** Level of the interval that must lie within the guard for a pass; its upper end is one-sided 95 %. */
const PASS_LEVEL = 0.9;
const REQUESTS_LIMIT = 100_000_000;

/**
 * Gives the chance of a false alarm that one look at one step may spend: half of the step's share over its planned looks,
 * the rest halved by each later look, so that all looks together never spend more than 5 %.
 *
 * @param nSteps - Steps of the rollout with a control beside them.
 * @param look - Which look at the step, from 1.
 * @returns A chance in (0, 0.05), two-sided.
 * @see Lan and DeMets, Biometrika 70 (1983).
 */
export function alarmChance(nSteps: number, look: number): number {
  const half = FALSE_ALARM / Math.max(1, nSteps) / 2;
  if (look <= PLANNED_LOOKS) return spendableError({ alpha: half, nLooks: PLANNED_LOOKS }, look);
  return half * 2 ** -(look - PLANNED_LOOKS);
}

/** What a look is judged by. */
export interface StepRules {
  readonly guards: RolloutGuards;
  readonly minimumRequests: number;
  readonly nSteps: number;
  readonly look: number;
}

/**
 * Judges a challenger against its control in the same time: errors, latency, gross shift of scores, and quality where labels
 * are known.
 *
 * @param evidence - What both sides answered since the step began.
 * @param rules - The guards, and which look this is.
 * @returns The verdict with every rule's numbers.
 */
export function judgeStep(evidence: StepEvidence, rules: StepRules): StepJudgement {
  const alarm = Math.max(alarmChance(rules.nSteps, rules.look), 1e-12);
  const errors = judgeErrors(evidence, rules.guards, alarm);
  const reasons = [
    judgeRequests(evidence.challenger, rules.minimumRequests),
    errors.reason,
    judgeLatency(evidence, rules.guards, alarm),
    judgeShift(evidence, rules.guards, alarm),
    ...(evidence.quality === null ? [] : [judgeQuality(evidence.quality)]),
  ];
  const requestsNeeded = Math.max(rules.minimumRequests, errors.requestsNeeded);
  return { verdict: overall(reasons), reasons, requestsNeeded };
}

/** Quality that is not decided holds nothing up: labels may come long after the rollout, and the gate has judged before. */
function overall(reasons: readonly RolloutReason[]): Verdict {
  if (reasons.some((reason) => reason.verdict === 'fail')) return 'fail';
  const isOpen = reasons.some((reason) => reason.verdict === 'undecided' && reason.rule !== 'quality');
  return isOpen ? 'undecided' : 'pass';
}

function judgeRequests(challenger: SideEvidence, minimum: number): RolloutReason {
  const has = challenger.requests;
  return {
    rule: 'minimum-requests',
    verdict: has >= minimum ? 'pass' : 'undecided',
    value: has,
    threshold: minimum,
    n: has,
    text: `the challenger answered ${String(has)} requests at this step; ${String(minimum)} are asked for`,
  };
}

function judgeErrors(evidence: StepEvidence, guards: RolloutGuards, alarm: number) {
  const challenger = { successes: evidence.challenger.errors, trials: evidence.challenger.requests };
  const control = { successes: evidence.control.errors, trials: evidence.control.requests };
  const threshold = guards.errorRateIncrease;
  const increase = errorIncrease(control, challenger, PASS_LEVEL);
  const proven = errorIncrease(control, challenger, 1 - alarm);
  const verdict = verdictOf({
    isBreached: proven.value > threshold && proven.low > 0,
    isKept: increase.high <= threshold,
  });
  const requestsNeeded = verdict === 'undecided' ? requestsToDecide(control, challenger, threshold) : challenger.trials;
  const found = `errors ${share(challenger)} against ${share(control)} of the control`;
  const needs = verdict === 'undecided' ? `; ${neededText(requestsNeeded)}` : '';
  const text = `${found}; an increase of ${percent(threshold)} is the most${needs}`;
  const reason = reasonOf({ rule: 'errors', verdict, value: increase.value, threshold, n: increase.n, text });
  return { reason, requestsNeeded: requestsNeeded > REQUESTS_LIMIT ? challenger.trials : requestsNeeded };
}

/** Without traffic on the control there is nothing to compare with: its error ratio counts as none. */
function errorIncrease(control: Count, challenger: Count, level: number): Estimate {
  return control.trials === 0 ? estimateProportion(challenger, level) : estimateProportionDifference(control, challenger, level);
}

/** Smallest number of challenger requests at which the same ratios on both sides would lie within the guard; beyond the limit when none would. */
function requestsToDecide(control: Count, challenger: Count, threshold: number): number {
  const isEnough = (requests: number): boolean => {
    const scale = requests / Math.max(1, challenger.trials);
    return errorIncrease(scaled(control, scale), scaledTo(challenger, requests), PASS_LEVEL).high <= threshold;
  };
  let high = Math.max(1, challenger.trials);
  while (!isEnough(high)) {
    high *= 2;
    if (high > REQUESTS_LIMIT) return high;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function scaled(count: Count, scale: number): Count {
  return scaledTo(count, Math.round(count.trials * scale));
}

function scaledTo(count: Count, trials: number): Count {
  const ratio = count.trials === 0 ? 0 : count.successes / count.trials;
  return { successes: Math.min(trials, Math.round(ratio * trials)), trials };
}

function judgeLatency(evidence: StepEvidence, guards: RolloutGuards, alarm: number): RolloutReason {
  const { challenger, control } = evidence;
  const z = -normalQuantile(alarm / 2);
  const p99 = latencyQuantileMs(challenger.latencyCounts, 0.99);
  const controlP99 = latencyQuantileMs(control.latencyCounts, 0.99);
  const { low } = latencyQuantileBoundsMs(challenger.latencyCounts, 0.99, z);
  // Where the control is over the limit too, the machine is slow: the challenger is then held against its control.
  const isControlSlow = controlP99 > guards.latencyP99Ms;
  const most = isControlSlow ? latencyQuantileBoundsMs(control.latencyCounts, 0.99, z).high : guards.latencyP99Ms;
  const verdict = verdictOf({ isBreached: low > most, isKept: p99 <= most });
  const both = isControlSlow ? '; the control is over it too, so the challenger is held against the control' : '';
  const text = `p99 ${millis(p99)} against ${millis(controlP99)} of the control; ${millis(guards.latencyP99Ms)} is the most${both}`;
  return reasonOf({ rule: 'latency-p99', verdict, value: p99, threshold: guards.latencyP99Ms, n: challenger.requests, text });
}

function judgeShift(evidence: StepEvidence, guards: RolloutGuards, alarm: number): RolloutReason {
  const threshold = guards.scoreShift;
  const challenger = momentsOf(evidence.challenger);
  const control = momentsOf(evidence.control);
  const shift = Math.abs(challenger.mean - control.mean);
  const half = -normalQuantile(alarm / 2) * Math.sqrt(challenger.meanVariance + control.meanVariance);
  const isKnown = Number.isFinite(shift);
  const verdict = verdictOf({ isBreached: isKnown && shift - half > threshold, isKept: !isKnown || shift <= threshold });
  const text = isKnown
    ? `mean score ${challenger.mean.toFixed(4)} against ${control.mean.toFixed(4)} of the control; a shift of ${String(threshold)} is the most`
    : 'one side has no scores to compare';
  return reasonOf({ rule: 'score-shift', verdict, value: shift, threshold, n: evidence.challenger.rows, text });
}

function momentsOf(side: SideEvidence): { readonly mean: number; readonly meanVariance: number } {
  const mean = side.scoreSum / side.rows;
  const variance = Math.max(0, side.scoreSquareSum / side.rows - mean * mean);
  return { mean, meanVariance: variance / Math.max(1, side.rows - 1) };
}

function judgeQuality(quality: QualityEvidence): RolloutReason {
  const { gain, low, high, margin, n, metric } = quality;
  const verdict = verdictOf({ isBreached: high < -margin, isKept: low >= -margin });
  const text = `${metric} changed by ${gain.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}] on labelled rows; a loss of ${String(margin)} is the most`;
  return reasonOf({ rule: 'quality', verdict, value: gain, threshold: -margin, n, text });
}

function verdictOf({ isBreached, isKept }: { readonly isBreached: boolean; readonly isKept: boolean }): Verdict {
  if (isBreached) return 'fail';
  return isKept ? 'pass' : 'undecided';
}

function reasonOf(reason: Omit<RolloutReason, 'value'> & { readonly value: number }): RolloutReason {
  return { ...reason, value: Number.isFinite(reason.value) ? reason.value : null };
}

function neededText(requests: number): string {
  return requests > REQUESTS_LIMIT
    ? 'no number of requests would show that it is kept'
    : `about ${String(requests)} requests would decide`;
}

function share({ successes, trials }: Count): string {
  return `${String(successes)} of ${String(trials)}`;
}

function percent(ratio: number): string {
  return `${String(Number((ratio * 100).toPrecision(3)))} %`;
}

function millis(valueMs: number): string {
  return Number.isFinite(valueMs) ? `${String(Number(valueMs.toPrecision(3)))} ms` : 'unknown';
}
