/**
 * The server as its callers see it: whether it is ready, what it is, what happens in it live, and how every route is called.
 *
 * @module
 */
export { serverErrors } from './errors.ts';
export { describeRoutes } from './openapi.ts';
export { createServerRoutes, type ServerRoutesOptions } from './server-routes.ts';
