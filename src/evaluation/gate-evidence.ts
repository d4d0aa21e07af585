import { GyreError } from '#kernel';
import type { Comparison, Evaluation, MetricReport } from './evaluation.ts';
import type { GateEvidence, GateRules } from './gate.ts';
import { METRIC_NAMES } from './metric-estimates.ts';

/** The champion of now, as the caller knows it. */
export interface ChampionNow {
  /** Age on the business clock; NaN when not known. */
  readonly ageMs: number;
  /** Its digest; when given, a comparison with another model is no evidence. */
  readonly modelDigest?: string;
}

/**
 * Takes from an evaluation what a gate looks at.
 *
 * @param evaluation - The challenger's.
 * @param rules - Name the metric.
 * @param champion - Left out when nothing is served: then the baseline takes its place.
 * @returns The evidence; comparisons that the evaluation lacks are left out of it.
 * @throws {@link GyreError} `evaluation/metric-not-evaluated` when evaluations do not have the metric.
 */
export function gateEvidenceOf(evaluation: Evaluation, rules: GateRules, champion?: ChampionNow): GateEvidence {
  const metric = METRIC_NAMES.find((name) => name === rules.objective.metric);
  if (metric === undefined) throw notEvaluated(rules);
  const { spec, report } = evaluation;
  const common = {
    challenger: { modelDigest: spec.modelDigest, value: report.metrics[metric] },
    nRows: report.nRows,
    nDays: report.nDays,
  };
  const against = (role: Comparison['against']) => report.comparisons.find((comparison) => comparison.against === role);
  if (champion === undefined) {
    const baseline = against('baseline');
    return baseline === undefined
      ? common
      : { ...common, baseline: sideOf(baseline, metric), difference: baseline.differences[metric] };
  }
  const compared = against('champion');
  const isOther = champion.modelDigest !== undefined && compared?.modelDigest !== champion.modelDigest;
  if (compared === undefined || isOther) return common;
  const { ageMs } = champion;
  return { ...common, champion: { ...sideOf(compared, metric), ageMs }, difference: compared.differences[metric] };
}

function sideOf(comparison: Comparison, metric: keyof MetricReport) {
  return { modelDigest: comparison.modelDigest, value: comparison.reference[metric] };
}

function notEvaluated(rules: GateRules): GyreError {
  return new GyreError({
    kind: 'unprocessable',
    code: 'evaluation/metric-not-evaluated',
    message: `gate "${rules.name}" decides on ${rules.objective.metric}, which evaluations do not have; they have ${METRIC_NAMES.join(', ')}`,
  });
}
