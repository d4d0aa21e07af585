import { type Static, Type } from 'typebox';
import { defineRoute, EstimateSchema, PageQuery, ProjectParams, TimeSchema } from '#platform/http/api';

const TurnParams = Type.Object(
  {
    project: Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' }),
    turn: Type.String({ minLength: 1, maxLength: 32, description: 'Number or id of the turn' }),
  },
  { additionalProperties: false },
);

const LoopParams = Type.Object(
  {
    project: Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' }),
    loop: Type.String({ minLength: 1, maxLength: 63, description: 'Name of the loop' }),
  },
  { additionalProperties: false },
);

const TriggerSchema = Type.Object({
  kind: Type.String({ description: 'manual, alert or schedule' }),
  source: Type.String({ description: 'Person, monitor or loop that asked' }),
  reason: Type.String(),
  businessAt: TimeSchema,
});

const VersionSchema = Type.Object({
  model: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  digest: Type.String(),
});

/** One stage of a turn on the wire. */
export const StageSchema = Type.Object({
  stage: Type.String({ description: 'trigger, data, training, gate, approval, rollout or verification' }),
  state: Type.String({ description: 'done, open, waiting (not reached yet) or never (the turn ended before)' }),
  verdict: Type.String({ description: 'pass, fail, undecided or waived; empty while open' }),
  text: Type.String({ description: 'What happened or what will decide, in one sentence' }),
  startedAt: Type.Optional(TimeSchema),
  businessStartedAt: Type.Optional(TimeSchema),
  endedAt: Type.Optional(TimeSchema),
  durationMs: Type.Optional(Type.Number({ minimum: 0 })),
  evidence: Type.Record(Type.String(), Type.Unknown(), { description: 'Stored facts behind the sentence' }),
});

/** One turn as lists show it. */
export const TurnSummarySchema = Type.Object({
  id: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  loop: Type.String(),
  endpoint: Type.String(),
  outcome: Type.String({ description: 'open, promoted, held, rolled-back, rejected, aborted or failed' }),
  stage: Type.String({ description: 'Stage that is or was open last' }),
  reason: Type.String({ description: 'Why it ended as it did; empty while open' }),
  trigger: Type.String({ description: 'manual, alert or schedule' }),
  startedAt: TimeSchema,
  businessStartedAt: TimeSchema,
  endedAt: Type.Optional(TimeSchema),
});

/** One turn on the wire. */
export const TurnSchema = Type.Object({
  id: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  project: Type.String(),
  loop: Type.String(),
  endpoint: Type.String(),
  gate: Type.String(),
  outcome: Type.String({ description: 'open, promoted, held, rolled-back, rejected, aborted or failed' }),
  sentence: Type.String({ description: 'The answer in one sentence, from stored facts' }),
  trigger: TriggerSchema,
  absorbed: Type.Array(TriggerSchema),
  stages: Type.Array(StageSchema),
  challenger: Type.Optional(VersionSchema),
  champion: Type.Optional(VersionSchema),
  servedDigest: Type.Optional(Type.String()),
  pipelineRun: Type.Optional(Type.Integer({ minimum: 1, description: 'Number of the pipeline run' })),
  rolloutId: Type.Optional(Type.String()),
  startedAt: TimeSchema,
  businessStartedAt: TimeSchema,
  endedAt: Type.Optional(TimeSchema),
  durationMs: Type.Optional(Type.Number({ minimum: 0 })),
  version: Type.Integer({ minimum: 1 }),
});

/** One turn on the wire. */
export type TurnBody = Static<typeof TurnSchema>;
/** One stage of a turn on the wire. */
export type StageBody = Static<typeof StageSchema>;
/** One turn as lists show it. */
export type TurnSummaryBody = Static<typeof TurnSummarySchema>;

/** Lists turns. */
export const listTurnsRoute = defineRoute({
  id: 'loops.listTurns',
  method: 'GET',
  path: '/api/v1/projects/:project/turns',
  summary: 'Lists turns, newest first',
  params: ProjectParams,
  query: PageQuery,
  answer: Type.Object({ items: Type.Array(TurnSummarySchema), nextCursor: Type.Optional(Type.String()) }),
  errors: ['projects/not-found'],
  authorize: { right: 'loops:read', scope: 'project' },
});

/** Reads one turn. */
export const getTurnRoute = defineRoute({
  id: 'loops.getTurn',
  method: 'GET',
  path: '/api/v1/projects/:project/turns/:turn',
  summary: 'Reads a turn: what happened at each stage, why, and on what evidence',
  params: TurnParams,
  answer: TurnSchema,
  errors: ['projects/not-found', 'loops/turn-not-found'],
  authorize: { right: 'loops:read', scope: 'project' },
});

/** Starts a turn by hand. */
export const startTurnRoute = defineRoute({
  id: 'loops.startTurn',
  method: 'POST',
  path: '/api/v1/projects/:project/loops/:loop/turns',
  summary: 'Starts a turn of a loop by hand; an open turn absorbs the request',
  params: LoopParams,
  body: Type.Object(
    { reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Why, for the record' }) },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    disposition: Type.String({ description: 'started or absorbed' }),
    turn: Type.Integer({ minimum: 1, description: 'Number of the turn' }),
    id: Type.String(),
  }),
  status: 202,
  errors: ['projects/not-found', 'loops/unknown-loop'],
  authorize: { right: 'loops:write', scope: 'project' },
  idempotency: 'key',
  audit: 'loops.trigger',
});

/** Decides on an open turn. */
export const decideTurnRoute = defineRoute({
  id: 'loops.decideTurn',
  method: 'POST',
  path: '/api/v1/projects/:project/turns/:turn/decisions',
  summary: 'Aborts an open turn; its rollout, if one is on, goes back to what served before',
  params: TurnParams,
  body: Type.Object(
    {
      action: Type.Enum(['abort']),
      reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Why, for the record' }),
    },
    { additionalProperties: false },
  ),
  answer: TurnSchema,
  errors: ['projects/not-found', 'loops/turn-not-found', 'loops/turn-ended'],
  authorize: { right: 'loops:decide', scope: 'project' },
  idempotency: 'key',
  audit: 'loops.abort',
});

/** One loop on the wire. */
export const LoopSchema = Type.Object({
  name: Type.String(),
  pipeline: Type.String(),
  endpoint: Type.String(),
  gate: Type.String(),
  alerts: Type.Array(Type.String()),
  scheduleMs: Type.Optional(Type.Number({ minimum: 0 })),
  cooldownMs: Type.Number({ minimum: 0 }),
  approval: Type.String(),
  lastTurn: Type.Optional(TurnSummarySchema),
});

/** Lists loops. */
export const listLoopsRoute = defineRoute({
  id: 'loops.list',
  method: 'GET',
  path: '/api/v1/projects/:project/loops',
  summary: 'Lists the loops of a project with their rules and last turns',
  params: ProjectParams,
  answer: Type.Object({ items: Type.Array(LoopSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'loops:read', scope: 'project' },
});

/** One line of the home screen: a model where it is served. */
export const HomeRowSchema = Type.Object({
  project: Type.String(),
  endpoint: Type.String(),
  model: Type.String(),
  version: Type.Optional(Type.Integer({ minimum: 1 })),
  servedDigest: Type.Optional(Type.String()),
  health: Type.String({ description: 'healthy, at risk, failing or undecided' }),
  reason: Type.String({ description: 'Why that health, in one sentence' }),
  objective: Type.Optional(
    Type.Object({
      name: Type.String(),
      metric: Type.String(),
      direction: Type.String({ description: 'maximize or minimize' }),
      target: Type.Number(),
      value: Type.Optional(EstimateSchema),
      source: Type.String({ description: 'Where the value is from: a monitor window, or the evaluation of the served version' }),
    }),
  ),
  history: Type.Array(
    Type.Object({ at: TimeSchema, value: Type.Number(), low: Type.Optional(Type.Number()), high: Type.Optional(Type.Number()) }),
    {
      description: 'The objective metric per monitor window, oldest first',
    },
  ),
  requests: Type.Integer({ minimum: 0, description: 'Requests answered since the present deployment began' }),
  latencyP99Ms: Type.Optional(Type.Number({ minimum: 0 })),
  changed: Type.String({ description: 'What changed last, in one sentence' }),
  changedAt: Type.Optional(TimeSchema),
  lastTurn: Type.Optional(TurnSummarySchema),
});

/** The home screen on the wire. */
export const HomeSchema = Type.Object({
  rows: Type.Array(HomeRowSchema),
  needsYou: Type.Array(
    Type.Object({
      kind: Type.String({ description: 'approval, alert or failure' }),
      text: Type.String(),
      project: Type.String(),
      path: Type.String({ description: 'Path of the screen that shows it' }),
      since: TimeSchema,
    }),
  ),
  changed: Type.Array(
    Type.Object({
      at: TimeSchema,
      project: Type.Optional(Type.String()),
      text: Type.String(),
      path: Type.Optional(Type.String()),
    }),
    { description: 'What happened last, newest first' },
  ),
});

/** The home screen on the wire. */
export type HomeBody = Static<typeof HomeSchema>;
/** One line of the home screen. */
export type HomeRowBody = Static<typeof HomeRowSchema>;

/** Reads the home screen. */
export const homeRoute = defineRoute({
  id: 'loops.home',
  method: 'GET',
  path: '/api/v1/home',
  summary: 'Answers for every served model: is it healthy, on target, what changed, what needs a person',
  answer: HomeSchema,
  authorize: { right: 'loops:read', scope: 'server' },
});
