import type { IncomingMessage, ServerResponse } from 'node:http';
import { didYouMean, GyreError } from '#kernel';
import { deploymentOfVersion, type InferencePorts, infer, inferMany, inferShadows } from '../infer.ts';
import type { InferenceCall } from '../inference-call.ts';
import { type LiveEndpoint, ROWS_AT_ONCE } from '../live-endpoint.ts';
import { sendAtTurnEnd } from './answer-queue.ts';
import { sendError, sendJson, sendMethodNotAllowed } from './answers.ts';
import { BIG_BODY_BYTES, type BigBodyReader } from './big-body-thread.ts';
import { readBody } from './body.ts';
import { describeModel, describeServer } from './metadata.ts';
import type { ReadRequest } from './read-call.ts';
import { createSmallBodyReader } from './repeated-body.ts';
import { chosenOutputs, writeAnswer } from './write-answer.ts';

/** What the dialect asks of the data plane. */
export interface OipHost {
  readonly ports: InferencePorts;
  /** Version of the program, for the server's metadata. */
  readonly version: string;
  endpoint(name: string): LiveEndpoint | undefined;
  endpointNames(): readonly string[];
  /** Whether a snapshot is served and the process is not going away. */
  isReady(): boolean;
  /** Whether it is known yet what should be served. */
  isStarted(): boolean;
  /** Reads big bodies away from the event loop. */
  readonly readBigBody: BigBodyReader;
  /** Makes an id for a request that came without one. */
  newRequestId(): string;
  /** Says in the log what a caller is not told. */
  logFailure(error: unknown): void;
}

/** How long anybody waits for an answer. */
const DEADLINE_MS = 30_000;

type Handle = (host: OipHost, request: IncomingMessage, response: ServerResponse) => void;

/** Path behind `/v2`, without query: what it leads to. */
type Target =
  | { readonly kind: 'server' | 'live' | 'ready' | 'list' }
  | { readonly kind: 'model' | 'model-ready' | 'infer'; readonly model: string; readonly version: number | undefined };

const MODEL_PATH = /^\/models\/([^/]+)(?:\/versions\/(\d{1,9}))?(?:\/(ready|infer))?\/?$/;

/** Answers a request below `/v2`. */
export function handleOip(host: OipHost, request: IncomingMessage, response: ServerResponse): void {
  try {
    const target = targetOf(request.url ?? '');
    if (target === undefined) throw unknownPath(request.url ?? '');
    HANDLERS[target.kind](host, request, response, target);
  } catch (error) {
    refuse(host, response, error);
  }
}

function refuse(host: OipHost, response: ServerResponse, error: unknown): void {
  if (!(error instanceof GyreError) || error.kind === 'internal') host.logFailure(error);
  sendError(response, error);
}

const FIXED_PATHS: Readonly<Record<string, Target>> = {
  '': { kind: 'server' },
  '/': { kind: 'server' },
  '/health/live': { kind: 'live' },
  '/health/ready': { kind: 'ready' },
  '/models': { kind: 'list' },
  '/models/': { kind: 'list' },
};

const VERBS: Readonly<Record<string, 'infer' | 'model-ready'>> = { infer: 'infer', ready: 'model-ready' };

let lastUrl = '';
let lastTarget: Target | undefined;

/** Callers ask for the same path again and again: the last one is remembered. */
function targetOf(url: string): Target | undefined {
  if (url === lastUrl) return lastTarget;
  const query = url.indexOf('?');
  const path = url.slice('/v2'.length, query < 0 ? undefined : query);
  const target = FIXED_PATHS[path] ?? modelTarget(path);
  lastUrl = url;
  lastTarget = target;
  return target;
}

function modelTarget(path: string): Target | undefined {
  const [whole, model, version, verb] = MODEL_PATH.exec(path) ?? [];
  if (whole === undefined || model === undefined) return undefined;
  const kind = VERBS[verb ?? ''] ?? 'model';
  return { kind, model: decoded(model), version: version === undefined ? undefined : Number(version) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken escape names nothing: as it stands it will be found unknown.
    return part;
  }
}

function unknownPath(url: string): GyreError {
  return new GyreError({
    kind: 'not-found',
    code: 'serving/unknown-path',
    message: `there is nothing at "${url.slice(0, 100)}"; try /v2, /v2/models or /v2/models/NAME/infer`,
  });
}

function getOnly(handle: Handle): Handle {
  return (host, request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') handle(host, request, response);
    else sendMethodNotAllowed(response, 'GET');
  };
}

type TargetHandle = (host: OipHost, request: IncomingMessage, response: ServerResponse, target: Target) => void;

const HANDLERS: Readonly<Record<Target['kind'], TargetHandle>> = {
  server: getOnly((host, _request, response) => sendJson(response, 200, JSON.stringify(describeServer(host.version)))),
  live: getOnly((_host, _request, response) => sendJson(response, 200, '{"live":true}')),
  ready: getOnly((host, _request, response) =>
    sendJson(response, host.isReady() ? 200 : 503, JSON.stringify({ ready: host.isReady() })),
  ),
  list: getOnly((host, _request, response) => sendJson(response, 200, JSON.stringify({ models: host.endpointNames() }))),
  model: (host, request, response, target) =>
    getOnly(() => {
      const endpoint = requireEndpoint(host, target);
      sendJson(response, 200, JSON.stringify(describeModel(endpoint)));
    })(host, request, response),
  'model-ready': (host, request, response, target) =>
    getOnly(() => {
      const endpoint = requireEndpoint(host, target);
      const isReady = host.isReady() && endpoint.answering.length > 0;
      sendJson(response, isReady ? 200 : 503, JSON.stringify({ name: endpoint.snapshot.endpoint, ready: isReady }));
    })(host, request, response),
  infer: (host, request, response, target) => {
    if (request.method !== 'POST') {
      sendMethodNotAllowed(response, 'POST');
      return;
    }
    const arrivedMonotonicMs = host.ports.monotonicMs();
    readBody(request, (body, error) => {
      const inference = { host, response, target, arrivedMonotonicMs };
      if (body === undefined) refuse(host, response, error);
      else if (body.length < BIG_BODY_BYTES) answerSmall(inference, body);
      else void answerBig(inference, body);
    });
  },
};

interface Inference {
  readonly host: OipHost;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly arrivedMonotonicMs: number;
}

/** Reads and answers in this turn: nobody else uses the endpoint's columns meanwhile. */
function answerSmall(inference: Inference, body: Buffer): void {
  const { host, response, target } = inference;
  try {
    const endpoint = requireEndpoint(host, target);
    const read = readSmall(body, endpoint.reader);
    if (read.nRows > ROWS_AT_ONCE) void answerMany(inference, endpoint, read);
    else answerNow(inference, endpoint, read);
  } catch (error) {
    refuse(host, response, error);
  }
}

const readSmall = createSmallBodyReader();

function answerNow(inference: Inference, endpoint: LiveEndpoint, read: ReadRequest): void {
  const { host, response } = inference;
  const call = callOf(inference, endpoint, read);
  const answer = infer(host.ports, call);
  sendAtTurnEnd(response, writeAnswer(endpoint, call.id, answer, read.outputs));
  if (endpoint.shadows.length > 0) inferShadows(host.ports, call);
}

async function answerBig(inference: Inference, body: Buffer): Promise<void> {
  const { host, response, target } = inference;
  try {
    const endpoint = requireEndpoint(host, target);
    const read = await host.readBigBody(body, endpoint.reader);
    if (read.nRows > ROWS_AT_ONCE) await answerMany(inference, endpoint, read);
    else answerNow(inference, endpoint, read);
  } catch (error) {
    refuse(host, response, error);
  }
}

async function answerMany(inference: Inference, endpoint: LiveEndpoint, read: ReadRequest): Promise<void> {
  const { host, response } = inference;
  try {
    const call = callOf(inference, endpoint, read);
    const answer = await inferMany(host.ports, call);
    sendAtTurnEnd(response, writeAnswer(endpoint, call.id, answer, read.outputs));
  } catch (error) {
    refuse(host, response, error);
  }
}

/** Refuses unknown outputs here, because what was scored is logged: nobody must be counted who got no answer. */
function callOf(inference: Inference, endpoint: LiveEndpoint, read: ReadRequest): InferenceCall {
  const { host, target, arrivedMonotonicMs } = inference;
  if (read.outputs.length > 0) chosenOutputs(endpoint.answering[0]?.model.outputNames ?? [], read.outputs);
  return {
    endpoint,
    version: 'version' in target ? target.version : undefined,
    columns: read.columns,
    nRows: read.nRows,
    id: read.id ?? host.newRequestId(),
    arrivedMonotonicMs,
    deadlineMs: arrivedMonotonicMs + DEADLINE_MS,
  };
}

function requireEndpoint(host: OipHost, target: Target): LiveEndpoint {
  const name = 'model' in target ? target.model : '';
  const endpoint = host.endpoint(name);
  if (endpoint === undefined && !host.isStarted()) {
    throw new GyreError({
      kind: 'unavailable',
      code: 'serving/not-ready',
      message: 'endpoints are still being loaded; ask again, or watch /v2/health/ready',
    });
  }
  if (endpoint === undefined) {
    const names = host.endpointNames();
    throw new GyreError({
      kind: 'not-found',
      code: 'serving/unknown-model',
      message: `nothing named "${name.slice(0, 100)}" is served${didYouMean(name, names)}; served: ${names.join(', ') || 'nothing yet'}`,
    });
  }
  if ('version' in target && target.version !== undefined) deploymentOfVersion(endpoint, target.version);
  return endpoint;
}
