import { formatTime, toWireJson } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { SqlDatabase } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import {
  type EvaluationBody,
  type GateDecisionBody,
  getEvaluationRoute,
  getGateDecisionRoute,
  listEvaluationsRoute,
  listGateDecisionsRoute,
} from './api.ts';
import type { Evaluation } from './evaluation.ts';
import { listDecisionRows, listEvaluationRows, requireDecision, requireEvaluation } from './evaluation-rows-sql.ts';
import type { GateDecisionRecord } from './gate.ts';

/** Binds the routes of this slice. */
export function evaluationRoutes(database: SqlDatabase, projects: Pick<ProjectsSlice, 'find'>): readonly BoundRoute[] {
  return [
    bindRoute(listEvaluationsRoute, async ({ params, query }) => {
      const page = await database.read(async (tx) =>
        listEvaluationRows(tx, { ...query, projectId: (await projects.find(tx, params.project)).id }),
      );
      return { body: { ...page, items: page.items.map(presentEvaluation) } };
    }),
    bindRoute(getEvaluationRoute, async ({ params }) => {
      const evaluation = await database.read(async (tx) =>
        requireEvaluation(tx, params.evaluation, (await projects.find(tx, params.project)).id),
      );
      return { body: presentEvaluation(evaluation) };
    }),
    bindRoute(listGateDecisionsRoute, async ({ params, query: { evaluation, ...query } }) => {
      const narrowed = evaluation === undefined ? query : { ...query, evaluationId: evaluation };
      const page = await database.read(async (tx) =>
        listDecisionRows(tx, { ...narrowed, projectId: (await projects.find(tx, params.project)).id }),
      );
      return { body: { ...page, items: page.items.map(presentDecision) } };
    }),
    bindRoute(getGateDecisionRoute, async ({ params }) => {
      const record = await database.read(async (tx) =>
        requireDecision(tx, params.decision, (await projects.find(tx, params.project)).id),
      );
      return { body: presentDecision(record) };
    }),
  ];
}

function presentEvaluation(evaluation: Evaluation): EvaluationBody {
  const { spec, createdAtMs, projectId: _projectId, ...rest } = evaluation;
  const { rows, ...settings } = spec;
  const wireRows = { split: rows.split, from: formatTime(rows.fromMs), to: formatTime(rows.toMs) };
  // The schema describes the domain object member by member; the host checks the answer against it.
  return toWireJson({
    ...rest,
    spec: { ...settings, rows: wireRows },
    createdAt: formatTime(createdAtMs),
  }) as unknown as EvaluationBody;
}

function presentDecision(record: GateDecisionRecord): GateDecisionBody {
  const { decision, decidedAtMs, businessAtMs, projectId: _projectId, ...rest } = record;
  const times = { decidedAt: formatTime(decidedAtMs), businessAt: formatTime(businessAtMs) };
  // As above.
  return toWireJson({ ...rest, ...decision, ...times }) as unknown as GateDecisionBody;
}
