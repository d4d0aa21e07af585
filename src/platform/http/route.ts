import type { Static, TSchema } from 'typebox';
import type { AnyRouteContract, RouteContract } from '#platform/http/api';

/** Who is calling. */
export interface Caller {
  /** Principal id, written to the audit log: `local-owner`. */
  readonly principal: string;
  /** Name for people. */
  readonly displayName: string;
}

/** Decides whether a caller has a right; bound to `access` in `main`. */
export type Authorizer = (check: {
  readonly caller: Caller;
  readonly right: string;
  /** Name or id from the path, for rights inside a project. */
  readonly project: string | undefined;
}) => Promise<{ readonly allowed: true } | { readonly allowed: false; readonly reason: string }>;

/** One validated call. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly requestId: string;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** The body of a `bytes` route, at most `bodyLimitBytes` long; reading past the limit throws `http/body-too-large`. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Lower-case request headers, for those few routes that need one (`if-match`, `content-type`). */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Tells who calls, from the request's headers; bound to `access` in `main`. Throws `unauthenticated` for bad credentials. */
export type Authenticator = (request: {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the other end of the connection. */
  readonly remoteAddress: string | undefined;
}) => Promise<Caller>;

/** A successful answer; `headers` such as `location` or `etag`. Status is the contract's unless given. */
export interface RouteAnswer<Answer> {
  readonly body: Answer;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer of a `bytes` or `events` route, in its place of `body`. It is read as fast as the client takes it, and returned when the client goes away. */
  readonly stream?: AsyncIterable<Uint8Array | string>;
}

/** Does a call; throws GyreError for failures. */
export type RouteHandler<Contract> =
  Contract extends RouteContract<infer P, infer Q, infer B, infer A>
    ? (request: RouteRequest<Static<P>, Static<Q>, Static<B>>) => Promise<RouteAnswer<Static<A>>>
    : never;

/** A contract with its handler. */
export interface BoundRoute {
  readonly contract: AnyRouteContract;
  readonly handle: (request: RouteRequest<unknown, unknown, unknown>) => Promise<RouteAnswer<unknown>>;
}

/**
 * Binds a handler to a contract.
 *
 * @param contract - The route, from a slice's `api.ts`.
 * @param handle - What answers it.
 * @returns Both, ready for the host.
 */
export function bindRoute<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  contract: RouteContract<P, Q, B, A>,
  handle: (request: RouteRequest<Static<P>, Static<Q>, Static<B>>) => Promise<RouteAnswer<Static<A>>>,
): BoundRoute {
  // The host validates params, query and body by the contract's own schemas before it calls.
  return {
    contract,
    handle: handle as unknown as BoundRoute['handle'],
  };
}
