/**
 * Who may do what: the catalogue of rights, the roles that bundle them, and the one authorizer that every route, stream and
 * command goes through. In local mode whoever calls from this machine is the local owner, and nobody else gets in.
 *
 * @example
 * ```ts
 * decideAccess(undefined, 'data:read', 'churn').allowed; // => false
 * ```
 *
 * @module
 */
export { accessErrors } from './errors.ts';
export { createAuthorizer, isLoopback, localAuthenticator, localAuthorizer, requireLoopback } from './local-access.ts';
export { type AccessDecision, decideAccess, LOCAL_OWNER, type Principal } from './principal.ts';
export { isRight, RIGHTS, type Right } from './rights.ts';
export { Role, rightsOf } from './roles.ts';
export { createAccessSlice } from './slice.ts';
