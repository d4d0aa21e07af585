import { type Static, Type } from 'typebox';
import { defineRoute, NameSchema, TimeSchema } from '#platform/http/api';

const ProjectName = Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' });
const Params = Type.Object({ project: ProjectName }, { additionalProperties: false });
const FeedParams = Type.Object({ project: ProjectName, feed: NameSchema }, { additionalProperties: false });

/** One outcome feed on the wire. */
export const OutcomeSchema = Type.Object({
  name: NameSchema,
  endpoint: Type.String(),
  dataset: Type.String(),
  labels: Type.Integer({ minimum: 0, description: 'Labels that arrived' }),
  lastKnownAt: Type.Optional(TimeSchema),
  lateness: Type.Array(
    Type.Object({
      days: Type.Integer({ minimum: 1, description: 'Whole days after the event' }),
      share: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the labels that arrived which were known by then' }),
    }),
  ),
});

/** One outcome feed on the wire. */
export type OutcomeBody = Static<typeof OutcomeSchema>;

/** Lists outcome feeds. */
export const listOutcomesRoute = defineRoute({
  id: 'feedback.listOutcomes',
  method: 'GET',
  path: '/api/v1/projects/:project/outcomes',
  summary: 'Lists the outcome feeds with how many labels came and how late',
  params: Params,
  answer: Type.Object({ items: Type.Array(OutcomeSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'feedback:read', scope: 'project' },
});

/** Appends what came true. */
export const appendOutcomesRoute = defineRoute({
  id: 'feedback.appendOutcomes',
  method: 'POST',
  path: '/api/v1/projects/:project/outcomes/:feed',
  summary: 'Appends rows to the dataset of an outcome feed, given as columns; durable when it answers',
  params: FeedParams,
  query: Type.Object(
    {
      batch: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$',
          description: 'Name of the batch: the same rows appended under it again count once',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  body: Type.Object(
    {
      columns: Type.Record(Type.String({ maxLength: 80 }), Type.Array(Type.Unknown()), {
        description: 'One list a declared column, all of one length; null is missing',
      }),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    batchId: Type.String(),
    number: Type.Integer({ minimum: 1, description: 'Place of the append among those of the dataset' }),
    rows: Type.Integer({ minimum: 0, description: 'Rows accepted' }),
    quarantined: Type.Integer({ minimum: 0 }),
    replayed: Type.Boolean({ description: 'Whether the batch had been appended before' }),
  }),
  status: 201,
  errors: [
    'projects/not-found',
    'feedback/unknown-outcome',
    'data/missing-column',
    'data/unknown-column',
    'data/ragged-columns',
    'data/bad-value',
    'data/no-rows',
    'data/too-many-rows',
    'data/check-failed',
    'data/batch-differs',
  ],
  authorize: { right: 'feedback:write', scope: 'project' },
  idempotency: 'key',
  audit: 'data.append',
  bodyLimitBytes: 8_388_608,
});
