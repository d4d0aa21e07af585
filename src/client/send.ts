import { GyreProblem, problemOfResponse } from './gyre-problem.ts';
import type { CallOptions, RouteEntry } from './route-calls.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const TIMEOUT_MS = 120_000;

/** Where and how a client calls. */
export interface Endpoint {
  /** Base URL without a slash at its end. */
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly token: string | undefined;
}

/** Members of a call by name. */
export type CallInput = Readonly<Record<string, unknown>>;

/** Calls a route and gives the successful response; repeats what may be repeated. */
export async function send(endpoint: Endpoint, route: RouteEntry, input: CallInput, options: CallOptions): Promise<Response> {
  const keyed = withKey(route, options);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(endpoint, route, input, keyed);
    } catch (error) {
      if (attempt >= ATTEMPTS || !mayRepeat(error, options)) throw error;
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS), options.signal);
    }
  }
}

/** One key for all attempts of a call, so that the change is made once. */
function withKey(route: RouteEntry, options: CallOptions): CallOptions {
  if (route.idempotency !== 'key' || options.idempotencyKey !== undefined) return options;
  return { ...options, idempotencyKey: crypto.randomUUID() };
}

function mayRepeat(error: unknown, options: CallOptions): boolean {
  return error instanceof GyreProblem && error.isRetryable && options.signal?.aborted !== true;
}

/** Builds the URL of a call; whatever is no query member and no body fills the path. */
export function urlOf(url: string, route: RouteEntry, input: CallInput): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const query = new URLSearchParams();
  for (const name of route.query) {
    const value = input[name];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const item of items.filter((one) => one !== undefined))
      query.append(name, typeof item === 'string' ? item : JSON.stringify(item));
  }
  const text = query.toString();
  return `${url}${path}${text === '' ? '' : `?${text}`}`;
}

async function sendOnce(endpoint: Endpoint, route: RouteEntry, input: CallInput, options: CallOptions): Promise<Response> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const response = await endpoint
    .fetch(urlOf(endpoint.url, route, input), {
      method: route.method,
      headers: headersOf(endpoint, route, options.idempotencyKey),
      signal,
      ...bodyOf(route, input),
    })
    .catch((cause: unknown) => {
      if (options.signal?.aborted === true) throw cause;
      throw timeout.aborted ? timedOut(endpoint.url, timeoutMs) : unreachable(endpoint.url, route, cause);
    });
  if (response.ok) return response;
  throw await problemOfResponse(response);
}

function headersOf(endpoint: Endpoint, route: RouteEntry, key: string | undefined): Record<string, string> {
  return {
    accept: route.answer === 'json' ? 'application/json' : '*/*',
    ...(endpoint.token === undefined ? {} : { authorization: `Bearer ${endpoint.token}` }),
    ...(route.body === 'json' ? { 'content-type': 'application/json' } : {}),
    ...(route.body === 'bytes' ? { 'content-type': 'application/octet-stream' } : {}),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
}

function bodyOf(route: RouteEntry, input: CallInput): { readonly body?: string | Uint8Array<ArrayBuffer> } {
  if (route.body === 'json') return { body: JSON.stringify(input['body'] ?? null) };
  const bytes = input['bytes'];
  return route.body === 'bytes' && bytes instanceof Uint8Array ? { body: new Uint8Array(bytes) } : {};
}

/** Waits, or until the signal aborts. */
export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

function unreachable(url: string, route: RouteEntry, cause: unknown): GyreProblem {
  return new GyreProblem({
    status: 0,
    code: 'client/unreachable',
    detail: `no server answers at ${url} (${route.method} ${route.path})`,
    // A keyed change carries its key, so every route may be tried again.
    isRetryable: true,
    help: 'start one with: gyre up',
    cause,
  });
}

function timedOut(url: string, timeoutMs: number): GyreProblem {
  return new GyreProblem({
    status: 0,
    code: 'client/timeout',
    detail: `${url} did not answer within ${String(timeoutMs / 1000)} s`,
  });
}
