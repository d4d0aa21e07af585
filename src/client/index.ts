/**
 * The typed HTTP client for programs: every route as a function, generated from the contracts that the server validates by.
 * It needs nothing but `fetch`, so it runs in Node, browsers and at the edge.
 *
 * @example
 * ```ts
 * const gyre = createClient({ url: 'http://127.0.0.1:4973' });
 * typeof gyre.server.get; // => 'function'
 * ```
 *
 * @module
 */
export { type Client, type ClientOptions, createClient } from './create-client.ts';
export { clientErrors } from './errors.ts';
export type { ClientEvent, EventsRequest } from './event-reader.ts';
export { ROUTES, type RouteGroups } from './generated-routes.ts';
export { GyreProblem, type GyreProblemOptions, type ProblemDetail } from './gyre-problem.ts';
export type { BytesCall, CallOptions, InputOf, ListCall, PartsOf, RouteCall, RouteEntry, WithBytes } from './route-calls.ts';
