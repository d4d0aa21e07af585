import { type Static, Type } from 'typebox';
import { DigestSchema, defineRoute, NameSchema, ProjectParams } from '#platform/http/api';

const ViewParams = Type.Object(
  {
    project: Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' }),
    view: NameSchema,
  },
  { additionalProperties: false },
);

/** One feature on the wire. */
export const FeatureSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['number', 'category']),
  from: Type.Enum(['row', 'window'], { description: 'Computed from the request alone, or from the history of a dataset' }),
  window: Type.Optional(
    Type.Object({
      dataset: NameSchema,
      aggregate: Type.Enum(['count', 'sum', 'mean']),
      key: Type.Optional(Type.String({ description: 'Column of the facts' })),
      match: Type.Optional(Type.String({ description: 'Column of the request' })),
      overMs: Type.Integer({ minimum: 1, description: 'Length of the window: facts known in [moment − over, moment)' }),
    }),
  ),
});

/** One feature view on the wire. */
export const FeatureViewSchema = Type.Object({
  name: NameSchema,
  digest: DigestSchema,
  moments: NameSchema,
  request: Type.Array(Type.Object({ name: Type.String(), type: Type.Enum(['number', 'category', 'boolean', 'time']) })),
  features: Type.Array(FeatureSchema),
  datasets: Type.Array(NameSchema),
  definition: Type.Unknown({ description: 'The view as the project file declares it' }),
});

/** A feature view as the wire has it. */
export type FeatureViewBody = Static<typeof FeatureViewSchema>;

const READ = { right: 'features:read', scope: 'project' } as const;

/** Lists feature views. */
export const listFeatureViewsRoute = defineRoute({
  id: 'features.listViews',
  method: 'GET',
  path: '/api/v1/projects/:project/feature-views',
  summary: 'Lists the declared feature views',
  params: ProjectParams,
  answer: Type.Object({ items: Type.Array(FeatureViewSchema) }),
  errors: ['projects/not-found'],
  authorize: READ,
});

/** Reads one feature view. */
export const getFeatureViewRoute = defineRoute({
  id: 'features.getView',
  method: 'GET',
  path: '/api/v1/projects/:project/feature-views/:view',
  summary: 'Reads one feature view: its inputs, its features and its definition',
  params: ViewParams,
  answer: FeatureViewSchema,
  errors: ['projects/not-found', 'features/no-view'],
  authorize: READ,
});
