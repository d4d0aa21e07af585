import { type Static, Type } from 'typebox';
import { defineRoute, EstimateSchema, PageQuery, ProjectParams, pageOf, TimeSchema, WireNumberSchema } from '#platform/http/api';

const Project = Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' });

const MonitorParams = Type.Object(
  { project: Project, monitor: Type.String({ minLength: 1, maxLength: 63, description: 'Name of the monitor' }) },
  { additionalProperties: false },
);

const EndpointParams = Type.Object(
  { project: Project, endpoint: Type.String({ minLength: 1, maxLength: 63, description: 'Name of the endpoint' }) },
  { additionalProperties: false },
);

/** One quantity that a window was checked for. */
export const WindowSignalSchema = Type.Object({
  kind: Type.String({ description: 'drift, prediction-drift, missing or performance' }),
  subject: Type.String({ description: 'Input, metric, or score for the prediction' }),
  method: Type.String({ description: 'Named definition of the number' }),
  value: EstimateSchema,
  threshold: WireNumberSchema,
  verdict: Type.String({ description: 'pass, fail or undecided' }),
  text: Type.String({ description: 'What was found, in one sentence' }),
});

/** One evaluated window on the wire. */
export const MonitorWindowSchema = Type.Object({
  id: Type.String(),
  monitor: Type.String(),
  endpoint: Type.String(),
  from: TimeSchema,
  to: TimeSchema,
  evaluatedAt: TimeSchema,
  predictions: Type.Integer({ minimum: 0 }),
  coverage: Type.Object({
    expected: Type.Integer({ minimum: 0 }),
    arrived: Type.Integer({ minimum: 0 }),
    ratio: WireNumberSchema,
    mature: Type.Boolean(),
  }),
  verdict: Type.String({ description: 'The worst of the signals that decide; undecided when none does' }),
  signals: Type.Array(WindowSignalSchema),
});

/** One evaluated window on the wire. */
export type MonitorWindowBody = Static<typeof MonitorWindowSchema>;

/** One alert on the wire. */
export const AlertSchema = Type.Object({
  id: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  monitor: Type.String(),
  endpoint: Type.String(),
  subject: Type.String({ description: 'Such as drift:distance or performance:roc_auc' }),
  state: Type.String({ description: 'firing or resolved' }),
  reason: Type.String(),
  value: EstimateSchema,
  threshold: WireNumberSchema,
  windowId: Type.String(),
  firedAt: TimeSchema,
  resolvedAt: Type.Optional(TimeSchema),
});

/** One alert on the wire. */
export type AlertBody = Static<typeof AlertSchema>;

/** One monitor with its rules on the wire. */
export const MonitorSchema = Type.Object({
  name: Type.String(),
  endpoint: Type.String(),
  windowMs: Type.Integer({ minimum: 1 }),
  minimumRows: Type.Integer({ minimum: 1 }),
  drift: Type.Object({
    warn: Type.Number(),
    alert: Type.Number(),
    missing: Type.Number(),
    features: Type.Optional(Type.Array(Type.String())),
  }),
  performance: Type.Optional(
    Type.Object({
      objective: Type.String(),
      metric: Type.String(),
      direction: Type.String(),
      target: Type.Number(),
      outcome: Type.String(),
      minimumCoverage: Type.Number(),
      maturityMs: Type.Integer({ minimum: 0 }),
    }),
  ),
  firing: Type.Integer({ minimum: 0, description: 'Alerts of this monitor that fire now' }),
  lastWindow: Type.Optional(MonitorWindowSchema),
});

/** One monitor on the wire. */
export type MonitorBody = Static<typeof MonitorSchema>;

/** Health of an endpoint on the wire. */
export const EndpointHealthSchema = Type.Object({
  health: Type.String({ description: 'healthy, at risk, failing or undecided' }),
  reason: Type.String(),
  performance: Type.Optional(Type.Object({ metric: Type.String(), value: EstimateSchema, from: TimeSchema, to: TimeSchema })),
  history: Type.Array(Type.Object({ to: TimeSchema, value: EstimateSchema })),
  firing: Type.Array(AlertSchema),
});

/** Health of an endpoint on the wire. */
export type EndpointHealthBody = Static<typeof EndpointHealthSchema>;

const read = { right: 'monitoring:read', scope: 'project' } as const;

/** Lists monitors. */
export const listMonitorsRoute = defineRoute({
  id: 'monitoring.listMonitors',
  method: 'GET',
  path: '/api/v1/projects/:project/monitors',
  summary: 'Lists the monitors of a project with their rules and newest windows',
  params: ProjectParams,
  answer: Type.Object({ items: Type.Array(MonitorSchema) }),
  errors: ['projects/not-found'],
  authorize: read,
});

/** Lists windows of a monitor. */
export const listWindowsRoute = defineRoute({
  id: 'monitoring.listWindows',
  method: 'GET',
  path: '/api/v1/projects/:project/monitors/:monitor/windows',
  summary: 'Lists the evaluated windows of a monitor, newest first',
  params: MonitorParams,
  query: PageQuery,
  answer: pageOf(MonitorWindowSchema),
  errors: ['projects/not-found', 'monitoring/unknown-monitor'],
  authorize: read,
});

/** Lists alerts. */
export const listAlertsRoute = defineRoute({
  id: 'monitoring.listAlerts',
  method: 'GET',
  path: '/api/v1/projects/:project/alerts',
  summary: 'Lists the alerts of a project, newest first',
  params: ProjectParams,
  query: Type.Object(
    {
      state: Type.Optional(Type.Enum(['firing', 'resolved'])),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items a page; default 50' })),
      cursor: Type.Optional(Type.String({ maxLength: 400, description: 'nextCursor of the page before' })),
    },
    { additionalProperties: false },
  ),
  answer: pageOf(AlertSchema),
  errors: ['projects/not-found'],
  authorize: read,
});

/** Reads the health of an endpoint. */
export const getHealthRoute = defineRoute({
  id: 'monitoring.getHealth',
  method: 'GET',
  path: '/api/v1/projects/:project/endpoints/:endpoint/health',
  summary: 'Tells how a served model is, from its firing alerts and newest windows',
  params: EndpointParams,
  answer: EndpointHealthSchema,
  errors: ['projects/not-found'],
  authorize: read,
});
