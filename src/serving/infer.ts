import { type Column, didYouMean, GyreError } from '#kernel';
import type { InferenceAnswer, InferenceCall } from './inference-call.ts';
import { columnRows, textAt } from './input-columns.ts';
import { encodeRows } from './kernels/encode-rows.ts';
import type { LoggedCall } from './kernels/prediction-buffer.ts';
import { latencyBucketOf } from './latency-buckets.ts';
import { type LiveDeployment, type LiveEndpoint, ROWS_AT_ONCE } from './live-endpoint.ts';
import { pickTarget } from './traffic-split.ts';

/** What inference needs of the world; all of it synchronous. */
export interface InferencePorts {
  /** Wall time, milliseconds. */
  nowMs(): number;
  monotonicMs(): number;
  /** Business time of a project, milliseconds since 1970 UTC. */
  businessNowMs(projectId: string): number;
  /** Takes rows into the prediction log. */
  logPredictions(endpoint: LiveEndpoint, deployment: LiveDeployment, call: LoggedCall): void;
  /** Gives the event loop a turn. */
  yieldTurn(): Promise<void>;
}

/** Answers a call of at most `ROWS_AT_ONCE` rows, in this turn. */
export function infer(ports: InferencePorts, call: InferenceCall): InferenceAnswer {
  const deployment = deploymentFor(call);
  const scores = deployment.out;
  try {
    scoreRows(ports, { call, deployment, from: 0, to: call.nRows, scores });
  } catch (error) {
    throw failed(ports, call, deployment, error);
  }
  count(ports, call, deployment, scores);
  return { deployment, nRows: call.nRows, scores };
}

/** Answers a call of any number of rows; big ones give the event loop a turn between pieces. */
export async function inferMany(ports: InferencePorts, call: InferenceCall): Promise<InferenceAnswer> {
  const deployment = deploymentFor(call);
  const scores = new Float64Array(call.nRows * deployment.model.outputNames.length);
  for (let from = 0; from < call.nRows; from += ROWS_AT_ONCE) {
    if (from > 0) await ports.yieldTurn();
    if (ports.monotonicMs() > call.deadlineMs) throw tooLate(call);
    try {
      scoreRows(ports, { call, deployment, from, to: Math.min(call.nRows, from + ROWS_AT_ONCE), scores });
    } catch (error) {
      throw failed(ports, call, deployment, error);
    }
  }
  count(ports, call, deployment, scores);
  return { deployment, nRows: call.nRows, scores };
}

/** Lets shadow deployments score a copy of an answered call; only the log sees it. */
export function inferShadows(ports: InferencePorts, call: InferenceCall): void {
  for (const deployment of call.endpoint.shadows) {
    try {
      scoreRows(ports, { call, deployment, from: 0, to: call.nRows, scores: deployment.out });
      count(ports, call, deployment, deployment.out);
    } catch (error) {
      // The caller has its answer; what a shadow does wrong is for the counters.
      failed(ports, call, deployment, error);
    }
  }
}

function deploymentFor(call: InferenceCall): LiveDeployment {
  const { answering, snapshot } = call.endpoint;
  if (call.version !== undefined) return deploymentOfVersion(call.endpoint, call.version);
  const only = answering[0];
  if (answering.length === 1 && only !== undefined) return only;
  const picked = answering[pickTarget(answering, trafficKeyOf(call))];
  if (picked !== undefined) return picked;
  throw new GyreError({
    kind: 'unavailable',
    code: 'serving/no-deployment',
    message: `nothing is deployed behind the endpoint "${snapshot.endpoint}"; deploy a version first`,
  });
}

/** Finds the deployment of a version. */
export function deploymentOfVersion(endpoint: LiveEndpoint, version: number): LiveDeployment {
  const found = endpoint.answering.find((deployment) => deployment.snapshot.version === version);
  if (found !== undefined) return found;
  const versions = endpoint.answering.map((deployment) => String(deployment.snapshot.version));
  throw new GyreError({
    kind: 'not-found',
    code: 'serving/unknown-model',
    message: `endpoint "${endpoint.snapshot.endpoint}" does not serve version ${String(version)}; it serves ${versions.join(', ')}${didYouMean(String(version), versions)}`,
  });
}

function trafficKeyOf(call: InferenceCall): string {
  const key = call.columns[call.endpoint.keyInput];
  return (key === undefined ? undefined : textAt(key, 0)) ?? call.id;
}

interface Piece {
  readonly call: InferenceCall;
  readonly deployment: LiveDeployment;
  readonly from: number;
  readonly to: number;
  readonly scores: Float64Array;
}

function scoreRows(ports: InferencePorts, piece: Piece): void {
  const { call, deployment, from, to } = piece;
  const { endpoint } = call;
  const isWhole = from === 0 && to === call.nRows;
  const columns = isWhole ? call.columns : call.columns.map((column) => columnRows(column, from, to));
  const nRows = to - from;
  const moments = readMoments(ports, endpoint, columns, nRows);
  const sources = endpoint.features === undefined ? columns : endpoint.features.compute(rowsOf(columns, nRows), moments, nRows);
  const stride = deployment.model.outputNames.length;
  const scores = isWhole ? piece.scores : piece.scores.subarray(from * stride, to * stride);
  deployment.model.predict(encodeRows(deployment, sources, nRows), nRows, scores);
  requireFinite(deployment, scores, nRows * stride);
  if (!endpoint.snapshot.log) return;
  ports.logPredictions(endpoint, deployment, {
    sources,
    nRows,
    requestId: call.id,
    key: columns[endpoint.keyInput],
    moments,
    arrivedAtMs: ports.nowMs(),
    scores,
    stride,
    latencyUs: (ports.monotonicMs() - call.arrivedMonotonicMs) * 1000,
    firstRow: from,
  });
}

/** Feature views take columns of exactly the rows they compute. */
function rowsOf(columns: readonly Column[], nRows: number): readonly Column[] {
  return columns.map((column) => (column.values.length === nRows ? column : columnRows(column, 0, nRows)));
}

function readMoments(ports: InferencePorts, endpoint: LiveEndpoint, columns: readonly Column[], nRows: number): Float64Array {
  const given = columns[endpoint.momentInput];
  const moments = endpoint.features === undefined ? endpoint.moments : endpoint.moments.subarray(0, nRows);
  const nowMs = ports.businessNowMs(endpoint.snapshot.projectId);
  for (let row = 0; row < nRows; row += 1) {
    const momentMs = given?.values[row] ?? nowMs;
    moments[row] = Number.isNaN(momentMs) ? nowMs : momentMs;
  }
  return moments;
}

function requireFinite(deployment: LiveDeployment, scores: Float64Array, count: number): void {
  for (let at = 0; at < count; at += 1) {
    if (Number.isFinite(scores[at])) continue;
    throw new GyreError({
      kind: 'internal',
      code: 'serving/model-failed',
      message: `version ${String(deployment.snapshot.version)} of "${deployment.snapshot.model}" gave ${String(scores[at])} instead of a score`,
    });
  }
}

function count(ports: InferencePorts, call: InferenceCall, deployment: LiveDeployment, scores: Float64Array): void {
  const { counters } = deployment;
  const stride = deployment.model.outputNames.length;
  counters.requests += 1;
  counters.rows += call.nRows;
  for (let row = 0; row < call.nRows; row += 1) {
    const score = scores[row * stride] ?? 0;
    counters.scoreSum += score;
    counters.scoreSquareSum += score * score;
  }
  countLatency(ports, call, deployment);
}

function countLatency(ports: InferencePorts, call: InferenceCall, { counters }: LiveDeployment): void {
  const bucket = latencyBucketOf((ports.monotonicMs() - call.arrivedMonotonicMs) * 1000);
  counters.latencyCounts[bucket] = (counters.latencyCounts[bucket] ?? 0) + 1;
  counters.lastAnsweredAtMs = ports.nowMs();
}

function failed(ports: InferencePorts, call: InferenceCall, deployment: LiveDeployment, error: unknown): unknown {
  // A view refuses values that the caller sent: that is no failure of the deployment.
  if (error instanceof GyreError && error.kind === 'invalid') return error;
  deployment.counters.requests += 1;
  deployment.counters.errors += 1;
  countLatency(ports, call, deployment);
  if (error instanceof GyreError) return error;
  return new GyreError({
    kind: 'internal',
    code: 'serving/model-failed',
    message: `version ${String(deployment.snapshot.version)} of "${deployment.snapshot.model}" could not score the request`,
    cause: error,
  });
}

function tooLate(call: InferenceCall): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'serving/not-ready',
    message: `the request of ${String(call.nRows)} rows was not scored in time; send fewer rows at once`,
  });
}
