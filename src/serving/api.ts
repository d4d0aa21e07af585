import { type Static, Type } from 'typebox';
import { DigestSchema, defineRoute, NameSchema, TimeSchema, WireNumberSchema } from '#platform/http/api';

const ProjectName = Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' });
const EndpointParams = Type.Object({ project: ProjectName, endpoint: NameSchema }, { additionalProperties: false });
const RolloutParams = Type.Object(
  { project: ProjectName, rollout: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the rollout' }) },
  { additionalProperties: false },
);
const Params = Type.Object({ project: ProjectName }, { additionalProperties: false });

const DesiredDeploymentSchema = Type.Object({
  name: Type.String(),
  model: Type.String(),
  version: Type.Integer(),
  modelDigest: DigestSchema,
  weight: Type.Number({ description: 'Share of the traffic in percent' }),
  shadow: Type.Boolean(),
});

const ObservedDeploymentSchema = Type.Object({
  name: Type.String(),
  servedDigest: Type.Optional(DigestSchema),
  requests: Type.Integer(),
  errors: Type.Integer(),
  rows: Type.Integer(),
  meanScore: WireNumberSchema,
  latencyP50Ms: WireNumberSchema,
  latencyP99Ms: WireNumberSchema,
  lastAnsweredAt: Type.Optional(TimeSchema),
});

/** One endpoint on the wire: what should be served, and what was last reported. */
export const EndpointSchema = Type.Object({
  name: NameSchema,
  model: Type.String(),
  features: Type.Optional(Type.String()),
  trafficKey: Type.Optional(Type.String()),
  inferPath: Type.String({ description: 'Where the Open Inference Protocol answers' }),
  revision: Type.Integer({ description: 'Counts the changes of what should be served; 0 before the first' }),
  desired: Type.Array(DesiredDeploymentSchema),
  observed: Type.Object({
    revision: Type.Integer({ description: 'Revision that answers' }),
    reportedAt: Type.Optional(TimeSchema),
    failure: Type.Optional(Type.Object({ revision: Type.Integer(), message: Type.String() })),
    deployments: Type.Array(ObservedDeploymentSchema),
  }),
  converged: Type.Boolean({ description: 'Whether what should be served is what answers' }),
  openRollout: Type.Optional(Type.String({ description: 'Id of the rollout that is under way' })),
});

/** One endpoint on the wire. */
export type EndpointBody = Static<typeof EndpointSchema>;

const SideSchema = Type.Object({ name: Type.String(), version: Type.Integer(), modelDigest: DigestSchema });

const DecisionSchema = Type.Object({
  at: TimeSchema,
  businessAt: TimeSchema,
  weight: Type.Number(),
  action: Type.Enum(['promote', 'hold', 'roll back']),
  reasons: Type.Array(
    Type.Object({
      rule: Type.String(),
      verdict: Type.Enum(['pass', 'fail', 'undecided', 'waived']),
      value: Type.Union([Type.Number(), Type.Null()]),
      threshold: Type.Union([Type.Number(), Type.Null()]),
      n: Type.Integer(),
      text: Type.String(),
    }),
  ),
});

/** One rollout on the wire. */
export const RolloutSchema = Type.Object({
  id: Type.String(),
  endpoint: NameSchema,
  model: Type.String(),
  challenger: SideSchema,
  control: Type.Optional(SideSchema),
  turn: Type.Optional(Type.String()),
  outcome: Type.Enum(['open', 'promoted', 'held', 'rolled-back', 'aborted', 'failed']),
  phase: Type.Enum(['applying', 'baking', 'paused', 'restoring', 'ended']),
  steps: Type.Array(Type.Number()),
  step: Type.Integer(),
  startedAt: TimeSchema,
  endedAt: Type.Optional(TimeSchema),
  servedDigest: Type.Optional(DigestSchema),
  decisions: Type.Array(DecisionSchema),
});

/** One rollout on the wire. */
export type RolloutBody = Static<typeof RolloutSchema>;

/** Lists the endpoints of a project. */
export const listEndpointsRoute = defineRoute({
  id: 'serving.listEndpoints',
  method: 'GET',
  path: '/api/v1/projects/:project/endpoints',
  summary: 'Lists the endpoints that the project file declares, with what is served behind them',
  params: Params,
  answer: Type.Object({ items: Type.Array(EndpointSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'serving:read', scope: 'project' },
});

/** Reads one endpoint. */
export const getEndpointRoute = defineRoute({
  id: 'serving.getEndpoint',
  method: 'GET',
  path: '/api/v1/projects/:project/endpoints/:endpoint',
  summary: 'Reads one endpoint: what should be served, what answers, and how fast',
  params: EndpointParams,
  answer: EndpointSchema,
  errors: ['projects/not-found', 'serving/unknown-endpoint'],
  authorize: { right: 'serving:read', scope: 'project' },
});

/** Serves a version at once, without a rollout. */
export const deployRoute = defineRoute({
  id: 'serving.deploy',
  method: 'PUT',
  path: '/api/v1/projects/:project/endpoints/:endpoint/desired',
  summary: 'Serves versions of the model at once, without a rollout; weights are percent and sum to 100',
  params: EndpointParams,
  body: Type.Object(
    {
      deployments: Type.Array(
        Type.Object(
          {
            version: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
            weight: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'Percent; default 100' })),
            shadow: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        { maxItems: 10 },
      ),
      reason: Type.Optional(Type.String({ maxLength: 1000 })),
    },
    { additionalProperties: false },
  ),
  answer: EndpointSchema,
  errors: [
    'projects/not-found',
    'serving/unknown-endpoint',
    'serving/bad-deployments',
    'serving/endpoint-taken',
    'serving/rollout-open',
  ],
  authorize: { right: 'serving:write', scope: 'project' },
  audit: 'serving.set-desired',
});

/** Starts a rollout. */
export const startRolloutRoute = defineRoute({
  id: 'serving.startRollout',
  method: 'POST',
  path: '/api/v1/projects/:project/endpoints/:endpoint/rollouts',
  summary: 'Starts bringing a version to the endpoint in the steps of its plan',
  params: EndpointParams,
  body: Type.Object(
    { version: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Number of the model version' }) },
    { additionalProperties: false },
  ),
  answer: RolloutSchema,
  status: 201,
  errors: ['projects/not-found', 'serving/unknown-endpoint', 'serving/rollout-open'],
  authorize: { right: 'serving:write', scope: 'project' },
  idempotency: 'key',
  audit: 'serving.start-rollout',
});

/** Lists rollouts. */
export const listRolloutsRoute = defineRoute({
  id: 'serving.listRollouts',
  method: 'GET',
  path: '/api/v1/projects/:project/rollouts',
  summary: 'Lists rollouts, newest first',
  params: Params,
  query: Type.Object(
    {
      endpoint: Type.Optional(NameSchema),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'Default 50' })),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ items: Type.Array(RolloutSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'serving:read', scope: 'project' },
});

/** Reads one rollout. */
export const getRolloutRoute = defineRoute({
  id: 'serving.getRollout',
  method: 'GET',
  path: '/api/v1/projects/:project/rollouts/:rollout',
  summary: 'Reads one rollout with every decision and its reasons',
  params: RolloutParams,
  answer: RolloutSchema,
  errors: ['projects/not-found', 'serving/rollout-not-found'],
  authorize: { right: 'serving:read', scope: 'project' },
});

/** Tells a rollout what a person decided. */
export const decideRolloutRoute = defineRoute({
  id: 'serving.decideRollout',
  method: 'POST',
  path: '/api/v1/projects/:project/rollouts/:rollout/decisions',
  summary: 'Holds a rollout where it is, promotes it at once, or aborts it; guards may still roll back what was promoted or held',
  params: RolloutParams,
  body: Type.Object(
    {
      verb: Type.Enum(['hold', 'promote', 'abort']),
      reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Kept in the audit log' }),
    },
    { additionalProperties: false },
  ),
  answer: RolloutSchema,
  status: 202,
  errors: ['projects/not-found', 'serving/rollout-not-found', 'serving/rollout-ended'],
  authorize: { right: 'serving:write', scope: 'project' },
  idempotency: 'key',
  audit: 'serving.decide-rollout',
});

/** One logged prediction on the wire. */
export const PredictionSchema = Type.Object({
  id: Type.String({ description: 'Entity that outcomes are joined by' }),
  requestId: Type.String(),
  moment: TimeSchema,
  arrivedAt: TimeSchema,
  score: WireNumberSchema,
  deployment: Type.String(),
  modelDigest: DigestSchema,
  latencyMs: Type.Number(),
  shadow: Type.Boolean(),
  inputs: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()]), {
    description: 'Model inputs; null is missing, and text travels as text',
  }),
});

/** Lists the latest predictions. */
export const listPredictionsRoute = defineRoute({
  id: 'serving.listPredictions',
  method: 'GET',
  path: '/api/v1/projects/:project/endpoints/:endpoint/predictions',
  summary: 'Lists the latest logged predictions, newest first',
  params: EndpointParams,
  query: Type.Object(
    { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 50' })) },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    items: Type.Array(PredictionSchema),
    lost: Type.Integer({ minimum: 0, description: 'Predictions of this server that were not logged, because the log was full' }),
  }),
  errors: ['projects/not-found', 'serving/unknown-endpoint'],
  authorize: { right: 'serving:read', scope: 'project' },
});
