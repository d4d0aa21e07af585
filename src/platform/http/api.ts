import { type Static, type TSchema, Type } from 'typebox';

export { kindOfStatus, statusOfKind } from './status.ts';

/** How a route is called. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call a route: the right, and on what. Every route has one; a route without it does not compile. */
export interface RouteAuthorization {
  /** `<slice>:read`, `<slice>:write` or a more special verb; all rights are listed in `access`. `public` needs none. */
  readonly right: string;
  /** `project` checks the right in the project that the path names; `server` checks it on the whole server. */
  readonly scope: 'server' | 'project';
}

/** What a caller sends as body. */
export type BodyKind =
  /** JSON by schema. */
  | 'json'
  /** Bytes, streamed: files. */
  | 'bytes'
  | 'none';

/** What a caller gets back. */
export type AnswerKind =
  /** JSON by schema. */
  | 'json'
  /** Bytes, streamed: a file to download. */
  | 'bytes'
  /** Server-sent events, until either side goes away. */
  | 'events';

/**
 * One route as data: server validation, OpenAPI, typed client, screens and commands all come from it.
 * Path parameters are written `:name`; a project's is always `:project`.
 */
export interface RouteContract<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Answer extends TSchema = TSchema,
> {
  /** Unique: `<slice>.<verbNoun>`; the client calls it by this name. */
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
  /** One sentence for the reference. */
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly bodyKind: BodyKind;
  readonly body: Body;
  /** Schema of the successful answer; `Type.Null()` for an empty one. For `events` it is the schema of one event's data. */
  readonly answer: Answer;
  readonly answerKind: AnswerKind;
  /** Status of the successful answer. */
  readonly status: 200 | 201 | 202 | 204;
  /** Codes of the errors it can give besides the general ones. */
  readonly errors: readonly string[];
  readonly authorize: RouteAuthorization;
  /** `safe`: changes nothing. `key`: takes an `Idempotency-Key`. `natural`: repeating it is harmless by itself. */
  readonly idempotency: 'safe' | 'key' | 'natural';
  /** Audit action of a change; `none` for reads and for what is never audited one by one. */
  readonly audit: string;
  /** Largest body in bytes; default 1 MiB. */
  readonly bodyLimitBytes?: number;
}

/** Any route, for lists. */
export type AnyRouteContract = RouteContract;

/** An object schema without members: no parameters. */
export const NoFields = Type.Object({}, { additionalProperties: false });
/** An empty body or answer. */
export const Nothing = Type.Null();

/** Path parameters of everything inside a project. */
export const ProjectParams = Type.Object(
  { project: Type.String({ minLength: 1, maxLength: 63, description: 'Name or id of the project' }) },
  { additionalProperties: false },
);

/** What {@link defineRoute} takes: the parts that have defaults may be left out. */
export interface RouteOptions<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema> {
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyKind?: BodyKind;
  readonly answer: A;
  readonly answerKind?: AnswerKind;
  readonly status?: 200 | 201 | 202 | 204;
  readonly errors?: readonly string[];
  readonly authorize: RouteAuthorization;
  readonly idempotency?: 'safe' | 'key' | 'natural';
  readonly audit?: string;
  readonly bodyLimitBytes?: number;
}

/**
 * Declares a route.
 *
 * @param options - The route; params and query default to no fields, the body to none, the answer to JSON, status to 200, idempotency to `safe` for GET and `natural` otherwise.
 * @returns The same as a whole contract.
 */
export function defineRoute<
  P extends TSchema = typeof NoFields,
  Q extends TSchema = typeof NoFields,
  B extends TSchema = typeof Nothing,
  A extends TSchema = typeof Nothing,
>(options: RouteOptions<P, Q, B, A>): RouteContract<P, Q, B, A> {
  return {
    status: 200,
    errors: [],
    idempotency: options.method === 'GET' ? 'safe' : 'natural',
    audit: 'none',
    bodyKind: options.body === undefined ? 'none' : 'json',
    answerKind: 'json',
    ...options,
    // The defaults stand for the type parameters' defaults, which the compiler cannot see through a generic.
    params: options.params ?? (NoFields as unknown as P),
    query: options.query ?? (NoFields as unknown as Q),
    body: options.body ?? (Nothing as unknown as B),
  };
}

/** Number on the wire: NaN and infinities as words. */
export const WireNumberSchema = Type.Union([
  Type.Number(),
  Type.Literal('NaN'),
  Type.Literal('Infinity'),
  Type.Literal('-Infinity'),
]);

/** An estimate on the wire; see `Estimate` in `kernel`. */
export const EstimateSchema = Type.Object(
  {
    value: WireNumberSchema,
    low: WireNumberSchema,
    high: WireNumberSchema,
    level: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
    n: Type.Integer({ minimum: 0 }),
    method: Type.String(),
  },
  { description: 'A number with its confidence interval, level, number of rows and method' },
);

/** Query of every list. */
export const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items a page; default 50' })),
    cursor: Type.Optional(Type.String({ maxLength: 400, description: 'nextCursor of the page before' })),
  },
  { additionalProperties: false },
);

/**
 * Makes the schema of a page of items.
 *
 * @param item - Schema of one item.
 * @returns Schema of `{ items, nextCursor? }`.
 */
export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) });
}

/** A time on the wire: RFC 3339 UTC. */
export const TimeSchema = Type.String({ description: 'RFC 3339 time in UTC', maxLength: 40 });
/** A digest on the wire. */
export const DigestSchema = Type.String({ pattern: '^sha256:[0-9a-f]{64}$', description: 'SHA-256 of the canonical bytes' });
/** Name of a thing a person named: lower-case letters, digits, dashes; starts with a letter. */
export const NameSchema = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,62}$',
  description: 'Lower-case letters, digits and dashes',
});

/** The body of every failed call (RFC 9457, `application/problem+json`). */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.Optional(Type.String()),
  code: Type.String(),
  requestId: Type.String(),
  errors: Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), detail: Type.String() })),
  retryable: Type.Boolean(),
  help: Type.Optional(Type.String()),
});

/** Body of a failed call. */
export type ProblemBody = Static<typeof ProblemSchema>;
