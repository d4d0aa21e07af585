import type { Action } from '#kernel';
import { isConditional } from '#stats';
import type { GateDecision, GateEvidence, GateRules } from './gate.ts';
import {
  type ComparedEvidence,
  championAgeReason,
  championBelowObjectiveReason,
  daysReason,
  intervalReason,
  nonInferiorReason,
  noReferenceReason,
  objectiveReason,
  type RuleReason,
  rowsReason,
  sameModelReason,
  superiorReason,
} from './gate-reasons.ts';
import { allOf, anyOf, type Finding } from './three-valued.ts';

/**
 * Decides whether a challenger may take the champion's place: it is better, or it is not worse within the margin while
 * the champion misses its objective or is older than it may be. Without a champion it must be better than the baseline.
 * What is missing or too little leaves the gate undecided; an undecided gate holds.
 *
 * @param evidence - What is known, on the same rows for all models.
 * @param rules - The numbers of the gate; see {@link GateRules}.
 * @returns The verdict, the action that follows (`promote` or `hold`), and each line that led there. Same arguments, same answer.
 * @example
 * ```ts
 * const estimate = { value: 0.7, low: 0.69, high: 0.71, level: 0.95, n: 5000, method: 'day-bootstrap(12 days)' };
 * const rules = {
 *   name: 'churn', level: 0.95, margin: 0.005, minimumDays: 10, minimumRows: 1000, maximumChampionAgeMs: 90 * 86_400_000,
 *   objective: { name: 'retention', metric: 'roc_auc', direction: 'maximize' as const, target: 0.72 },
 * };
 * const evidence = {
 *   challenger: { modelDigest: 'sha256:b', value: estimate },
 *   champion: { modelDigest: 'sha256:a', value: estimate, ageMs: 0 },
 *   difference: { ...estimate, value: 0.01, low: 0.004, high: 0.016 },
 *   nRows: 5000,
 *   nDays: 12,
 * };
 * decideGate(evidence, rules).action; // => 'promote'
 * decideGate({ ...evidence, nDays: 9 }, rules).verdict; // => 'undecided'
 * ```
 * @see Wellek, Testing Statistical Hypotheses of Equivalence and Noninferiority, 2nd ed. (2010), chapter 2: both rules by
 *   confidence interval; Kleene, Introduction to Metamathematics (1952), §64: how doubt is carried on.
 */
export function decideGate(evidence: GateEvidence, rules: GateRules): GateDecision {
  const { champion, challenger, difference } = evidence;
  const objective = objectiveReason(evidence, rules);
  if (champion?.modelDigest === challenger.modelDigest) {
    const same = sameModelReason(evidence, rules);
    return decision(rules, { verdict: 'fail', reasons: [same, objective], because: [same] });
  }
  const amounts = [rowsReason(evidence, rules), daysReason(evidence, rules)];
  const against = referenceOf(evidence);
  if (against === undefined || difference === undefined) {
    const missing = noReferenceReason(evidence, rules);
    return decision(rules, { verdict: 'undecided', reasons: [missing, ...amounts, objective], because: [missing] });
  }
  const compared = { evidence, rules, difference, against };
  const enough = [...amounts, intervalReason(compared, isConditional(difference))];
  const quality = judgeQuality(compared);
  const reasons = [...quality.reasons, ...enough, objective];
  const lacking = enough.filter((reason) => reason.verdict !== 'pass');
  if (lacking.length > 0) return decision(rules, { verdict: 'undecided', reasons, because: lacking });
  return decision(rules, { verdict: quality.verdict, reasons, because: quality.because });
}

/** A verdict, the lines that were looked at, and those among them that brought it about. */
interface Judgement {
  readonly verdict: Finding;
  readonly reasons: readonly RuleReason[];
  readonly because: readonly RuleReason[];
}

function referenceOf({ champion, baseline }: GateEvidence): 'champion' | 'baseline' | undefined {
  if (champion !== undefined) return 'champion';
  return baseline === undefined ? undefined : 'baseline';
}

/** Better; or, against a champion, not worse while the champion needs to go. To be no worse than the baseline is no merit. */
function judgeQuality(compared: ComparedEvidence): Judgement {
  const { evidence, rules } = compared;
  const superior = superiorReason(compared);
  const { champion } = evidence;
  if (champion === undefined) return { verdict: superior.verdict, reasons: [superior], because: [superior] };
  const nonInferior = nonInferiorReason(compared);
  const needs = [championBelowObjectiveReason(champion.value, rules), championAgeReason(champion, rules)];
  const otherwise = allOf([nonInferior.verdict, anyOf(needs.map((reason) => reason.verdict))]);
  const verdict = anyOf([superior.verdict, otherwise]);
  const reasons = [superior, nonInferior, ...needs];
  if (superior.verdict === 'pass') return { verdict, reasons, because: [superior] };
  if (verdict === 'pass') return { verdict, reasons, because: reasons.filter((reason) => reason.verdict === 'pass') };
  return { verdict, reasons, because: [superior, ...[nonInferior, ...needs].filter((reason) => reason.verdict !== 'pass')] };
}

function decision(rules: GateRules, { verdict, reasons, because }: Judgement): GateDecision {
  const action: Action = verdict === 'pass' ? 'promote' : 'hold';
  const summary = `${action}: ${because.map((reason) => reason.text).join('; ')}`;
  return { gate: rules.name, verdict, action, summary, reasons };
}
