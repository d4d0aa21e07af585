import { type Static, Type } from 'typebox';
import {
  DigestSchema,
  defineRoute,
  EstimateSchema,
  ProjectParams,
  pageOf,
  TimeSchema,
  WireNumberSchema,
} from '#platform/http/api';

const StateSchema = Type.Enum(['queued', 'running', 'done', 'failed', 'cancelled', 'skipped']);
const RunParams = Type.Object(
  { ...ProjectParams.properties, run: Type.String({ minLength: 1, maxLength: 40, description: 'Id or number of the run' }) },
  { additionalProperties: false },
);
const CursorSchema = Type.Optional(Type.String({ maxLength: 1000, description: 'nextCursor of the page before' }));

/** One value of a metric on the wire. */
export const MetricPointSchema = Type.Object({
  value: WireNumberSchema,
  step: Type.Integer(),
  at: TimeSchema,
});

/** One run on the wire. */
export const RunSchema = Type.Object({
  id: Type.String({ description: '32 hex digits, time-ordered' }),
  number: Type.Integer({ minimum: 1, description: 'Counts up per project, from 1, without gaps' }),
  experiment: Type.String(),
  name: Type.String(),
  kind: Type.String({ description: 'Kind of work: training, trial, evaluation, step' }),
  state: StateSchema,
  parentRunId: Type.Optional(Type.String()),
  params: Type.Record(Type.String(), Type.String()),
  metrics: Type.Record(Type.String(), MetricPointSchema, { description: 'Last point of each metric' }),
  estimates: Type.Record(Type.String(), EstimateSchema),
  tags: Type.Record(Type.String(), Type.String()),
  artifacts: Type.Array(Type.Object({ path: Type.String(), digest: DigestSchema, sizeBytes: Type.Integer({ minimum: 0 }) })),
  inputs: Type.Array(Type.Object({ kind: Type.String(), name: Type.String(), digest: DigestSchema })),
  startedAt: TimeSchema,
  endedAt: Type.Optional(TimeSchema),
  failure: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  version: Type.Integer({ minimum: 1, description: 'Counts announced changes' }),
});

/** One run on the wire. */
export type RunBody = Static<typeof RunSchema>;

/** One experiment on the wire. */
export const ExperimentSchema = Type.Object({ id: Type.String(), name: Type.String(), createdAt: TimeSchema });

/** Lists runs. */
export const listRunsRoute = defineRoute({
  id: 'tracking.listRuns',
  method: 'GET',
  path: '/api/v1/projects/:project/runs',
  summary: 'Lists runs, newest first unless sorted otherwise',
  params: ProjectParams,
  query: Type.Object(
    {
      experiment: Type.Optional(Type.String({ maxLength: 250, description: 'Name of the experiment' })),
      state: Type.Optional(StateSchema),
      kind: Type.Optional(Type.String({ maxLength: 250 })),
      parent: Type.Optional(Type.String({ maxLength: 40, description: 'Id of the parent run' })),
      sort: Type.Optional(
        Type.String({
          maxLength: 300,
          description: 'number, startedAt, name, metrics.<name> or estimates.<name>; - in front turns it round',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items a page; default 50' })),
      cursor: CursorSchema,
    },
    { additionalProperties: false },
  ),
  answer: pageOf(RunSchema),
  errors: ['projects/not-found', 'tracking/bad-query', 'kernel/bad-cursor'],
  authorize: { right: 'tracking:read', scope: 'project' },
});

/** Reads one run. */
export const getRunRoute = defineRoute({
  id: 'tracking.getRun',
  method: 'GET',
  path: '/api/v1/projects/:project/runs/:run',
  summary: 'Reads one run with everything it has but metric histories',
  params: RunParams,
  answer: RunSchema,
  errors: ['projects/not-found', 'tracking/run-not-found'],
  authorize: { right: 'tracking:read', scope: 'project' },
});

/** Reads the history of one metric. */
export const getMetricHistoryRoute = defineRoute({
  id: 'tracking.getMetricHistory',
  method: 'GET',
  path: '/api/v1/projects/:project/runs/:run/metric-history',
  summary: 'Reads the points of one metric of a run, by step, then time',
  params: RunParams,
  query: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 250, description: 'Name of the metric' }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 25_000, description: 'Points a page; default 1000' })),
      cursor: CursorSchema,
    },
    { additionalProperties: false },
  ),
  answer: pageOf(MetricPointSchema),
  errors: ['projects/not-found', 'tracking/run-not-found', 'kernel/bad-cursor'],
  authorize: { right: 'tracking:read', scope: 'project' },
});

/** Lists experiments. */
export const listExperimentsRoute = defineRoute({
  id: 'tracking.listExperiments',
  method: 'GET',
  path: '/api/v1/projects/:project/experiments',
  summary: 'Lists the experiments of a project by name',
  params: ProjectParams,
  answer: Type.Object({ items: Type.Array(ExperimentSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'tracking:read', scope: 'project' },
});
