// Written by scripts/generate-client.ts from every api.ts. Do not edit: run it again.
import type * as accessApi from '#access/api';
import type * as dataApi from '#data/api';
import type * as evaluationApi from '#evaluation/api';
import type * as featuresApi from '#features/api';
import type * as feedbackApi from '#feedback/api';
import type * as governanceApi from '#governance/api';
import type * as loopsApi from '#loops/api';
import type * as monitoringApi from '#monitoring/api';
import type * as pipelinesApi from '#pipelines/api';
import type * as serverApi from '#platform/server/api';
import type * as projectsApi from '#projects/api';
import type * as registryApi from '#registry/api';
import type * as servingApi from '#serving/api';
import type * as trackingApi from '#tracking/api';
import type { BytesCall, RouteCall, RouteEntry } from './route-calls.ts';

/** Every route, as the client needs it at run time. */
export const ROUTES = {
  'access.whoami': { method: 'GET', path: '/api/v1/whoami', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'data.appendFile': { method: 'POST', path: '/api/v1/projects/:project/datasets/:dataset/files', body: 'bytes', answer: 'json', idempotency: 'key', query: ['format', 'batch'] },
  'data.appendRows': { method: 'POST', path: '/api/v1/projects/:project/datasets/:dataset/rows', body: 'json', answer: 'json', idempotency: 'key', query: ['batch'] },
  'data.cutVersion': { method: 'POST', path: '/api/v1/projects/:project/datasets/:dataset/versions', body: 'json', answer: 'json', idempotency: 'natural', query: [] },
  'data.getDataset': { method: 'GET', path: '/api/v1/projects/:project/datasets/:dataset', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'data.getVersion': { method: 'GET', path: '/api/v1/projects/:project/datasets/:dataset/versions/:version', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'data.listDatasets': { method: 'GET', path: '/api/v1/projects/:project/datasets', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'data.listVersions': { method: 'GET', path: '/api/v1/projects/:project/datasets/:dataset/versions', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor'] },
  'evaluation.getEvaluation': { method: 'GET', path: '/api/v1/projects/:project/evaluations/:evaluation', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'evaluation.getGateDecision': { method: 'GET', path: '/api/v1/projects/:project/gate-decisions/:decision', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'evaluation.listEvaluations': { method: 'GET', path: '/api/v1/projects/:project/evaluations', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor', 'modelDigest'] },
  'evaluation.listGateDecisions': { method: 'GET', path: '/api/v1/projects/:project/gate-decisions', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor', 'evaluation'] },
  'features.getView': { method: 'GET', path: '/api/v1/projects/:project/feature-views/:view', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'features.listViews': { method: 'GET', path: '/api/v1/projects/:project/feature-views', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'feedback.appendOutcomes': { method: 'POST', path: '/api/v1/projects/:project/outcomes/:feed', body: 'json', answer: 'json', idempotency: 'key', query: ['batch'] },
  'feedback.listOutcomes': { method: 'GET', path: '/api/v1/projects/:project/outcomes', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'governance.decideApproval': { method: 'POST', path: '/api/v1/projects/:project/approvals/:approval/decisions', body: 'json', answer: 'json', idempotency: 'key', query: [] },
  'governance.listApprovals': { method: 'GET', path: '/api/v1/projects/:project/approvals', body: 'none', answer: 'json', idempotency: 'safe', query: ['state'] },
  'governance.listAudit': { method: 'GET', path: '/api/v1/projects/:project/audit', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'before', 'resource'] },
  'governance.verifyAudit': { method: 'POST', path: '/api/v1/audit/verifications', body: 'none', answer: 'json', idempotency: 'natural', query: [] },
  'governance.why': { method: 'GET', path: '/api/v1/projects/:project/why', body: 'none', answer: 'json', idempotency: 'safe', query: ['subject'] },
  'loops.decideTurn': { method: 'POST', path: '/api/v1/projects/:project/turns/:turn/decisions', body: 'json', answer: 'json', idempotency: 'key', query: [] },
  'loops.getTurn': { method: 'GET', path: '/api/v1/projects/:project/turns/:turn', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'loops.home': { method: 'GET', path: '/api/v1/home', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'loops.list': { method: 'GET', path: '/api/v1/projects/:project/loops', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'loops.listTurns': { method: 'GET', path: '/api/v1/projects/:project/turns', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor'] },
  'loops.startTurn': { method: 'POST', path: '/api/v1/projects/:project/loops/:loop/turns', body: 'json', answer: 'json', idempotency: 'key', query: [] },
  'monitoring.getHealth': { method: 'GET', path: '/api/v1/projects/:project/endpoints/:endpoint/health', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'monitoring.listAlerts': { method: 'GET', path: '/api/v1/projects/:project/alerts', body: 'none', answer: 'json', idempotency: 'safe', query: ['state', 'limit', 'cursor'] },
  'monitoring.listMonitors': { method: 'GET', path: '/api/v1/projects/:project/monitors', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'monitoring.listWindows': { method: 'GET', path: '/api/v1/projects/:project/monitors/:monitor/windows', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor'] },
  'pipelines.cancel': { method: 'POST', path: '/api/v1/projects/:project/pipeline-runs/:run/cancel', body: 'none', answer: 'json', idempotency: 'natural', query: [] },
  'pipelines.getLog': { method: 'GET', path: '/api/v1/projects/:project/pipeline-runs/:run/log', body: 'none', answer: 'json', idempotency: 'safe', query: ['after', 'step', 'limit'] },
  'pipelines.getRun': { method: 'GET', path: '/api/v1/projects/:project/pipeline-runs/:run', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'pipelines.listRuns': { method: 'GET', path: '/api/v1/projects/:project/pipeline-runs', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor'] },
  'pipelines.start': { method: 'POST', path: '/api/v1/projects/:project/pipeline-runs', body: 'json', answer: 'json', idempotency: 'key', query: [] },
  'projects.advanceClock': { method: 'POST', path: '/api/v1/projects/:project/clock', body: 'json', answer: 'json', idempotency: 'natural', query: [] },
  'projects.apply': { method: 'PUT', path: '/api/v1/projects/:project', body: 'json', answer: 'json', idempotency: 'natural', query: [] },
  'projects.get': { method: 'GET', path: '/api/v1/projects/:project', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'projects.getClock': { method: 'GET', path: '/api/v1/projects/:project/clock', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'projects.getSchema': { method: 'GET', path: '/api/v1/project-schema', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'projects.list': { method: 'GET', path: '/api/v1/projects', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'registry.downloadFile': { method: 'GET', path: '/api/v1/projects/:project/models/:model/versions/:number/file', body: 'none', answer: 'bytes', idempotency: 'safe', query: ['path'] },
  'registry.getAlias': { method: 'GET', path: '/api/v1/projects/:project/models/:model/aliases/:alias', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'registry.getAliasHistory': { method: 'GET', path: '/api/v1/projects/:project/models/:model/alias-history', body: 'none', answer: 'json', idempotency: 'safe', query: ['alias'] },
  'registry.getModel': { method: 'GET', path: '/api/v1/projects/:project/models/:model', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'registry.getVersion': { method: 'GET', path: '/api/v1/projects/:project/models/:model/versions/:number', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'registry.listModels': { method: 'GET', path: '/api/v1/projects/:project/models', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'registry.listVersions': { method: 'GET', path: '/api/v1/projects/:project/models/:model/versions', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit', 'cursor'] },
  'registry.moveAlias': { method: 'PUT', path: '/api/v1/projects/:project/models/:model/aliases/:alias', body: 'json', answer: 'json', idempotency: 'natural', query: [] },
  'server.events': { method: 'GET', path: '/api/v1/events', body: 'none', answer: 'events', idempotency: 'safe', query: ['topics', 'project'] },
  'server.get': { method: 'GET', path: '/api/v1/server', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'server.health': { method: 'GET', path: '/health', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'server.openApi': { method: 'GET', path: '/api/openapi.json', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'serving.decideRollout': { method: 'POST', path: '/api/v1/projects/:project/rollouts/:rollout/decisions', body: 'json', answer: 'json', idempotency: 'key', query: [] },
  'serving.deploy': { method: 'PUT', path: '/api/v1/projects/:project/endpoints/:endpoint/desired', body: 'json', answer: 'json', idempotency: 'natural', query: [] },
  'serving.getEndpoint': { method: 'GET', path: '/api/v1/projects/:project/endpoints/:endpoint', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'serving.getRollout': { method: 'GET', path: '/api/v1/projects/:project/rollouts/:rollout', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'serving.listEndpoints': { method: 'GET', path: '/api/v1/projects/:project/endpoints', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'serving.listPredictions': { method: 'GET', path: '/api/v1/projects/:project/endpoints/:endpoint/predictions', body: 'none', answer: 'json', idempotency: 'safe', query: ['limit'] },
  'serving.listRollouts': { method: 'GET', path: '/api/v1/projects/:project/rollouts', body: 'none', answer: 'json', idempotency: 'safe', query: ['endpoint', 'limit'] },
  'serving.startRollout': { method: 'POST', path: '/api/v1/projects/:project/endpoints/:endpoint/rollouts', body: 'json', answer: 'json', idempotency: 'key', query: [] },
  'tracking.getMetricHistory': { method: 'GET', path: '/api/v1/projects/:project/runs/:run/metric-history', body: 'none', answer: 'json', idempotency: 'safe', query: ['name', 'limit', 'cursor'] },
  'tracking.getRun': { method: 'GET', path: '/api/v1/projects/:project/runs/:run', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'tracking.listExperiments': { method: 'GET', path: '/api/v1/projects/:project/experiments', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'tracking.listRuns': { method: 'GET', path: '/api/v1/projects/:project/runs', body: 'none', answer: 'json', idempotency: 'safe', query: ['experiment', 'state', 'kind', 'parent', 'sort', 'limit', 'cursor'] },
} as const satisfies Readonly<Record<string, RouteEntry>>;

/** Every route as a function, by slice. */
export interface RouteGroups {
  readonly access: {
    /** Tells who is calling and which rights they have on the whole server. */
    readonly whoami: RouteCall<typeof accessApi.whoamiRoute>;
  };
  readonly data: {
    /** Appends the rows of a CSV, Parquet or NDJSON file; durable when it answers. */
    readonly appendFile: RouteCall<typeof dataApi.appendFileRoute>;
    /** Appends up to 20,000 rows given as columns; durable when it answers. */
    readonly appendRows: RouteCall<typeof dataApi.appendRowsRoute>;
    /** Makes the version of all facts known before a time; the same time again gives the same version. */
    readonly cutVersion: RouteCall<typeof dataApi.cutVersionRoute>;
    /** Reads one dataset. */
    readonly getDataset: RouteCall<typeof dataApi.getDatasetRoute>;
    /** Reads one version with its profile, check results and a sample of what was set aside. */
    readonly getVersion: RouteCall<typeof dataApi.getVersionRoute>;
    /** Lists the declared datasets with what they hold. */
    readonly listDatasets: RouteCall<typeof dataApi.listDatasetsRoute>;
    /** Lists the versions of a dataset, newest first. */
    readonly listVersions: RouteCall<typeof dataApi.listVersionsRoute>;
  };
  readonly evaluation: {
    /** Reads one evaluation with its metrics, slices and comparisons. */
    readonly getEvaluation: RouteCall<typeof evaluationApi.getEvaluationRoute>;
    /** Reads one gate decision with its reasons, rules and evidence. */
    readonly getGateDecision: RouteCall<typeof evaluationApi.getGateDecisionRoute>;
    /** Lists evaluations, newest first. */
    readonly listEvaluations: RouteCall<typeof evaluationApi.listEvaluationsRoute>;
    /** Lists gate decisions, newest first. */
    readonly listGateDecisions: RouteCall<typeof evaluationApi.listGateDecisionsRoute>;
  };
  readonly features: {
    /** Reads one feature view: its inputs, its features and its definition. */
    readonly getView: RouteCall<typeof featuresApi.getFeatureViewRoute>;
    /** Lists the declared feature views. */
    readonly listViews: RouteCall<typeof featuresApi.listFeatureViewsRoute>;
  };
  readonly feedback: {
    /** Appends rows to the dataset of an outcome feed, given as columns; durable when it answers. */
    readonly appendOutcomes: RouteCall<typeof feedbackApi.appendOutcomesRoute>;
    /** Lists the outcome feeds with how many labels came and how late. */
    readonly listOutcomes: RouteCall<typeof feedbackApi.listOutcomesRoute>;
  };
  readonly governance: {
    /** Approves or rejects what waits for a person. */
    readonly decideApproval: RouteCall<typeof governanceApi.decideApprovalRoute>;
    /** Lists approvals, newest first. */
    readonly listApprovals: RouteCall<typeof governanceApi.listApprovalsRoute>;
    /** Lists audit entries of a project, newest first. */
    readonly listAudit: RouteCall<typeof governanceApi.listAuditRoute>;
    /** Recomputes the audit tree from all entries and holds it against every kept checkpoint. */
    readonly verifyAudit: RouteCall<typeof governanceApi.verifyAuditRoute>;
    /** Explains a turn (`3`), a model version (`churn:8`, `churn@champion`) from stored facts alone. */
    readonly why: RouteCall<typeof governanceApi.whyRoute>;
  };
  readonly loops: {
    /** Aborts an open turn; its rollout, if one is on, goes back to what served before. */
    readonly decideTurn: RouteCall<typeof loopsApi.decideTurnRoute>;
    /** Reads a turn: what happened at each stage, why, and on what evidence. */
    readonly getTurn: RouteCall<typeof loopsApi.getTurnRoute>;
    /** Answers for every served model: is it healthy, on target, what changed, what needs a person. */
    readonly home: RouteCall<typeof loopsApi.homeRoute>;
    /** Lists the loops of a project with their rules and last turns. */
    readonly list: RouteCall<typeof loopsApi.listLoopsRoute>;
    /** Lists turns, newest first. */
    readonly listTurns: RouteCall<typeof loopsApi.listTurnsRoute>;
    /** Starts a turn of a loop by hand; an open turn absorbs the request. */
    readonly startTurn: RouteCall<typeof loopsApi.startTurnRoute>;
  };
  readonly monitoring: {
    /** Tells how a served model is, from its firing alerts and newest windows. */
    readonly getHealth: RouteCall<typeof monitoringApi.getHealthRoute>;
    /** Lists the alerts of a project, newest first. */
    readonly listAlerts: RouteCall<typeof monitoringApi.listAlertsRoute>;
    /** Lists the monitors of a project with their rules and newest windows. */
    readonly listMonitors: RouteCall<typeof monitoringApi.listMonitorsRoute>;
    /** Lists the evaluated windows of a monitor, newest first. */
    readonly listWindows: RouteCall<typeof monitoringApi.listWindowsRoute>;
  };
  readonly pipelines: {
    /** Cancels a pipeline run: running steps are ended, waiting ones skipped; an ended run stays as it is. */
    readonly cancel: RouteCall<typeof pipelinesApi.cancelPipelineRunRoute>;
    /** Reads log lines of a pipeline run behind a line number; the event pipelines.log-appended tells of new ones. */
    readonly getLog: RouteCall<typeof pipelinesApi.pipelineLogRoute>;
    /** Reads a pipeline run with its steps. */
    readonly getRun: RouteCall<typeof pipelinesApi.getPipelineRunRoute>;
    /** Lists pipeline runs, newest first. */
    readonly listRuns: RouteCall<typeof pipelinesApi.listPipelineRunsRoute>;
    /** Starts a run of a pipeline of the project file. */
    readonly start: RouteCall<typeof pipelinesApi.startPipelineRoute>;
  };
  readonly projects: {
    /** Moves the business clock of a replay project forward. */
    readonly advanceClock: RouteCall<typeof projectsApi.advanceClockRoute>;
    /** Applies a project file: makes the project or changes it; the same file again changes nothing. */
    readonly apply: RouteCall<typeof projectsApi.applyProjectRoute>;
    /** Reads one project with its current document. */
    readonly get: RouteCall<typeof projectsApi.getProjectRoute>;
    /** Reads the business clock and how much work is pending. */
    readonly getClock: RouteCall<typeof projectsApi.getClockRoute>;
    /** Gives the JSON schema of the project file, for editors. */
    readonly getSchema: RouteCall<typeof projectsApi.projectSchemaRoute>;
    /** Lists the projects by name. */
    readonly list: RouteCall<typeof projectsApi.listProjectsRoute>;
  };
  readonly registry: {
    /** Downloads one file of a version; its digest is in the ETag. */
    readonly downloadFile: BytesCall<typeof registryApi.downloadFileRoute>;
    /** Reads where an alias points. */
    readonly getAlias: RouteCall<typeof registryApi.getAliasRoute>;
    /** Reads every move of a model’s aliases, newest first: who, when, from, to, why. */
    readonly getAliasHistory: RouteCall<typeof registryApi.getAliasHistoryRoute>;
    /** Reads one registered model and where its aliases point. */
    readonly getModel: RouteCall<typeof registryApi.getModelRoute>;
    /** Reads one version of a model. */
    readonly getVersion: RouteCall<typeof registryApi.getVersionRoute>;
    /** Lists the registered models of a project by name. */
    readonly listModels: RouteCall<typeof registryApi.listModelsRoute>;
    /** Lists the versions of a model, newest first. */
    readonly listVersions: RouteCall<typeof registryApi.listVersionsRoute>;
    /** Points an alias to a version, or nowhere; takes If-Match with the ETag that was read, "0" for an alias that was never set. */
    readonly moveAlias: RouteCall<typeof registryApi.moveAliasRoute>;
  };
  readonly server: {
    /** Tells the version, state and optional parts of the server. */
    readonly get: RouteCall<typeof serverApi.serverRoute>;
    /** Answers 200 when the server takes requests, 503 when it is about to stop. */
    readonly health: RouteCall<typeof serverApi.healthRoute>;
    /** Describes every route as OpenAPI 3.1, from the schemas that validate. */
    readonly openApi: RouteCall<typeof serverApi.openApiRoute>;
  };
  readonly serving: {
    /** Holds a rollout where it is, promotes it at once, or aborts it; guards may still roll back what was promoted or held. */
    readonly decideRollout: RouteCall<typeof servingApi.decideRolloutRoute>;
    /** Serves versions of the model at once, without a rollout; weights are percent and sum to 100. */
    readonly deploy: RouteCall<typeof servingApi.deployRoute>;
    /** Reads one endpoint: what should be served, what answers, and how fast. */
    readonly getEndpoint: RouteCall<typeof servingApi.getEndpointRoute>;
    /** Reads one rollout with every decision and its reasons. */
    readonly getRollout: RouteCall<typeof servingApi.getRolloutRoute>;
    /** Lists the endpoints that the project file declares, with what is served behind them. */
    readonly listEndpoints: RouteCall<typeof servingApi.listEndpointsRoute>;
    /** Lists the latest logged predictions, newest first. */
    readonly listPredictions: RouteCall<typeof servingApi.listPredictionsRoute>;
    /** Lists rollouts, newest first. */
    readonly listRollouts: RouteCall<typeof servingApi.listRolloutsRoute>;
    /** Starts bringing a version to the endpoint in the steps of its plan. */
    readonly startRollout: RouteCall<typeof servingApi.startRolloutRoute>;
  };
  readonly tracking: {
    /** Reads the points of one metric of a run, by step, then time. */
    readonly getMetricHistory: RouteCall<typeof trackingApi.getMetricHistoryRoute>;
    /** Reads one run with everything it has but metric histories. */
    readonly getRun: RouteCall<typeof trackingApi.getRunRoute>;
    /** Lists the experiments of a project by name. */
    readonly listExperiments: RouteCall<typeof trackingApi.listExperimentsRoute>;
    /** Lists runs, newest first unless sorted otherwise. */
    readonly listRuns: RouteCall<typeof trackingApi.listRunsRoute>;
  };
}
