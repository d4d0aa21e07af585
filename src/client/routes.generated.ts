// Written by scripts/generate-client.ts from every api.ts. Do not edit: run it again.
import type {
  whoamiRoute,
} from '#access/api';
import type {
  decideApprovalRoute,
  listApprovalsRoute,
  listAuditRoute,
  verifyAuditRoute,
  whyRoute,
} from '#governance/api';
import type {
  decideTurnRoute,
  getTurnRoute,
  homeRoute,
  listLoopsRoute,
  listTurnsRoute,
  startTurnRoute,
} from '#loops/api';
import type {
  cancelPipelineRunRoute,
  getPipelineRunRoute,
  listPipelineRunsRoute,
  pipelineLogRoute,
  startPipelineRoute,
} from '#pipelines/api';
import type {
  healthRoute,
  openApiRoute,
  serverRoute,
} from '#platform/server/api';
import type {
  advanceClockRoute,
  applyProjectRoute,
  getClockRoute,
  getProjectRoute,
  listProjectsRoute,
  projectSchemaRoute,
} from '#projects/api';
import type {
  getMetricHistoryRoute,
  getRunRoute,
  listExperimentsRoute,
  listRunsRoute,
} from '#tracking/api';
import type { RouteCall, RouteEntry } from './route-types.ts';

/** Every route, as the client needs it at run time. */
export const ROUTES = {
  'access.whoami': { method: 'GET', path: '/api/v1/whoami', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
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
  'server.events': { method: 'GET', path: '/api/v1/events', body: 'none', answer: 'events', idempotency: 'safe', query: ['topics', 'project'] },
  'server.get': { method: 'GET', path: '/api/v1/server', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'server.health': { method: 'GET', path: '/health', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'server.openApi': { method: 'GET', path: '/api/openapi.json', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'tracking.getMetricHistory': { method: 'GET', path: '/api/v1/projects/:project/runs/:run/metric-history', body: 'none', answer: 'json', idempotency: 'safe', query: ['name', 'limit', 'cursor'] },
  'tracking.getRun': { method: 'GET', path: '/api/v1/projects/:project/runs/:run', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'tracking.listExperiments': { method: 'GET', path: '/api/v1/projects/:project/experiments', body: 'none', answer: 'json', idempotency: 'safe', query: [] },
  'tracking.listRuns': { method: 'GET', path: '/api/v1/projects/:project/runs', body: 'none', answer: 'json', idempotency: 'safe', query: ['experiment', 'state', 'kind', 'parent', 'sort', 'limit', 'cursor'] },
} as const satisfies Readonly<Record<string, RouteEntry>>;

/** Every route as a function, by slice. */
export interface RouteGroups {
  readonly access: {
    /** Tells who is calling and which rights they have on the whole server. */
    readonly whoami: RouteCall<typeof whoamiRoute>;
  };
  readonly governance: {
    /** Approves or rejects what waits for a person. */
    readonly decideApproval: RouteCall<typeof decideApprovalRoute>;
    /** Lists approvals, newest first. */
    readonly listApprovals: RouteCall<typeof listApprovalsRoute>;
    /** Lists audit entries of a project, newest first. */
    readonly listAudit: RouteCall<typeof listAuditRoute>;
    /** Recomputes the audit tree from all entries and holds it against every kept checkpoint. */
    readonly verifyAudit: RouteCall<typeof verifyAuditRoute>;
    /** Explains a turn (`3`), a model version (`churn:8`, `churn@champion`) from stored facts alone. */
    readonly why: RouteCall<typeof whyRoute>;
  };
  readonly loops: {
    /** Aborts an open turn; its rollout, if one is on, goes back to what served before. */
    readonly decideTurn: RouteCall<typeof decideTurnRoute>;
    /** Reads a turn: what happened at each stage, why, and on what evidence. */
    readonly getTurn: RouteCall<typeof getTurnRoute>;
    /** Answers for every served model: is it healthy, on target, what changed, what needs a person. */
    readonly home: RouteCall<typeof homeRoute>;
    /** Lists the loops of a project with their rules and last turns. */
    readonly list: RouteCall<typeof listLoopsRoute>;
    /** Lists turns, newest first. */
    readonly listTurns: RouteCall<typeof listTurnsRoute>;
    /** Starts a turn of a loop by hand; an open turn absorbs the request. */
    readonly startTurn: RouteCall<typeof startTurnRoute>;
  };
  readonly pipelines: {
    /** Cancels a pipeline run: running steps are ended, waiting ones skipped; an ended run stays as it is. */
    readonly cancel: RouteCall<typeof cancelPipelineRunRoute>;
    /** Reads log lines of a pipeline run behind a line number; the event pipelines.log-appended tells of new ones. */
    readonly getLog: RouteCall<typeof pipelineLogRoute>;
    /** Reads a pipeline run with its steps. */
    readonly getRun: RouteCall<typeof getPipelineRunRoute>;
    /** Lists pipeline runs, newest first. */
    readonly listRuns: RouteCall<typeof listPipelineRunsRoute>;
    /** Starts a run of a pipeline of the project file. */
    readonly start: RouteCall<typeof startPipelineRoute>;
  };
  readonly projects: {
    /** Moves the business clock of a replay project forward. */
    readonly advanceClock: RouteCall<typeof advanceClockRoute>;
    /** Applies a project file: makes the project or changes it; the same file again changes nothing. */
    readonly apply: RouteCall<typeof applyProjectRoute>;
    /** Reads one project with its current document. */
    readonly get: RouteCall<typeof getProjectRoute>;
    /** Reads the business clock and how much work is pending. */
    readonly getClock: RouteCall<typeof getClockRoute>;
    /** Gives the JSON schema of the project file, for editors. */
    readonly getSchema: RouteCall<typeof projectSchemaRoute>;
    /** Lists the projects by name. */
    readonly list: RouteCall<typeof listProjectsRoute>;
  };
  readonly server: {
    /** Tells the version, state and optional parts of the server. */
    readonly get: RouteCall<typeof serverRoute>;
    /** Answers 200 when the server takes requests, 503 when it is about to stop. */
    readonly health: RouteCall<typeof healthRoute>;
    /** Describes every route as OpenAPI 3.1, from the schemas that validate. */
    readonly openApi: RouteCall<typeof openApiRoute>;
  };
  readonly tracking: {
    /** Reads the points of one metric of a run, by step, then time. */
    readonly getMetricHistory: RouteCall<typeof getMetricHistoryRoute>;
    /** Reads one run with everything it has but metric histories. */
    readonly getRun: RouteCall<typeof getRunRoute>;
    /** Lists the experiments of a project by name. */
    readonly listExperiments: RouteCall<typeof listExperimentsRoute>;
    /** Lists runs, newest first unless sorted otherwise. */
    readonly listRuns: RouteCall<typeof listRunsRoute>;
  };
}
