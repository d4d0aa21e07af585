import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import type { TrackingSlice } from '#tracking';
import { type DecideDeps, decide, readGateRules, readHighestLevel } from './decide-gate-store.ts';
import { type EvaluateDeps, evaluateModel } from './evaluate-model-store.ts';
import { listDecisionRows, listEvaluationRows, requireDecision, requireEvaluation } from './evaluation-rows-sql.ts';
import type { EvaluationSlice } from './evaluations.ts';
import { gatesSection } from './gates-section.ts';
import { evaluationMigrations } from './migrations.ts';
import { evaluationRoutes } from './routes.ts';
import { judgeInProcess } from './spawn-evaluation-process.ts';

/** What this slice is given from the rooms above it. */
export interface EvaluationUpstream {
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly tracking: Pick<TrackingSlice, 'logEstimates'>;
}

/** What this slice takes of the platform. */
export type EvaluationPorts = Pick<Platform, 'database' | 'blobs' | 'compute' | 'clock' | 'ids' | 'scratchFolder' | 'failpoint'> &
  Pick<DecideDeps, 'events' | 'audit'>;

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - `projects` reads gates, objectives and the business clock; `tracking` keeps the estimates of a run.
 * @returns The slice and what others call.
 */
export function createEvaluationSlice(platform: EvaluationPorts, upstream: EvaluationUpstream): EvaluationSlice {
  const { database, events, audit, clock, ids, failpoint } = platform;
  const decideDeps = { events, audit, clock, ids, projects: upstream.projects };
  const evaluateDeps: EvaluateDeps = {
    database,
    events,
    clock,
    ids,
    failpoint,
    tracking: upstream.tracking,
    levelOf: (tx, projectId) => readHighestLevel({ projects: upstream.projects }, tx, projectId),
    judge: (spec, signal) => judgeInProcess(platform, spec, signal),
  };
  return {
    name: 'evaluation',
    migrations: evaluationMigrations,
    projectSection: gatesSection,
    routes: evaluationRoutes(database, upstream.projects),
    evaluateModel: (request) => evaluateModel(evaluateDeps, request),
    findEvaluation: (tx, evaluationId) => requireEvaluation(tx, evaluationId),
    listEvaluations: listEvaluationRows,
    gateRules: (tx, projectId, gate) => readGateRules({ projects: upstream.projects }, tx, { projectId, gate }),
    decide: (tx, request) => decide(decideDeps, tx, request),
    findDecision: (tx, decisionId) => requireDecision(tx, decisionId),
    listDecisions: listDecisionRows,
  };
}
