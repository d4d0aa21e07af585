import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { GyreError } from '#kernel';
import type { Clock, Ids } from '#platform/clock';
import type { Authenticator, Authorizer, BoundRoute } from '#platform/http';
import type { Log } from '#platform/log';
import type { SqlDatabase } from '#platform/sql';
import { writeProblem } from './answer.ts';
import { answerClientError } from './client-error.ts';
import { createFrontDoor } from './front-door.ts';
import { createIdempotencyKeys } from './idempotency.ts';
import { createKnownPaths } from './known-paths.ts';
import { listenOn } from './listen.ts';
import { problemOf } from './problem.ts';
import { pathOf, type RouteHost, serveRoute } from './serve-route.ts';
import { createStaticFiles } from './static-files.ts';
import { createTraffic, type Traffic } from './traffic.ts';

// An import of it would load all of Node's fetch too, by the getters of the module: 25 ms and 13 MB.
const { createServer } = process.getBuiltinModule('node:http');

const REQUESTS_IN_HAND = 512;
const HANDLER_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 600_000;
const KEEP_ALIVE_MS = 30_000;
/** How often a closing server looks for connections that fell idle. */
const SWEEP_MS = 20;
const LONGEST_PARAMETER = 512;

/** What a host is made of. */
export interface HttpHostOptions {
  readonly routes: readonly BoundRoute[];
  readonly authenticate: Authenticator;
  readonly authorize: Authorizer;
  /** Where idempotency keys are kept. */
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Marks joints at which a crash test may end the process. */
  readonly failpoint?: (name: string) => void;
  /** Hosts this server answers for, without port: `localhost`, `127.0.0.1`, `[::1]`. */
  readonly allowedHosts: readonly string[];
  /** Folder of the built screens; absent, no screen is served. */
  readonly staticFolder?: string;
  /** Takes inference requests before any framework sees them; returns whether it did. */
  readonly dataPlane?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Version of Gyre, echoed as `Gyre-Version`. */
  readonly version: string;
  /** Longest time of one JSON call, milliseconds; default 60,000. */
  readonly handlerTimeoutMs?: number;
  /** Most requests of the control plane at once; default 512. */
  readonly requestsInHand?: number;
  /** Whether each JSON answer is held against its schema; for tests. */
  readonly checksAnswers?: boolean;
}

/** A server that can listen once and be drained once. */
export interface HttpHost {
  /** The plain server of Node. */
  readonly server: Server;
  /** Binds and returns the base URL; port 0 takes a free one. Throws `http/port-taken` and `http/cannot-listen`. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Makes readiness fail and event streams end, without refusing requests yet. */
  startDraining(): void;
  /** Drains, waits up to `graceMs` for what is in hand, then closes every connection. Idempotent. */
  close(graceMs: number): Promise<void>;
  readonly isDraining: boolean;
}

/**
 * Makes the one HTTP server of a process.
 *
 * @param options - Routes, ports and limits.
 * @returns The host, not listening yet.
 * @see RFC 9110, RFC 9457 (problem documents), draft-ietf-httpapi-idempotency-key-header-07
 */
export async function createHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const traffic = createTraffic(options.requestsInHand ?? REQUESTS_IN_HAND);
  const app = await createControlPlane(options, traffic);
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    firstRouter(options, traffic, app),
  );
  server.on('clientError', answerClientError);
  return {
    server,
    listen: async (address) => await listenOn(server, address),
    startDraining: traffic.startDraining,
    close: async (graceMs) => {
      traffic.startDraining();
      await closeServer(server, graceMs);
      await app.close();
    },
    get isDraining() {
      return traffic.isDraining;
    },
  };
}

/** Lets every request in hand finish, those of the data plane too, and closes connections as they fall idle. */
async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const end = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(end);
}

function firstRouter(
  options: HttpHostOptions,
  traffic: Traffic,
  app: FastifyInstance,
): (request: IncomingMessage, response: ServerResponse) => void {
  const front = createFrontDoor(options.allowedHosts);
  const { dataPlane } = options;
  return (request, response) => {
    try {
      front.check(request);
      if (dataPlane?.(request, response) === true) return;
      response.setHeader('request-id', options.ids.next());
      response.setHeader('gyre-version', options.version);
      if (traffic.isDraining) response.setHeader('connection', 'close');
      traffic.enter(response);
      app.routing(request, response);
    } catch (error) {
      refuse(request, response, error);
    }
  };
}

async function createControlPlane(options: HttpHostOptions, traffic: Traffic): Promise<FastifyInstance> {
  const host: RouteHost = {
    ...options,
    keys: createIdempotencyKeys({ ...options, holder: options.ids.next() }),
    handlerTimeoutMs: options.handlerTimeoutMs ?? HANDLER_TIMEOUT_MS,
    draining: traffic.draining,
    checksAnswers: options.checksAnswers ?? false,
  };
  // Loaded here, so that whoever only opens the store does not wait for it.
  const { fastify } = await import('fastify');
  const app = fastify({
    exposeHeadRoutes: false,
    logger: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER, querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) => {
      reply.hijack();
      refuse(request.raw, reply.raw, badRequest(error));
    },
  });
  // The host reads bodies itself: by the contract of the route, not by what the request says of itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null, undefined);
  });
  for (const route of options.routes) addRoute(app, host, route);
  addFallback(app, options);
  await app.ready();
  return app;
}

function addRoute(app: FastifyInstance, host: RouteHost, route: BoundRoute): void {
  app.route({
    method: route.contract.method,
    url: route.contract.path,
    handler: async (request, reply) => {
      reply.hijack();
      const { raw: response } = reply;
      await serveRoute(host, route, {
        request: request.raw,
        response,
        params: { ...(request.params as object) },
        requestId: requestIdOf(response),
      });
    },
  });
}

function addFallback(app: FastifyInstance, options: HttpHostOptions): void {
  const files = createStaticFiles(options.staticFolder);
  const methodsOf = createKnownPaths(options.routes.map((route) => route.contract));
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    if (files.serve(request.raw, reply.raw)) return;
    answerUnknown(request.raw, reply.raw, methodsOf(pathOf(request.raw)));
  });
  app.setErrorHandler((error, request, reply) => {
    reply.hijack();
    refuse(request.raw, reply.raw, badRequest(error));
  });
}

function answerUnknown(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
  const context = { requestId: requestIdOf(response), instance: pathOf(request) };
  const path = context.instance.slice(0, 200);
  if (methods.length > 0) {
    const allow = methods.join(', ');
    const message = `${path} has no ${request.method ?? ''}; it has ${allow}`;
    const error = new GyreError({ kind: 'invalid', code: 'http/method-not-allowed', message });
    writeProblem(response, problemOf(error, { ...context, status: 405 }), { allow });
    return;
  }
  const error = new GyreError({
    kind: 'not-found',
    code: 'http/not-found',
    message: `nothing has the path ${path}`,
    help: 'the routes are listed at /api/openapi.json',
  });
  writeProblem(response, problemOf(error, context));
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  writeProblem(response, problemOf(error, { requestId: requestIdOf(response), instance: pathOf(request) }));
}

function badRequest(cause: unknown): GyreError {
  if (Reflect.get(Object(cause), 'code') === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new GyreError({
      kind: 'unsupported',
      code: 'http/unsupported-media-type',
      message: 'the content-type of the request is empty or malformed; send application/json, or none with a file',
      cause,
    });
  }
  return new GyreError({
    kind: 'invalid',
    code: 'http/bad-request',
    message: 'the path or headers of the request are malformed (such as a broken % escape, or a segment that is too long)',
    cause,
  });
}

function requestIdOf(response: ServerResponse): string {
  const id = response.getHeader('request-id');
  return typeof id === 'string' ? id : '';
}
