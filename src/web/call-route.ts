import type { Static, TSchema } from 'typebox';
import type { RouteContract } from '#platform/http/api';
import { problemOf, unreachable } from './route-problem.ts';

/** What a call is made with: the path's names, the query, the body. */
export interface RouteInput<P extends TSchema, Q extends TSchema, B extends TSchema> {
  readonly params?: Static<P>;
  readonly query?: Static<Q>;
  readonly body?: Static<B>;
}

/** What stands between a call and the network; tests bring their own. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  /** Same key, same change: a repeated call is answered from the first. */
  readonly idempotencyKey?: string;
}

/** Builds the URL of a call: names fill the path, members of the query follow it. */
export function routeUrl(path: string, params: unknown, query: unknown): string {
  const names = membersOf(params);
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(names[name] ?? ''));
  const search = new URLSearchParams(membersOf(query)).toString();
  return search === '' ? filled : `${filled}?${search}`;
}

/** Calls a route by its contract and gives its answer; everything else is thrown as a RouteProblem. */
export async function callRoute<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  contract: RouteContract<P, Q, B, A>,
  input: RouteInput<P, Q, B>,
  options: CallOptions = {},
): Promise<Static<A>> {
  const call = options.fetch ?? globalThis.fetch.bind(globalThis);
  const key = contract.idempotency === 'key' ? (options.idempotencyKey ?? newKey()) : undefined;
  const response = await call(routeUrl(contract.path, input.params, input.query), {
    method: contract.method,
    headers: {
      accept: 'application/json',
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }).catch((cause: unknown) => {
    throw options.signal?.aborted === true && cause instanceof Error ? cause : unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  const answer: unknown = await response.json().catch(() => null);
  // The server holds every answer against the contract; the browser does not do it again.
  return answer as Static<A>;
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function membersOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, String(member)]),
  );
}
