/**
 * The wire contract of the server itself: readiness, version, what happens live, and the description of every route.
 *
 * @module
 */
import { type Static, Type } from 'typebox';
import { defineRoute, TimeSchema } from '#platform/http/api';

/** Whether the server takes requests. */
export const HealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('draining')], {
    description: 'draining: about to stop, send nothing more',
  }),
  version: Type.String({ description: 'Version of Gyre' }),
});

/** What the server is. */
export const ServerSchema = Type.Object({
  version: Type.String({ description: 'Version of Gyre' }),
  status: Type.Union([Type.Literal('ready'), Type.Literal('draining')]),
  startedAt: TimeSchema,
  nodeVersion: Type.String({ description: 'Version of Node that runs it' }),
  platform: Type.String({ description: 'Operating system and processor, such as linux-x64' }),
  mode: Type.Literal('local', { description: 'How callers are known' }),
  features: Type.Object(
    { onnxruntime: Type.Boolean({ description: 'Whether the native inference runtime is installed' }) },
    { description: 'Optional parts that are present' },
  ),
});
/** What the server is. */
export type ServerInfo = Static<typeof ServerSchema>;

/** One change, as the event stream tells it: enough to know what to read again. */
export const LiveEventSchema = Type.Object({
  entity: Type.String({ description: 'Kind of the entity, such as dataset-version' }),
  id: Type.String({ description: 'Id of the entity' }),
  version: Type.Integer({ minimum: 0, description: 'Version of the entity after the change; 0 where it has none' }),
  topic: Type.String({ description: 'What happened: <slice>.<what-happened>' }),
  projectId: Type.Optional(Type.String({ description: 'Project it happened in; absent for the whole server' })),
});
/** One change. */
export type LiveEvent = Static<typeof LiveEventSchema>;

/** `GET /health`. */
export const healthRoute = defineRoute({
  id: 'server.health',
  method: 'GET',
  path: '/health',
  summary: 'Answers 200 when the server takes requests, 503 when it is about to stop.',
  answer: HealthSchema,
  authorize: { right: 'public', scope: 'server' },
});

/** `GET /api/v1/server`. */
export const serverRoute = defineRoute({
  id: 'server.get',
  method: 'GET',
  path: '/api/v1/server',
  summary: 'Tells the version, state and optional parts of the server.',
  answer: ServerSchema,
  authorize: { right: 'server:read', scope: 'server' },
});

/** `GET /api/openapi.json`. */
export const openApiRoute = defineRoute({
  id: 'server.openApi',
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'Describes every route as OpenAPI 3.1, from the schemas that validate.',
  answer: Type.Object({ openapi: Type.String(), info: Type.Object({}), paths: Type.Object({}) }),
  authorize: { right: 'server:read', scope: 'server' },
});

/** `GET /api/v1/events`. */
export const eventsRoute = defineRoute({
  id: 'server.events',
  method: 'GET',
  path: '/api/v1/events',
  summary:
    'Streams what happens as server-sent events: id is the log position, to be sent back as Last-Event-ID; a reset event means that too much was missed.',
  query: Type.Object(
    {
      topics: Type.Optional(
        Type.String({
          maxLength: 1000,
          description: 'Topics or slices, separated by commas: data,registry.version-created; default all',
        }),
      ),
      project: Type.Optional(Type.String({ maxLength: 63, description: 'Name or id of the project; default all' })),
    },
    { additionalProperties: false },
  ),
  answer: LiveEventSchema,
  answerKind: 'events',
  authorize: { right: 'events:read', scope: 'server' },
});

/** All routes of the server itself. */
export const serverRoutes = [healthRoute, serverRoute, openApiRoute, eventsRoute] as const;
