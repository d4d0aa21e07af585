import { type Static, Type } from 'typebox';
import { DigestSchema, defineRoute, NameSchema, ProjectParams, TimeSchema } from '#platform/http/api';

/** One project on the wire. */
export const ProjectSchema = Type.Object({
  id: Type.String(),
  name: NameSchema,
  description: Type.Optional(Type.String()),
  clock: Type.Enum(['wall', 'replay']),
  businessNow: TimeSchema,
  documentDigest: DigestSchema,
  revision: Type.Integer({ minimum: 1 }),
  createdAt: TimeSchema,
  updatedAt: TimeSchema,
});

/** One project on the wire. */
export type ProjectBody = Static<typeof ProjectSchema>;

const NamedProjectParams = Type.Object({ project: NameSchema }, { additionalProperties: false });

/** Applies a project file. */
export const applyProjectRoute = defineRoute({
  id: 'projects.apply',
  method: 'PUT',
  path: '/api/v1/projects/:project',
  summary: 'Applies a project file: makes the project or changes it; the same file again changes nothing',
  params: NamedProjectParams,
  body: Type.Object(
    {
      text: Type.String({ minLength: 1, maxLength: 262_144, description: 'The project file, YAML 1.2 or JSON' }),
      fileName: Type.Optional(Type.String({ maxLength: 200, description: 'Shown in messages' })),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ change: Type.Enum(['created', 'updated', 'unchanged']), project: ProjectSchema }),
  errors: ['projects/bad-document', 'projects/name-mismatch', 'projects/clock-kind-fixed'],
  authorize: { right: 'projects:write', scope: 'server' },
  idempotency: 'natural',
  audit: 'projects.apply',
});

/** Lists projects. */
export const listProjectsRoute = defineRoute({
  id: 'projects.list',
  method: 'GET',
  path: '/api/v1/projects',
  summary: 'Lists the projects by name',
  answer: Type.Object({ items: Type.Array(ProjectSchema) }),
  authorize: { right: 'projects:read', scope: 'server' },
});

/** Reads one project with its document. */
export const getProjectRoute = defineRoute({
  id: 'projects.get',
  method: 'GET',
  path: '/api/v1/projects/:project',
  summary: 'Reads one project with its current document',
  params: ProjectParams,
  answer: Type.Object({ project: ProjectSchema, document: Type.Record(Type.String(), Type.Unknown()) }),
  errors: ['projects/not-found'],
  authorize: { right: 'projects:read', scope: 'project' },
});

const ClockSchema = Type.Object({
  clock: Type.Enum(['wall', 'replay']),
  now: TimeSchema,
  pending: Type.Integer({
    minimum: 0,
    description: 'Effects that wait or run and timers that are due: 0 means nothing moves by itself',
  }),
});

/** Reads the business clock, after all events so far were consumed. */
export const getClockRoute = defineRoute({
  id: 'projects.getClock',
  method: 'GET',
  path: '/api/v1/projects/:project/clock',
  summary: 'Reads the business clock and how much work is pending',
  params: ProjectParams,
  answer: ClockSchema,
  errors: ['projects/not-found'],
  authorize: { right: 'projects:read', scope: 'project' },
});

/** Advances the business clock of a replay project. */
export const advanceClockRoute = defineRoute({
  id: 'projects.advanceClock',
  method: 'POST',
  path: '/api/v1/projects/:project/clock',
  summary: 'Moves the business clock of a replay project forward',
  params: ProjectParams,
  body: Type.Object({ to: TimeSchema }, { additionalProperties: false }),
  answer: ClockSchema,
  errors: ['projects/not-found', 'projects/clock-not-replay', 'projects/clock-backwards'],
  authorize: { right: 'projects:advance-clock', scope: 'project' },
  idempotency: 'natural',
});

/** Gives the JSON schema of the project file. */
export const projectSchemaRoute = defineRoute({
  id: 'projects.getSchema',
  method: 'GET',
  path: '/api/v1/project-schema',
  summary: 'Gives the JSON schema of the project file, for editors',
  answer: Type.Record(Type.String(), Type.Unknown()),
  authorize: { right: 'projects:read', scope: 'server' },
});
