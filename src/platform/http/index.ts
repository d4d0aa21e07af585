/**
 * The control plane's HTTP as a port: slices bind handlers to route contracts; the host validates, authorizes, limits,
 * keeps idempotency keys and turns errors into problem documents.
 *
 * @module
 */
export { httpErrors } from './errors.ts';
export type { Authenticator, Authorizer, BoundRoute, Caller, RouteAnswer, RouteHandler, RouteRequest } from './route.ts';
export { bindRoute } from './route.ts';
export { kindOfStatus, statusOfKind } from './status.ts';
