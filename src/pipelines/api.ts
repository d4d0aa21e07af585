import { type Static, Type } from 'typebox';
import { defineRoute, PageQuery, ProjectParams, TimeSchema } from '#platform/http/api';

const RunParams = Type.Object(
  {
    project: Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' }),
    run: Type.String({ minLength: 1, maxLength: 32, description: 'Number or id of the pipeline run' }),
  },
  { additionalProperties: false },
);

/** One step of a pipeline run on the wire. */
export const PipelineStepSchema = Type.Object({
  name: Type.String(),
  uses: Type.String({ description: 'A built-in step, or "command"' }),
  command: Type.Array(Type.String()),
  needs: Type.Array(Type.String()),
  state: Type.String({ description: 'queued, running, done, failed, cancelled or skipped' }),
  startedAt: Type.Optional(TimeSchema),
  endedAt: Type.Optional(TimeSchema),
  durationMs: Type.Optional(Type.Number({ minimum: 0 })),
  text: Type.String({ description: 'What it did, in one sentence' }),
  output: Type.Record(Type.String(), Type.Unknown()),
  error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
});

/** One pipeline run on the wire. */
export const PipelineRunSchema = Type.Object({
  id: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  pipeline: Type.String(),
  state: Type.String({ description: 'running, done, failed or cancelled' }),
  startedAt: TimeSchema,
  endedAt: Type.Optional(TimeSchema),
  durationMs: Type.Optional(Type.Number({ minimum: 0 })),
  steps: Type.Array(PipelineStepSchema),
});

/** One pipeline run on the wire. */
export type PipelineRunBody = Static<typeof PipelineRunSchema>;

const SummarySchema = Type.Omit(PipelineRunSchema, ['steps']);

/** Starts a pipeline run. */
export const startPipelineRoute = defineRoute({
  id: 'pipelines.start',
  method: 'POST',
  path: '/api/v1/projects/:project/pipeline-runs',
  summary: 'Starts a run of a pipeline of the project file',
  params: ProjectParams,
  body: Type.Object(
    { pipeline: Type.String({ minLength: 1, maxLength: 63, description: 'Name of the pipeline' }) },
    { additionalProperties: false },
  ),
  answer: PipelineRunSchema,
  status: 202,
  errors: ['projects/not-found', 'pipelines/unknown-pipeline', 'pipelines/bad-graph'],
  authorize: { right: 'pipelines:write', scope: 'project' },
  idempotency: 'key',
  audit: 'pipelines.start',
});

/** Lists pipeline runs. */
export const listPipelineRunsRoute = defineRoute({
  id: 'pipelines.listRuns',
  method: 'GET',
  path: '/api/v1/projects/:project/pipeline-runs',
  summary: 'Lists pipeline runs, newest first',
  params: ProjectParams,
  query: PageQuery,
  answer: Type.Object({ items: Type.Array(SummarySchema), nextCursor: Type.Optional(Type.String()) }),
  errors: ['projects/not-found'],
  authorize: { right: 'pipelines:read', scope: 'project' },
});

/** Reads one pipeline run. */
export const getPipelineRunRoute = defineRoute({
  id: 'pipelines.getRun',
  method: 'GET',
  path: '/api/v1/projects/:project/pipeline-runs/:run',
  summary: 'Reads a pipeline run with its steps',
  params: RunParams,
  answer: PipelineRunSchema,
  errors: ['projects/not-found', 'pipelines/run-not-found'],
  authorize: { right: 'pipelines:read', scope: 'project' },
});

/** Cancels a pipeline run. */
export const cancelPipelineRunRoute = defineRoute({
  id: 'pipelines.cancel',
  method: 'POST',
  path: '/api/v1/projects/:project/pipeline-runs/:run/cancel',
  summary: 'Cancels a pipeline run: running steps are ended, waiting ones skipped; an ended run stays as it is',
  params: RunParams,
  answer: PipelineRunSchema,
  errors: ['projects/not-found', 'pipelines/run-not-found'],
  authorize: { right: 'pipelines:write', scope: 'project' },
  idempotency: 'natural',
  audit: 'pipelines.cancel',
});

/** Reads the log of a pipeline run. */
export const pipelineLogRoute = defineRoute({
  id: 'pipelines.getLog',
  method: 'GET',
  path: '/api/v1/projects/:project/pipeline-runs/:run/log',
  summary: 'Reads log lines of a pipeline run behind a line number; the event pipelines.log-appended tells of new ones',
  params: RunParams,
  query: Type.Object(
    {
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Number of the last line already read' })),
      step: Type.Optional(Type.String({ maxLength: 63 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        number: Type.Integer({ minimum: 1 }),
        step: Type.String(),
        attempt: Type.Integer({ minimum: 1 }),
        stream: Type.String({ description: 'stdout, stderr, or gyre for our own words' }),
        at: TimeSchema,
        text: Type.String(),
      }),
    ),
  }),
  errors: ['projects/not-found', 'pipelines/run-not-found'],
  authorize: { right: 'pipelines:read', scope: 'project' },
});
