import { type ClientEvent, type EventsRequest, readEvents } from './event-reader.ts';
import { ROUTES, type RouteGroups } from './generated-routes.ts';
import { GyreProblem } from './gyre-problem.ts';
import type { CallOptions, RouteEntry } from './route-calls.ts';
import { type CallInput, type Endpoint, send } from './send.ts';

/** How to reach a server. */
export interface ClientOptions {
  /** Base URL, such as `http://127.0.0.1:4973`. */
  readonly url: string;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Sent as bearer token. */
  readonly token?: string;
}

/** Every route of the server as a function, grouped by slice: `client.projects.list()`. */
export interface Client extends RouteGroups {
  /** Base URL without a slash at its end. */
  readonly url: string;
  /** Follows what happens; ends with its signal, or when the loop over it is left. */
  events(request?: EventsRequest): AsyncIterable<ClientEvent>;
}

type AnyCall = (input?: CallInput, options?: CallOptions) => Promise<unknown>;

/**
 * Makes a client of a server.
 *
 * Inputs are flat: path parameters and query members side by side, the body as `body`, a file as `bytes`. Failures are
 * {@link GyreProblem}. A call is repeated, at most three times, only when the server said that it may be, or did not answer;
 * changes that take an Idempotency-Key always carry one. An awaited list is its first page; iterated it is every item.
 *
 * @param options - How to reach the server.
 * @returns The client.
 * @example
 * ```ts
 * createClient({ url: 'http://127.0.0.1:4973/' }).url; // => 'http://127.0.0.1:4973'
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const endpoint: Endpoint = {
    url: options.url.replace(/\/+$/, ''),
    fetch: options.fetch ?? globalThis.fetch,
    token: options.token,
  };
  const groups: Record<string, Record<string, AnyCall>> = {};
  for (const [id, route] of Object.entries(ROUTES) as [string, RouteEntry][]) {
    const [group = id, verb = id] = id.split('.', 2);
    if (route.answer === 'events') continue;
    groups[group] = { ...groups[group], [verb]: (input = {}, call = {}) => callRoute(endpoint, route, input, call) };
  }
  const client = {
    ...groups,
    url: endpoint.url,
    events: (request: EventsRequest = {}) => readEvents(endpoint, ROUTES['server.events'], request),
  };
  // The generator writes RouteGroups and ROUTES from the same contracts.
  return client as unknown as Client;
}

function callRoute(endpoint: Endpoint, route: RouteEntry, input: CallInput, options: CallOptions): Promise<unknown> {
  if (route.answer === 'bytes') return send(endpoint, route, input, options);
  const first = callJson(endpoint, route, input, options);
  return Object.assign(first, {
    [Symbol.asyncIterator]: () => everyItem(first, (cursor) => callJson(endpoint, route, { ...input, cursor }, options)),
  });
}

async function callJson(endpoint: Endpoint, route: RouteEntry, input: CallInput, options: CallOptions): Promise<unknown> {
  const response = await send(endpoint, route, input, options);
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = `${response.url} answered something that is not JSON`;
    throw new GyreProblem({ status: response.status, code: 'client/bad-answer', detail, cause });
  }
}

async function* everyItem(first: Promise<unknown>, next: (cursor: string) => Promise<unknown>): AsyncGenerator<unknown> {
  for (let page = asPage(await first); ; page = asPage(await next(page.nextCursor))) {
    yield* page.items;
    if (page.nextCursor === '') return;
  }
}

function asPage(value: unknown): { readonly items: readonly unknown[]; readonly nextCursor: string } {
  const items: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'items') : undefined;
  const cursor: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'nextCursor') : undefined;
  return { items: Array.isArray(items) ? items : [], nextCursor: typeof cursor === 'string' ? cursor : '' };
}
