import { DAY_MS, type Estimate, formatEstimate } from '#kernel';
import type { GateEvidence, GateReason, GateRules } from './gate.ts';
import { type Finding, liesAbove, reaches } from './three-valued.ts';

/** A reason whose verdict is a finding: waivers come from people, not from rules. */
export interface RuleReason extends GateReason {
  readonly verdict: Finding;
}

/** What a comparison rule looks at. */
export interface ComparedEvidence {
  readonly evidence: GateEvidence;
  readonly rules: GateRules;
  /** Challenger minus the model it is held against. */
  readonly difference: Estimate;
  /** Word for that model: `champion` or `baseline`. */
  readonly against: string;
}

/** Enough rows? */
export function rowsReason({ nRows }: GateEvidence, rules: GateRules): RuleReason {
  const missing = rules.minimumRows - nRows;
  return {
    rule: 'rows',
    weight: 'decides',
    verdict: missing <= 0 ? 'pass' : 'undecided',
    value: exactly(nRows, nRows),
    threshold: rules.minimumRows,
    n: nRows,
    text: `${count(nRows, 'row')} of evidence; at least ${String(rules.minimumRows)} are asked for`,
    flip: missing > 0 ? `${count(missing, 'row')} more` : `fewer than ${count(rules.minimumRows, 'row')}`,
    pointer: gatePointer(rules, 'minimumRows'),
  };
}

/** Enough days? */
export function daysReason({ nDays, nRows }: GateEvidence, rules: GateRules): RuleReason {
  const missing = rules.minimumDays - nDays;
  return {
    rule: 'days',
    weight: 'decides',
    verdict: missing <= 0 ? 'pass' : 'undecided',
    value: exactly(nDays, nDays),
    threshold: rules.minimumDays,
    n: nRows,
    text: `${count(nDays, 'day')} of evidence; at least ${String(rules.minimumDays)} are asked for`,
    flip: missing > 0 ? `${count(missing, 'day')} more` : `fewer than ${count(rules.minimumDays, 'day')}`,
    pointer: gatePointer(rules, 'minimumDays'),
  };
}

/** An interval that may decide: present, sure enough, and true beyond the very days it was measured on? */
export function intervalReason({ rules, difference, against }: ComparedEvidence, isConditional: boolean): RuleReason {
  const isPresent = !Number.isNaN(difference.low) && !Number.isNaN(difference.high);
  const isSure = difference.level >= rules.level;
  const level = `${String(100 * difference.level)} %`;
  return {
    rule: 'interval',
    weight: 'decides',
    verdict: isPresent && isSure && !isConditional ? 'pass' : 'undecided',
    value: difference,
    threshold: rules.level,
    n: difference.n,
    text: `difference to the ${against} by ${difference.method} at ${level}${isPresent ? '' : ', without an interval'}`,
    flip: intervalFlip({ isPresent, isSure, isConditional, level: rules.level }),
    pointer: gatePointer(rules, 'level'),
  };
}

function intervalFlip(found: {
  readonly isPresent: boolean;
  readonly isSure: boolean;
  readonly isConditional: boolean;
  readonly level: number;
}): string {
  if (!found.isPresent) return 'rows of both classes on more days';
  if (found.isConditional) return 'rows of at least 3 days: fewer tell nothing about other days';
  if (!found.isSure) return `an evaluation at the level ${String(found.level)}`;
  return 'an interval that is missing, less sure, or holds for its own days only';
}

/** Better than the model it is held against? */
export function superiorReason(compared: ComparedEvidence): RuleReason {
  const { rules, difference, against } = compared;
  const gain = gainOf(difference, rules);
  const verdict = liesAbove(gain, 0);
  const found = { pass: 'better than', fail: 'not better than', undecided: 'not told apart from' }[verdict];
  return {
    rule: 'superior',
    weight: 'decides',
    verdict,
    value: difference,
    threshold: 0,
    n: difference.n,
    text: `${found} the ${against}: ${rules.objective.metric} ${signed(difference)}`,
    flip: superiorFlip(gain, verdict),
    pointer: gatePointer(rules, 'level'),
  };
}

function superiorFlip(gain: Estimate, verdict: Finding): string {
  const half = gain.value - gain.low;
  if (verdict === 'pass') return `a gain smaller by ${short(gain.low)}`;
  if (Number.isNaN(half)) return 'a difference that has an interval';
  const larger = `a gain above ${short(half)} on as many rows`;
  if (verdict === 'fail' || gain.value <= 0) return larger;
  const rows = Math.ceil(gain.n * (half / gain.value) ** 2);
  return `the same gain on about ${String(rows)} rows, or ${larger}`;
}

/** Not worse than the champion by more than the margin? */
export function nonInferiorReason(compared: ComparedEvidence): RuleReason {
  const { rules, difference, against } = compared;
  const gain = gainOf(difference, rules);
  const verdict = liesAbove(gain, -rules.margin);
  const found = { pass: 'not worse than', fail: 'worse than', undecided: 'perhaps worse than' }[verdict];
  const flips = { pass: 'a margin of', fail: 'a margin above', undecided: 'a margin above' };
  return {
    rule: 'non-inferior',
    weight: 'decides',
    verdict,
    value: difference,
    threshold: rules.objective.direction === 'maximize' ? -rules.margin : rules.margin,
    n: difference.n,
    text: `${found} the ${against} within the margin ${String(rules.margin)}: ${rules.objective.metric} ${signed(difference)}`,
    flip: gain.low >= 0 ? `a gain smaller by ${short(gain.low + rules.margin)}` : `${flips[verdict]} ${short(-gain.low)}`,
    pointer: gatePointer(rules, 'margin'),
  };
}

/** Does the champion miss its objective? */
export function championBelowObjectiveReason(champion: Estimate, rules: GateRules): RuleReason {
  const finding = reaches(oriented(champion, rules), sign(rules) * rules.objective.target);
  const verdict = { pass: 'fail', fail: 'pass', undecided: 'undecided' } as const;
  const found = { pass: 'reaches', fail: 'misses', undecided: 'may or may not reach' }[finding];
  return {
    rule: 'champion-below-objective',
    weight: 'decides',
    verdict: verdict[finding],
    value: champion,
    threshold: rules.objective.target,
    n: champion.n,
    text: `the champion ${found} its objective: ${rules.objective.metric} ${formatEstimate(champion)}, target ${String(rules.objective.target)}`,
    flip: targetFlip(champion, rules, finding),
    pointer: objectivePointer(rules),
  };
}

/** Has the champion been it for longer than it may? */
export function championAgeReason(champion: { readonly ageMs: number; readonly value: Estimate }, rules: GateRules): RuleReason {
  const [ageDays, allowedDays] = [champion.ageMs / DAY_MS, rules.maximumChampionAgeMs / DAY_MS];
  const isOld = ageDays > allowedDays;
  if (Number.isNaN(ageDays)) return unknownAgeReason(champion.value.n, rules);
  return {
    rule: 'champion-age',
    weight: 'decides',
    verdict: isOld ? 'pass' : 'fail',
    value: exactly(ageDays, champion.value.n),
    threshold: allowedDays,
    n: champion.value.n,
    text: `the champion has been it for ${short(ageDays)} d; it may be for ${short(allowedDays)} d`,
    flip: isOld ? `an allowed age above ${short(ageDays)} d` : `an allowed age below ${short(ageDays)} d`,
    pointer: gatePointer(rules, 'maximumChampionAge'),
  };
}

function unknownAgeReason(n: number, rules: GateRules): RuleReason {
  return {
    rule: 'champion-age',
    weight: 'decides',
    verdict: 'undecided',
    value: exactly(Number.NaN, n),
    threshold: rules.maximumChampionAgeMs / DAY_MS,
    n,
    text: 'it is not known since when the champion has been it',
    flip: 'an alias with a history',
    pointer: gatePointer(rules, 'maximumChampionAge'),
  };
}

/** Does the challenger reach the objective? Says how far there is to go; a better model below the target is still better. */
export function objectiveReason({ challenger }: GateEvidence, rules: GateRules): RuleReason {
  const finding = reaches(oriented(challenger.value, rules), sign(rules) * rules.objective.target);
  const found = { pass: 'reaches', fail: 'misses', undecided: 'may or may not reach' }[finding];
  return {
    rule: 'objective',
    weight: 'informs',
    verdict: finding,
    value: challenger.value,
    threshold: rules.objective.target,
    n: challenger.value.n,
    text: `the challenger ${found} the objective: ${rules.objective.metric} ${formatEstimate(challenger.value)}, target ${String(rules.objective.target)}`,
    flip: targetFlip(challenger.value, rules, finding),
    pointer: objectivePointer(rules),
  };
}

/** Nothing to compare with. */
export function noReferenceReason({ challenger }: GateEvidence, rules: GateRules): RuleReason {
  return {
    rule: 'reference',
    weight: 'decides',
    verdict: 'undecided',
    value: challenger.value,
    threshold: 0,
    n: challenger.value.n,
    text: 'there is neither a champion nor a baseline on the same rows to compare with',
    flip: 'an evaluation that compares with the champion or the baseline',
    pointer: gatePointer(rules),
  };
}

/** The same bytes as the champion. */
export function sameModelReason({ challenger, nRows }: GateEvidence, rules: GateRules): RuleReason {
  return {
    rule: 'different',
    weight: 'decides',
    verdict: 'fail',
    value: exactly(0, nRows),
    threshold: 0,
    n: nRows,
    text: `the challenger is the champion: both are ${challenger.modelDigest}`,
    flip: 'a model with other bytes',
    pointer: gatePointer(rules),
  };
}

function targetFlip(estimate: Estimate, rules: GateRules, finding: Finding): string {
  const [low, high] = rules.objective.direction === 'maximize' ? ['above', 'of at most'] : ['below', 'of at least'];
  const [worst, best] = rules.objective.direction === 'maximize' ? [estimate.low, estimate.high] : [estimate.high, estimate.low];
  if (finding === 'pass') return `a target ${low} ${short(worst)}`;
  if (finding === 'fail') return `a target ${high} ${short(best)}`;
  return `a target ${high} ${short(worst)}, or one ${low} ${short(best)}`;
}

/** How much better the challenger is: positive is better, whichever way the metric goes. */
function gainOf(difference: Estimate, rules: GateRules): Estimate {
  return oriented(difference, rules);
}

function oriented(estimate: Estimate, rules: GateRules): Estimate {
  if (sign(rules) === 1) return estimate;
  return { ...estimate, value: -estimate.value, low: -estimate.high, high: -estimate.low };
}

function sign(rules: GateRules): 1 | -1 {
  return rules.objective.direction === 'maximize' ? 1 : -1;
}

function exactly(value: number, n: number): Estimate {
  return { value, low: value, high: value, level: 0.95, n, method: 'exact' };
}

function signed(difference: Estimate): string {
  return `${difference.value > 0 ? '+' : ''}${formatEstimate(difference)}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function count(n: number, noun: string): string {
  return `${String(n)} ${noun}${n === 1 ? '' : 's'}`;
}

function gatePointer(rules: GateRules, key?: string): string {
  return `/gates/${escaped(rules.name)}${key === undefined ? '' : `/${key}`}`;
}

function objectivePointer(rules: GateRules): string {
  return `/objectives/${escaped(rules.objective.name)}/target`;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
