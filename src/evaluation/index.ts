/**
 * Whether a model is good: metrics with intervals, slices, paired comparisons with champion and baseline on the same
 * rows by day, and gates that turn them into a decision whose every reason can be read and made again.
 *
 * @module
 */

export { decideGate } from './decide-gate.ts';
export { evaluationErrors } from './errors.ts';
export {
  type Comparison,
  EVALUATION_METRICS,
  type EvaluatedRows,
  type Evaluation,
  type EvaluationMetric,
  type EvaluationReport,
  type EvaluationSpec,
  type MetricReport,
  type ReferenceRole,
  type SliceLevel,
  type SliceReport,
} from './evaluation.ts';
export type { EvaluationRequest, EvaluationSlice, GateRequest } from './evaluations.ts';
export type { GateDecision, GateDecisionRecord, GateEvidence, GateReason, GateRules } from './gate.ts';
export { type JudgedModels, judgeModel, type ReferenceModel, type ScoreRows } from './judge-model.ts';
export { createEvaluationSlice, type EvaluationPorts, type EvaluationUpstream } from './slice.ts';
