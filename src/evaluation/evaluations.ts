import type { Digest, Page } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { EvaluatedRows, Evaluation, EvaluationMetric, ReferenceRole } from './evaluation.ts';
import type { GateDecisionRecord, GateRules } from './gate.ts';

/** What judging a model takes. Models and frame are named by the digests of stored blobs. */
export interface EvaluationRequest {
  readonly projectId: string;
  readonly runId?: string;
  /** Digest of a `model.json` that `compileModel` of training reads. */
  readonly modelDigest: Digest;
  /** Digest of a feature frame with the columns `moment` and `label`. */
  readonly frameDigest: Digest;
  readonly rows: EvaluatedRows;
  /** Models to compare with on the same rows. */
  readonly references?: readonly { readonly role: ReferenceRole; readonly modelDigest: Digest }[];
  /** Default `roc_auc`. */
  readonly primaryMetric?: EvaluationMetric;
  /** Default: the highest level that a gate of the project asks for, or 0.95. */
  readonly level?: number;
  /** Default: every column of text but `id`. */
  readonly sliceColumns?: readonly string[];
  /** Default 200. */
  readonly minimumSliceRows?: number;
  /** Default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called first in the transaction that stores the evaluation, such as the guard of an effect. */
  readonly guard?: (tx: SqlTx) => Promise<void>;
}

/** What deciding a gate takes. */
export interface GateRequest {
  readonly projectId: string;
  /** Name in section `gates`. */
  readonly gate: string;
  readonly evaluationId: string;
  /** Business time at which the champion began to be it; left out when there is no champion. */
  readonly championSinceMs?: number;
  /** Digest of the champion of now; when given, a comparison with another model is no evidence. */
  readonly championDigest?: Digest;
  readonly actor: string;
  /** Deciding twice with one key in one project gives the same record. */
  readonly key?: string;
}

/**
 * Evaluation as other slices use it.
 *
 * Laws: an evaluation is immutable and found again by what was asked (its spec), so a repeated request costs nothing;
 * heavy computing happens in a child process; decisions store evidence and rules, so that they can be made again offline.
 */
export interface EvaluationSlice extends SliceModule {
  /**
   * Judges a model on the rows of a frame, with intervals, slices and paired comparisons, and stores the evaluation.
   *
   * @throws {@link GyreError} `evaluation/no-rows`, `evaluation/label-not-binary`, `evaluation/no-slice-column`,
   * `evaluation/bad-score`,
   * `evaluation/process-failed`, `evaluation/cancelled` (retryable), `blobs/not-found`.
   */
  evaluateModel(request: EvaluationRequest): Promise<Evaluation>;
  /**
   * Reads an evaluation.
   *
   * @throws {@link GyreError} `evaluation/not-found`.
   */
  findEvaluation(tx: SqlTx, evaluationId: string): Promise<Evaluation>;
  /** Lists evaluations, newest first. */
  listEvaluations(
    tx: SqlTx,
    query: { readonly projectId: string; readonly modelDigest?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Page<Evaluation>>;
  /**
   * Reads the rules of a gate from the project file, defaults filled in.
   *
   * @throws {@link GyreError} `evaluation/no-gate`.
   */
  gateRules(tx: SqlTx, projectId: string, gate: string): Promise<GateRules>;
  /**
   * Decides a gate on a stored evaluation, stores the decision, audits it and appends `evaluation.gate-decided`.
   *
   * @throws {@link GyreError} `evaluation/not-found`, `evaluation/no-gate`, `evaluation/metric-not-evaluated`.
   */
  decide(tx: SqlTx, request: GateRequest): Promise<GateDecisionRecord>;
  /**
   * Reads a decision.
   *
   * @throws {@link GyreError} `evaluation/decision-not-found`.
   */
  findDecision(tx: SqlTx, decisionId: string): Promise<GateDecisionRecord>;
  /** Lists decisions, newest first. */
  listDecisions(
    tx: SqlTx,
    query: { readonly projectId: string; readonly evaluationId?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Page<GateDecisionRecord>>;
}
