import { decodeCursor, encodeCursor, GyreError, type Page, parseDigest, toWireJson } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { Evaluation } from './evaluation.ts';
import type { GateDecisionRecord } from './gate.ts';
import { fromJsonText } from './number-words.ts';

interface EvaluationRow {
  id: string;
  project_id: string;
  run_id: string | null;
  model_digest: string;
  frame_digest: string;
  spec: string;
  spec_digest: string;
  report: string;
  report_digest: string;
  created_at_ms: number;
}

interface DecisionRow {
  id: string;
  project_id: string;
  evaluation_id: string;
  decision_key: string | null;
  rules: string;
  rules_digest: string;
  evidence: string;
  evidence_digest: string;
  decision: string;
  decided_at_ms: number;
  business_at_ms: number;
}

interface EvaluationTables {
  evaluation_evaluations: EvaluationRow;
  evaluation_decisions: DecisionRow;
}

/** Which page of a list. */
export interface PageRequest {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Writes an evaluation once. */
export async function insertEvaluation(tx: SqlTx, evaluation: Evaluation): Promise<void> {
  const { spec, report } = evaluation;
  const row: EvaluationRow = {
    id: evaluation.id,
    project_id: evaluation.projectId,
    run_id: evaluation.runId ?? null,
    model_digest: spec.modelDigest,
    frame_digest: spec.frameDigest,
    spec: JSON.stringify(toWireJson(spec)),
    spec_digest: evaluation.specDigest,
    report: JSON.stringify(toWireJson(report)),
    report_digest: evaluation.reportDigest,
    created_at_ms: evaluation.createdAtMs,
  };
  await tx.tables<EvaluationTables>().insertInto('evaluation_evaluations').values(row).execute();
}

/** Finds the evaluation that was asked for in the same words. */
export async function findBySpec(tx: SqlTx, projectId: string, specDigest: string): Promise<Evaluation | undefined> {
  const row = await tx
    .tables<EvaluationTables>()
    .selectFrom('evaluation_evaluations')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('spec_digest', '=', specDigest)
    .executeTakeFirst();
  return row === undefined ? undefined : evaluationOf(row);
}

/** Reads an evaluation, or throws `evaluation/not-found`. */
export async function requireEvaluation(tx: SqlTx, evaluationId: string, projectId?: string): Promise<Evaluation> {
  const row = await tx
    .tables<EvaluationTables>()
    .selectFrom('evaluation_evaluations')
    .selectAll()
    .where('id', '=', evaluationId)
    .executeTakeFirst();
  if (row !== undefined && (projectId ?? row.project_id) === row.project_id) return evaluationOf(row);
  throw new GyreError({
    kind: 'not-found',
    code: 'evaluation/not-found',
    message: `there is no evaluation "${evaluationId.slice(0, 60)}"`,
  });
}

/** Lists evaluations, newest first. */
export async function listEvaluationRows(
  tx: SqlTx,
  query: { readonly projectId: string; readonly modelDigest?: string } & PageRequest,
): Promise<Page<Evaluation>> {
  const list = `evaluations:${query.projectId}:${query.modelDigest ?? ''}`;
  const limit = requireLimit(query.limit ?? 50);
  let select = tx
    .tables<EvaluationTables>()
    .selectFrom('evaluation_evaluations')
    .selectAll()
    .where('project_id', '=', query.projectId);
  if (query.modelDigest !== undefined) select = select.where('model_digest', '=', query.modelDigest);
  if (query.cursor !== undefined) select = select.where('id', '<', lastIdOf(list, query.cursor));
  const rows = await select
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, { limit, list, item: evaluationOf });
}

/** Writes a decision once. */
export async function insertDecision(tx: SqlTx, record: GateDecisionRecord, key: string | undefined): Promise<void> {
  const row: DecisionRow = {
    id: record.id,
    project_id: record.projectId,
    evaluation_id: record.evaluationId,
    decision_key: key ?? null,
    rules: JSON.stringify(toWireJson(record.rules)),
    rules_digest: record.rulesDigest,
    evidence: JSON.stringify(toWireJson(record.evidence)),
    evidence_digest: record.evidenceDigest,
    decision: JSON.stringify(toWireJson(record.decision)),
    decided_at_ms: record.decidedAtMs,
    business_at_ms: record.businessAtMs,
  };
  await tx.tables<EvaluationTables>().insertInto('evaluation_decisions').values(row).execute();
}

/** Finds the decision that was made under a key. */
export async function findDecisionByKey(tx: SqlTx, projectId: string, key: string): Promise<GateDecisionRecord | undefined> {
  const row = await tx
    .tables<EvaluationTables>()
    .selectFrom('evaluation_decisions')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('decision_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : decisionOf(row);
}

/** Reads a decision, or throws `evaluation/decision-not-found`. */
export async function requireDecision(tx: SqlTx, decisionId: string, projectId?: string): Promise<GateDecisionRecord> {
  const row = await tx
    .tables<EvaluationTables>()
    .selectFrom('evaluation_decisions')
    .selectAll()
    .where('id', '=', decisionId)
    .executeTakeFirst();
  if (row !== undefined && (projectId ?? row.project_id) === row.project_id) return decisionOf(row);
  throw new GyreError({
    kind: 'not-found',
    code: 'evaluation/decision-not-found',
    message: `there is no gate decision "${decisionId.slice(0, 60)}"`,
  });
}

/** Lists decisions, newest first. */
export async function listDecisionRows(
  tx: SqlTx,
  query: { readonly projectId: string; readonly evaluationId?: string } & PageRequest,
): Promise<Page<GateDecisionRecord>> {
  const list = `decisions:${query.projectId}:${query.evaluationId ?? ''}`;
  const limit = requireLimit(query.limit ?? 50);
  let select = tx
    .tables<EvaluationTables>()
    .selectFrom('evaluation_decisions')
    .selectAll()
    .where('project_id', '=', query.projectId);
  if (query.evaluationId !== undefined) select = select.where('evaluation_id', '=', query.evaluationId);
  if (query.cursor !== undefined) select = select.where('id', '<', lastIdOf(list, query.cursor));
  const rows = await select
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, { limit, list, item: decisionOf });
}

function pageOf<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  page: { readonly limit: number; readonly list: string; readonly item: (row: Row) => Item },
): Page<Item> {
  const items = rows.slice(0, page.limit).map(page.item);
  const last = rows[page.limit - 1];
  if (rows.length <= page.limit || last === undefined) return { items };
  return { items, nextCursor: encodeCursor(page.list, [last.id]) };
}

function lastIdOf(list: string, cursor: string): string {
  return String(decodeCursor(list, cursor)[0] ?? '');
}

function requireLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new GyreError({
    kind: 'invalid',
    code: 'evaluation/bad-query',
    message: `limit ${String(limit)} is not a whole number from 1 to 1000`,
  });
}

function evaluationOf(row: EvaluationRow): Evaluation {
  return {
    id: row.id,
    projectId: row.project_id,
    runId: row.run_id ?? undefined,
    spec: fromJsonText<Evaluation['spec']>(row.spec),
    specDigest: parseDigest(row.spec_digest),
    report: fromJsonText<Evaluation['report']>(row.report),
    reportDigest: parseDigest(row.report_digest),
    createdAtMs: row.created_at_ms,
  };
}

function decisionOf(row: DecisionRow): GateDecisionRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    evaluationId: row.evaluation_id,
    rules: fromJsonText<GateDecisionRecord['rules']>(row.rules),
    rulesDigest: parseDigest(row.rules_digest),
    evidence: fromJsonText<GateDecisionRecord['evidence']>(row.evidence),
    evidenceDigest: parseDigest(row.evidence_digest),
    decision: fromJsonText<GateDecisionRecord['decision']>(row.decision),
    decidedAtMs: row.decided_at_ms,
    businessAtMs: row.business_at_ms,
  };
}
