import { type Static, Type } from 'typebox';
import { DigestSchema, defineRoute, NameSchema, PageQuery, pageOf, TimeSchema } from '#platform/http/api';

const ProjectField = Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' });
const ProjectOnly = Type.Object({ project: ProjectField }, { additionalProperties: false });
const DatasetParams = Type.Object({ project: ProjectField, dataset: NameSchema }, { additionalProperties: false });
const VersionParams = Type.Object(
  {
    project: ProjectField,
    dataset: NameSchema,
    version: Type.String({ maxLength: 80, description: 'Number or digest of the version, or "latest"' }),
  },
  { additionalProperties: false },
);
const Count = Type.Integer({ minimum: 0 });
const CountsByReason = Type.Record(Type.String(), Count, { description: 'Rows by the check they broke' });
const BatchName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,119}$',
  description: 'Name of the batch: the same rows appended under it again count once',
});

const ColumnSchema = Type.Object({
  name: Type.String(),
  type: Type.Enum(['text', 'category', 'number', 'integer', 'boolean', 'time']),
});

/** One dataset on the wire. */
export const DatasetSchema = Type.Object({
  name: NameSchema,
  id: Type.String({ description: 'Column that tells rows apart' }),
  eventTime: Type.String({ description: 'Column of the event time' }),
  knownTime: Type.String({ description: 'Column of the known time' }),
  columns: Type.Array(ColumnSchema),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      rule: Type.String(),
      column: Type.String(),
      onBreach: Type.Enum(['fail', 'quarantine', 'warn']),
    }),
  ),
  batches: Type.Integer({ minimum: 0, description: 'Appends so far' }),
  rows: Type.Integer({ minimum: 0, description: 'Rows accepted so far, before repeated ids are set aside at a cut' }),
  quarantined: Type.Integer({ minimum: 0, description: 'Rows set aside when they were appended' }),
  lastKnownAt: Type.Optional(TimeSchema),
  latestVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'Number of the newest version' })),
});

/** One dataset version on the wire. */
export const VersionSchema = Type.Object({
  dataset: NameSchema,
  number: Type.Integer({ minimum: 1 }),
  digest: DigestSchema,
  cutAt: TimeSchema,
  rows: Count,
  quarantined: Count,
  quarantinedBy: CountsByReason,
  parts: Type.Array(
    Type.Object({ digest: DigestSchema, sizeBytes: Count, rows: Count, firstKnownAt: TimeSchema, lastKnownAt: TimeSchema }),
  ),
  createdAt: TimeSchema,
});

const OptionalNumber = Type.Optional(Type.Number());
const ColumnProfileSchema = Type.Object({
  name: Type.String(),
  type: ColumnSchema.properties.type,
  count: Count,
  missing: Count,
  distinct: Type.Integer({ minimum: 0, description: 'Approximate number of different values' }),
  min: OptionalNumber,
  max: OptionalNumber,
  mean: OptionalNumber,
  standardDeviation: OptionalNumber,
  quantiles: Type.Optional(Type.Array(Type.Number(), { description: 'At 5, 25, 50, 75 and 95 percent' })),
  zeros: Type.Optional(Count),
  infinite: Type.Optional(Count),
  histogram: Type.Optional(Type.Array(Count, { description: 'Counts in equal bins from min to max' })),
  top: Type.Optional(Type.Array(Type.Object({ value: Type.String(), count: Count }))),
});

const CheckResultSchema = Type.Object({
  name: Type.String(),
  rule: Type.String(),
  column: Type.String(),
  onBreach: Type.Enum(['fail', 'quarantine', 'warn']),
  verdict: Type.Enum(['pass', 'fail', 'undecided', 'waived']),
  breaches: Count,
  rows: Count,
});

/** One dataset version with all that is known about it. */
export const VersionDetailSchema = Type.Object({
  version: VersionSchema,
  columns: Type.Array(ColumnSchema),
  profile: Type.Array(ColumnProfileSchema),
  checks: Type.Array(CheckResultSchema),
  batches: Type.Array(Type.Integer(), { description: 'Numbers of the appends that this version was the first to take in' }),
  quarantineSample: Type.Array(
    Type.Object({ reason: Type.String(), row: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])) }),
    { description: 'Up to 20 of the newest rows set aside, values as text' },
  ),
});

/** Answer to an append. */
export const ReceiptSchema = Type.Object({
  batchId: Type.String(),
  number: Type.Integer({ minimum: 1, description: 'Place of the append among those of the dataset' }),
  rows: Type.Integer({ minimum: 0, description: 'Rows accepted' }),
  quarantined: Count,
  replayed: Type.Boolean({ description: 'Whether the batch had been appended before' }),
});

/** A dataset version as the wire has it. */
export type VersionBody = Static<typeof VersionSchema>;
/** The profile of a version as the wire has it. */
export type ProfileBody = Static<typeof VersionDetailSchema>['profile'];
/** A dataset as the wire has it. */
export type DatasetBody = Static<typeof DatasetSchema>;

const READ = { right: 'data:read', scope: 'project' } as const;
const WRITE = { right: 'data:write', scope: 'project' } as const;
const APPEND_ERRORS = [
  'projects/not-found',
  'data/no-dataset',
  'data/missing-column',
  'data/unknown-column',
  'data/bad-value',
  'data/no-rows',
  'data/check-failed',
  'data/batch-differs',
  'data/schema-changed',
] as const;

/** Lists datasets. */
export const listDatasetsRoute = defineRoute({
  id: 'data.listDatasets',
  method: 'GET',
  path: '/api/v1/projects/:project/datasets',
  summary: 'Lists the declared datasets with what they hold',
  params: ProjectOnly,
  answer: Type.Object({ items: Type.Array(DatasetSchema) }),
  errors: ['projects/not-found'],
  authorize: READ,
});

/** Reads one dataset. */
export const getDatasetRoute = defineRoute({
  id: 'data.getDataset',
  method: 'GET',
  path: '/api/v1/projects/:project/datasets/:dataset',
  summary: 'Reads one dataset',
  params: DatasetParams,
  answer: DatasetSchema,
  errors: ['projects/not-found', 'data/no-dataset'],
  authorize: READ,
});

/** Appends rows as JSON columns. */
export const appendRowsRoute = defineRoute({
  id: 'data.appendRows',
  method: 'POST',
  path: '/api/v1/projects/:project/datasets/:dataset/rows',
  summary: 'Appends up to 20,000 rows given as columns; durable when it answers',
  params: DatasetParams,
  query: Type.Object({ batch: Type.Optional(BatchName) }, { additionalProperties: false }),
  body: Type.Object(
    {
      columns: Type.Record(Type.String({ maxLength: 80 }), Type.Array(Type.Unknown()), {
        description: 'One list a declared column, all of one length; null is missing',
      }),
    },
    { additionalProperties: false },
  ),
  answer: ReceiptSchema,
  status: 201,
  errors: [...APPEND_ERRORS, 'data/ragged-columns', 'data/too-many-rows'],
  authorize: WRITE,
  idempotency: 'key',
  audit: 'data.append',
  bodyLimitBytes: 8_388_608,
});

/** Appends the rows of a file. */
export const appendFileRoute = defineRoute({
  id: 'data.appendFile',
  method: 'POST',
  path: '/api/v1/projects/:project/datasets/:dataset/files',
  summary: 'Appends the rows of a CSV, Parquet or NDJSON file; durable when it answers',
  params: DatasetParams,
  query: Type.Object(
    { format: Type.Enum(['csv', 'parquet', 'ndjson'], { description: 'Format of the body' }), batch: Type.Optional(BatchName) },
    { additionalProperties: false },
  ),
  bodyKind: 'bytes',
  answer: ReceiptSchema,
  status: 201,
  errors: [...APPEND_ERRORS, 'data/unreadable-file', 'data/file-too-large', 'data/disk-full'],
  authorize: WRITE,
  idempotency: 'key',
  audit: 'data.append',
  bodyLimitBytes: 2_000_000_000,
});

/** Lists versions. */
export const listVersionsRoute = defineRoute({
  id: 'data.listVersions',
  method: 'GET',
  path: '/api/v1/projects/:project/datasets/:dataset/versions',
  summary: 'Lists the versions of a dataset, newest first',
  params: DatasetParams,
  query: PageQuery,
  answer: pageOf(VersionSchema),
  errors: ['projects/not-found', 'data/no-dataset'],
  authorize: READ,
});

/** Reads one version. */
export const getVersionRoute = defineRoute({
  id: 'data.getVersion',
  method: 'GET',
  path: '/api/v1/projects/:project/datasets/:dataset/versions/:version',
  summary: 'Reads one version with its profile, check results and a sample of what was set aside',
  params: VersionParams,
  answer: VersionDetailSchema,
  errors: ['projects/not-found', 'data/no-dataset', 'data/no-version'],
  authorize: READ,
});

/** Cuts a version. */
export const cutVersionRoute = defineRoute({
  id: 'data.cutVersion',
  method: 'POST',
  path: '/api/v1/projects/:project/datasets/:dataset/versions',
  summary: 'Makes the version of all facts known before a time; the same time again gives the same version',
  params: DatasetParams,
  body: Type.Object({ cutAt: TimeSchema }, { additionalProperties: false }),
  answer: VersionSchema,
  status: 201,
  errors: ['projects/not-found', 'data/no-dataset', 'data/cut-in-past', 'data/cut-in-future'],
  authorize: WRITE,
  idempotency: 'natural',
  audit: 'data.cut',
});
