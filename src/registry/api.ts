import { type Static, Type } from 'typebox';
import { DigestSchema, defineRoute, PageQuery, ProjectParams, pageOf, TimeSchema } from '#platform/http/api';

const ModelParamSchema = Type.String({ minLength: 1, maxLength: 250, description: 'Name of the registered model' });
const NumberSchema = Type.Integer({ minimum: 1, description: 'Number of the version' });
const AliasSchema = Type.String({ minLength: 1, maxLength: 250, description: 'Such as champion or challenger' });
const ModelParams = Type.Object({ ...ProjectParams.properties, model: ModelParamSchema }, { additionalProperties: false });
const VersionParams = Type.Object(
  { ...ModelParams.properties, number: Type.String({ pattern: '^[1-9]\\d{0,14}$', description: 'Number of the version' }) },
  { additionalProperties: false },
);
const AliasParams = Type.Object({ ...ModelParams.properties, alias: AliasSchema }, { additionalProperties: false });

/** One registered model on the wire. */
export const ModelSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  createdAt: TimeSchema,
  lastNumber: Type.Integer({ minimum: 0, description: 'Number of its newest version; 0 when there is none' }),
});

/** One model version on the wire. */
export const VersionSchema = Type.Object({
  id: Type.String(),
  model: Type.String(),
  number: NumberSchema,
  digest: DigestSchema,
  runId: Type.String(),
  evaluationId: Type.Optional(Type.String()),
  frameDigest: Type.Optional(DigestSchema),
  datasets: Type.Array(Type.Object({ name: Type.String(), digest: DigestSchema })),
  files: Type.Array(Type.Object({ path: Type.String(), digest: DigestSchema, sizeBytes: Type.Integer({ minimum: 0 }) })),
  aliases: Type.Array(Type.String()),
  createdAt: TimeSchema,
});

/** One model version on the wire. */
export type VersionBody = Static<typeof VersionSchema>;

/** One alias on the wire. */
export const AliasStateSchema = Type.Object({
  model: Type.String(),
  alias: Type.String(),
  number: Type.Optional(NumberSchema),
  version: Type.Integer({ minimum: 0, description: 'Counts its moves; 0 for an alias that was never set. The ETag' }),
  since: Type.Optional(TimeSchema),
});

/** One alias on the wire. */
export type AliasBody = Static<typeof AliasStateSchema>;

/** One move of an alias on the wire. */
export const AliasMoveSchema = Type.Object({
  model: Type.String(),
  alias: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  from: Type.Optional(NumberSchema),
  to: Type.Optional(NumberSchema),
  fromDigest: Type.Optional(DigestSchema),
  toDigest: Type.Optional(DigestSchema),
  actor: Type.String({ description: 'Principal id of who moved it' }),
  why: Type.String(),
  movedAt: TimeSchema,
  businessAt: TimeSchema,
});

/** One move of an alias on the wire. */
export type AliasMoveBody = Static<typeof AliasMoveSchema>;

/** Lists registered models. */
export const listModelsRoute = defineRoute({
  id: 'registry.listModels',
  method: 'GET',
  path: '/api/v1/projects/:project/models',
  summary: 'Lists the registered models of a project by name',
  params: ProjectParams,
  answer: Type.Object({ items: Type.Array(ModelSchema) }),
  errors: ['projects/not-found'],
  authorize: { right: 'registry:read', scope: 'project' },
});

/** Reads one registered model with its aliases. */
export const getModelRoute = defineRoute({
  id: 'registry.getModel',
  method: 'GET',
  path: '/api/v1/projects/:project/models/:model',
  summary: 'Reads one registered model and where its aliases point',
  params: ModelParams,
  answer: Type.Object({ model: ModelSchema, aliases: Type.Array(AliasStateSchema) }),
  errors: ['projects/not-found', 'registry/model-not-found'],
  authorize: { right: 'registry:read', scope: 'project' },
});

/** Lists versions of a model. */
export const listVersionsRoute = defineRoute({
  id: 'registry.listVersions',
  method: 'GET',
  path: '/api/v1/projects/:project/models/:model/versions',
  summary: 'Lists the versions of a model, newest first',
  params: ModelParams,
  query: PageQuery,
  answer: pageOf(VersionSchema),
  errors: ['projects/not-found', 'registry/model-not-found', 'kernel/bad-cursor'],
  authorize: { right: 'registry:read', scope: 'project' },
});

/** Reads one version. */
export const getVersionRoute = defineRoute({
  id: 'registry.getVersion',
  method: 'GET',
  path: '/api/v1/projects/:project/models/:model/versions/:number',
  summary: 'Reads one version of a model',
  params: VersionParams,
  answer: VersionSchema,
  errors: ['projects/not-found', 'registry/model-not-found', 'registry/version-not-found'],
  authorize: { right: 'registry:read', scope: 'project' },
});

/** Downloads one file of a version. */
export const downloadFileRoute = defineRoute({
  id: 'registry.downloadFile',
  method: 'GET',
  path: '/api/v1/projects/:project/models/:model/versions/:number/file',
  summary: 'Downloads one file of a version; its digest is in the ETag',
  params: VersionParams,
  query: Type.Object(
    { path: Type.String({ minLength: 1, maxLength: 1000, description: 'Path of the file, such as model.json' }) },
    { additionalProperties: false },
  ),
  answer: Type.Null(),
  answerKind: 'bytes',
  errors: ['projects/not-found', 'registry/model-not-found', 'registry/version-not-found', 'registry/file-not-found'],
  authorize: { right: 'registry:read', scope: 'project' },
});

/** Reads where an alias points; its version is the ETag. */
export const getAliasRoute = defineRoute({
  id: 'registry.getAlias',
  method: 'GET',
  path: '/api/v1/projects/:project/models/:model/aliases/:alias',
  summary: 'Reads where an alias points',
  params: AliasParams,
  answer: AliasStateSchema,
  errors: ['projects/not-found', 'registry/model-not-found', 'registry/bad-name'],
  authorize: { right: 'registry:read', scope: 'project' },
});

/** Moves an alias. */
export const moveAliasRoute = defineRoute({
  id: 'registry.moveAlias',
  method: 'PUT',
  path: '/api/v1/projects/:project/models/:model/aliases/:alias',
  summary:
    'Points an alias to a version, or nowhere; takes If-Match with the ETag that was read, "0" for an alias that was never set',
  params: AliasParams,
  body: Type.Object(
    {
      number: Type.Union([NumberSchema, Type.Null()], { description: 'Number of the version; null takes the alias away' }),
      why: Type.String({ minLength: 1, maxLength: 1000, description: 'Why, for the history and the audit log' }),
    },
    { additionalProperties: false },
  ),
  answer: AliasStateSchema,
  errors: [
    'projects/not-found',
    'registry/model-not-found',
    'registry/version-not-found',
    'registry/bad-name',
    'registry/alias-moved',
    'registry/precondition-required',
  ],
  authorize: { right: 'registry:write', scope: 'project' },
  idempotency: 'natural',
  audit: 'registry.move-alias',
});

/** Reads every move of a model's aliases. */
export const getAliasHistoryRoute = defineRoute({
  id: 'registry.getAliasHistory',
  method: 'GET',
  path: '/api/v1/projects/:project/models/:model/alias-history',
  summary: 'Reads every move of a model’s aliases, newest first: who, when, from, to, why',
  params: ModelParams,
  query: Type.Object({ alias: Type.Optional(AliasSchema) }, { additionalProperties: false }),
  answer: Type.Object({ items: Type.Array(AliasMoveSchema) }),
  errors: ['projects/not-found', 'registry/model-not-found'],
  authorize: { right: 'registry:read', scope: 'project' },
});
