import type { JsonObject } from '#kernel';
import { type AnyRouteContract, ProblemSchema, statusOfKind } from '#platform/http/api';

/** The general failures that any route may answer with. */
const GENERAL_KINDS = ['invalid', 'forbidden', 'not-found', 'internal', 'unavailable'] as const;

const MEDIA = { json: 'application/json', bytes: 'application/octet-stream', events: 'text/event-stream' } as const;

/**
 * Describes routes as an OpenAPI document: the schemas are the very ones that validate.
 *
 * @param routes - Every route of the server.
 * @param version - Version of Gyre.
 * @returns The document.
 * @see OpenAPI Specification 3.1.1
 * @example
 * ```ts
 * describeRoutes([], '1.0.0')['openapi']; // => '3.1.1'
 * ```
 */
export function describeRoutes(routes: readonly AnyRouteContract[], version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of [...routes].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Gyre', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => tagOf(route)))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: asJson(ProblemSchema) },
      responses: {
        Problem: {
          description: 'A failure',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function operationOf(route: AnyRouteContract): JsonObject {
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [tagOf(route)],
    parameters: parametersOf(route),
    ...bodyOf(route),
    responses: responsesOf(route),
    'x-gyre-right': route.authorize.right,
    'x-gyre-scope': route.authorize.scope,
    'x-gyre-idempotency': route.idempotency,
    'x-gyre-audit': route.audit,
    'x-gyre-errors': [...route.errors],
  };
}

function parametersOf(route: AnyRouteContract): readonly JsonObject[] {
  const key: JsonObject = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Any unique text, such as a UUID; kept for 24 hours: sending the request again under it changes nothing and gives the same answer',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  return [...membersOf(route.params, 'path'), ...membersOf(route.query, 'query'), ...(route.idempotency === 'key' ? [key] : [])];
}

function membersOf(schema: object, place: 'path' | 'query'): readonly JsonObject[] {
  const { properties, required } = asJson(schema) as {
    readonly properties?: Record<string, JsonObject>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties ?? {}).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || (required?.includes(name) ?? false),
    ...(member['description'] === undefined ? {} : { description: member['description'] }),
    schema: member,
  }));
}

function bodyOf(route: AnyRouteContract): JsonObject {
  if (route.bodyKind === 'none') return {};
  const schema = route.bodyKind === 'bytes' ? {} : asJson(route.body);
  return { requestBody: { required: true, content: { [MEDIA[route.bodyKind]]: { schema } } } };
}

function responsesOf(route: AnyRouteContract): JsonObject {
  const failures = GENERAL_KINDS.map((kind) => [String(statusOfKind(kind)), { $ref: '#/components/responses/Problem' }] as const);
  const content = route.status === 204 ? {} : { content: { [MEDIA[route.answerKind]]: { schema: asJson(route.answer) } } };
  return {
    [String(route.status)]: { description: 'Done', ...content },
    ...Object.fromEntries(failures),
    default: { $ref: '#/components/responses/Problem' },
  };
}

function tagOf(route: AnyRouteContract): string {
  return route.id.split('.', 1)[0] ?? route.id;
}

function asJson(schema: object): JsonObject {
  // A schema is JSON with hidden marks; writing it out leaves the JSON.
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}
