import type { IncomingMessage, ServerResponse } from 'node:http';
import { GyreError, isGyreError } from '#kernel';
import type { Authenticator, Authorizer, BoundRoute, Caller, RouteAnswer, RouteRequest } from '#platform/http';
import type { AnyRouteContract } from '#platform/http/api';
import type { Log } from '#platform/log';
import { type Headers, writeAnswer, writeProblem, writeStream } from './answer.ts';
import { bodyLimitOf, readBytes, readJsonBody, requireNoBody } from './body.ts';
import type { IdempotencyKeys, KeptAnswer } from './idempotency.ts';
import { problemOf } from './problem.ts';
import { readQuery } from './query.ts';
import { accepts, describeMismatch, isBare, loadCompiler, validatePart } from './validate.ts';

/** How much longer a call may take whose body is a file. */
const UPLOAD_TIME_FACTOR = 10;

/** What serving a route needs from the host. */
export interface RouteHost {
  readonly authenticate: Authenticator;
  readonly authorize: Authorizer;
  readonly keys: IdempotencyKeys;
  readonly log: Log;
  /** Longest time of a call that answers with JSON, milliseconds. */
  readonly handlerTimeoutMs: number;
  /** Aborts when the server drains: ends event streams. */
  readonly draining: AbortSignal;
  /** Whether each JSON answer is held against its schema; for tests. */
  readonly checksAnswers: boolean;
}

/** One request on its way to a route. */
export interface RouteCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: unknown;
  readonly requestId: string;
}

/** Answers one request by its route: who, may they, what exactly, once only, do it, write it. Never throws. */
export async function serveRoute(host: RouteHost, route: BoundRoute, call: RouteCall): Promise<void> {
  const abort = new AbortController();
  call.response.once('close', () => {
    abort.abort(clientGone());
  });
  try {
    await answer(host, route, call, abort);
  } catch (error) {
    if (abort.signal.aborted && call.response.destroyed) return;
    if (!isGyreError(error) || error.kind === 'internal') logDefect(host.log, route.contract, call.requestId, error);
    writeProblem(call.response, problemOf(error, { requestId: call.requestId, instance: pathOf(call.request) }));
  }
}

/** Gives the path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

async function answer(host: RouteHost, route: BoundRoute, call: RouteCall, abort: AbortController): Promise<void> {
  const { contract } = route;
  const { request, response } = call;
  const headers = headersOf(request);
  if (host.checksAnswers || !isBare(contract) || request.url?.includes('?') === true) await loadCompiler();
  const caller = await host.authenticate({ headers, remoteAddress: request.socket.remoteAddress });
  const params = validatePart('path', contract.params, call.params);
  await requireRight(host.authorize, contract, caller, params);
  const query = validatePart('query', contract.query, readQuery(request.url ?? '', contract.query));
  const body = await bodyOf(contract, request);
  const bytes = contract.bodyKind === 'bytes' ? readBytes(request, bodyLimitOf(contract)) : nothing();
  const routeRequest = { params, query, body, caller, requestId: call.requestId, signal: abort.signal, bytes, headers };
  if (contract.answerKind === 'json') {
    await answerJson(host, route, routeRequest, { response, abort });
    return;
  }
  const signal = contract.answerKind === 'events' ? AbortSignal.any([abort.signal, host.draining]) : abort.signal;
  await writeStreamOf(contract, response, await route.handle({ ...routeRequest, signal }));
}

type AnyRequest = RouteRequest<unknown, unknown, unknown>;

interface Pending {
  readonly response: ServerResponse;
  readonly abort: AbortController;
}

async function answerJson(host: RouteHost, route: BoundRoute, request: AnyRequest, pending: Pending): Promise<void> {
  const { contract } = route;
  const run = async (): Promise<KeptAnswer> => {
    const limitMs = host.handlerTimeoutMs * (contract.bodyKind === 'bytes' ? UPLOAD_TIME_FACTOR : 1);
    const done = await withinTime(limitMs, pending.abort, async () => await route.handle(request));
    return toText(host, contract, done);
  };
  const key = request.headers['idempotency-key'];
  if (contract.idempotency !== 'key' || key === undefined) {
    writeAnswer(pending.response, await run());
    return;
  }
  requireKeyForm(key);
  const { params, query, body } = request;
  const kept = await host.keys.run({
    key,
    principal: request.caller.principal,
    routeId: contract.id,
    request: { params, query, body: body ?? null, length: request.headers['content-length'] ?? null },
    answer: run,
    failure: (error) => {
      const problem = problemOf(error, { requestId: request.requestId });
      return {
        status: problem.status,
        headers: { 'content-type': 'application/problem+json' },
        text: JSON.stringify(problem.body),
      };
    },
  });
  writeAnswer(pending.response, {
    ...kept,
    headers: { ...kept.headers, ...(kept.isReplay ? { 'idempotency-replayed': 'true' } : {}) },
  });
}

function toText(host: RouteHost, contract: AnyRouteContract, done: RouteAnswer<unknown>): KeptAnswer {
  const status = done.status ?? contract.status;
  const text = status === 204 ? '' : JSON.stringify(done.body);
  if (host.checksAnswers && status !== 204) {
    const body: unknown = JSON.parse(text);
    if (!accepts(contract.answer, body)) {
      throw new GyreError({
        kind: 'internal',
        code: 'http/answer-off-contract',
        message: `the answer of ${contract.id} does not match its schema: ${describeMismatch(contract.answer, body)}`,
      });
    }
  }
  return { status, headers: done.headers ?? {}, text };
}

async function writeStreamOf(contract: AnyRouteContract, response: ServerResponse, done: RouteAnswer<unknown>): Promise<void> {
  const { stream } = done;
  if (stream === undefined) {
    throw new GyreError({ kind: 'internal', code: 'http/answer-off-contract', message: `${contract.id} gave no stream` });
  }
  const byKind: Headers =
    contract.answerKind === 'events'
      ? { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' }
      : { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' };
  await writeStream(response, { status: done.status ?? contract.status, headers: { ...byKind, ...done.headers }, stream });
}

async function requireRight(authorize: Authorizer, contract: AnyRouteContract, caller: Caller, params: unknown): Promise<void> {
  const { right, scope } = contract.authorize;
  if (right === 'public') return;
  const project = scope === 'project' ? projectOf(params) : undefined;
  const decision = await authorize({ caller, right, project });
  if (decision.allowed) return;
  throw new GyreError({
    kind: 'forbidden',
    code: 'http/forbidden',
    message: `"${caller.displayName}" may not do this: it needs the right "${right}"${project === undefined ? '' : ` in project "${project}"`}; ${decision.reason}`,
    data: { right },
  });
}

function projectOf(params: unknown): string | undefined {
  const project: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'project') : undefined;
  return typeof project === 'string' ? project : undefined;
}

async function bodyOf(contract: AnyRouteContract, request: IncomingMessage): Promise<unknown> {
  if (contract.bodyKind === 'bytes') return null;
  if (contract.bodyKind === 'none') {
    requireNoBody(request);
    return null;
  }
  return validatePart('body', contract.body, await readJsonBody(request, bodyLimitOf(contract)));
}

async function withinTime<T>(limitMs: number, abort: AbortController, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new GyreError({
        kind: 'unavailable',
        code: 'http/timed-out',
        message: `the request took longer than ${String(limitMs / 1000)} s and was given up; work that is long is an operation to be watched`,
      });
      abort.abort(error);
      reject(error);
    }, limitMs);
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function requireKeyForm(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return;
  throw new GyreError({
    kind: 'invalid',
    code: 'http/idempotency-key-malformed',
    message: `an Idempotency-Key has 1 to 255 printable ASCII characters without spaces; got ${String(key.length)} characters; a UUID is a good one`,
  });
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

function logDefect(log: Log, contract: AnyRouteContract, requestId: string, error: unknown): void {
  log.write('error', 'a request met a defect', {
    requestId,
    route: contract.id,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}

function clientGone(): GyreError {
  return new GyreError({ kind: 'unavailable', code: 'http/client-gone', message: 'the client went away' });
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A route without bytes reads an empty stream.
}
