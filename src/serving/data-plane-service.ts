import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Ids } from '#platform/clock';
import type { Log } from '#platform/log';
import type { FeatureLookup } from './feature-lookup.ts';
import { LiveEndpoints } from './live-endpoints-service.ts';
import type { ModelRuntime } from './model-runtime.ts';
import { createBigBodyReader } from './oip/big-body-thread.ts';
import { handleOip, type OipHost } from './oip/oip-handler.ts';
import { PredictionLog, type PredictionSink } from './prediction-log-service.ts';
import type { ServingReport } from './serving-report.ts';
import type { ServingSnapshot } from './serving-snapshot.ts';

/**
 * Answers inference requests, and nothing else. It learns what to serve only from snapshots and tells what it serves only by reports.
 *
 * Laws: `handle` never throws and touches neither a database nor a control-plane framework; a snapshot whose models cannot be
 * loaded leaves the endpoint on what it served before, and the report says so; a request that has begun is answered by the models it began with.
 */
export interface DataPlane {
  /** Answers a request when its path is one of ours (`/v2…`); returns false, having touched nothing, when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Loads what is missing, tries it, then switches; resolves when the endpoint answers with it, or cannot. */
  apply(snapshot: ServingSnapshot): Promise<void>;
  /** Tells what is served and how it goes. */
  report(): ServingReport;
  /** Makes everything logged so far durable. */
  flush(): Promise<void>;
  /** Says not ready to probes, then flushes; requests that still come are answered. */
  drain(): Promise<void>;
}

/** What a data plane is made of. */
export interface DataPlanePorts {
  readonly runtime: ModelRuntime;
  readonly features: FeatureLookup;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Business time of a project, milliseconds since 1970 UTC; called for every request without a moment of its own. */
  readonly businessNowMs: (projectId: string) => number;
  /** Makes logged predictions durable. */
  readonly sink: PredictionSink;
  /** Version of the program. */
  readonly version: string;
}

/**
 * Makes a data plane that serves nothing yet.
 *
 * @param ports - What it is made of.
 * @returns The data plane.
 */
export function createDataPlane(ports: DataPlanePorts): DataPlane {
  const plane = ports.ids.next();
  const predictions = new PredictionLog(ports.sink, ports.log);
  const endpoints = new LiveEndpoints(ports);
  let isDraining = false;
  const host = hostOf(ports, { plane, endpoints, predictions, isReady: () => endpoints.version > 0 && !isDraining });
  return {
    handle: (request, response) => {
      const url = request.url ?? '';
      if (!url.startsWith('/v2') || (url.length > 3 && url[3] !== '/' && url[3] !== '?')) return false;
      handleOip(host, request, response);
      return true;
    },
    apply: (snapshot) => endpoints.apply(snapshot),
    report: () => ({
      plane,
      snapshotVersion: endpoints.version,
      endpoints: endpoints.report(),
      lostPredictions: predictions.lostRows,
    }),
    flush: () => predictions.flush(),
    drain: () => {
      isDraining = true;
      return predictions.flush();
    },
  };
}

interface PlaneParts {
  readonly plane: string;
  readonly endpoints: LiveEndpoints;
  readonly predictions: PredictionLog;
  readonly isReady: () => boolean;
}

function hostOf(ports: DataPlanePorts, { plane, endpoints, predictions, isReady }: PlaneParts): OipHost {
  let requests = 0;
  const idStart = `${plane.slice(0, 12)}${plane.slice(-8)}-`;
  return {
    version: ports.version,
    ports: {
      nowMs: () => ports.clock.nowMs(),
      monotonicMs: () => ports.clock.monotonicMs(),
      businessNowMs: ports.businessNowMs,
      logPredictions: (endpoint, deployment, call) => predictions.append(endpoint.snapshot, deployment, call),
      yieldTurn: () => new Promise((resolve) => setImmediate(resolve)),
    },
    endpoint: (name) => endpoints.find(name),
    endpointNames: () => endpoints.names(),
    isReady,
    isStarted: () => endpoints.version > 0,
    readBigBody: createBigBodyReader(),
    newRequestId: () => {
      requests += 1;
      return idStart + requests.toString(36);
    },
    logFailure: (error) => ports.log.write('error', 'an inference request failed', { error: describeError(error) }),
  };
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `; cause: ${describeError(error.cause)}`;
  return `${error.message}${cause}`;
}
