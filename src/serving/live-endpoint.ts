import { GyreError } from '#kernel';
import type { OnlineFeatures } from './feature-lookup.ts';
import { makeRequestReader, type RequestReader, type SignatureInput } from './input-columns.ts';
import { LATENCY_BUCKETS } from './latency-buckets.ts';
import type { LoadedModel } from './model-runtime.ts';
import type { DeploymentSnapshot, EndpointSnapshot } from './serving-snapshot.ts';
import { targetSeed } from './traffic-split.ts';

/** Rows that are scored in one go; bigger requests yield to the event loop between such pieces. */
export const ROWS_AT_ONCE = 256;

/** What a deployment has answered since its endpoint's revision began. */
export interface DeploymentCounters {
  requests: number;
  errors: number;
  rows: number;
  scoreSum: number;
  scoreSquareSum: number;
  readonly latencyCounts: Float64Array;
  lastAnsweredAtMs: number;
}

/** A deployment that answers: model in memory, where its inputs come from, counters, buffers. */
export interface LiveDeployment {
  readonly snapshot: DeploymentSnapshot;
  readonly model: LoadedModel;
  readonly seed: number;
  readonly weight: number;
  /** Per model input: which column of the call, or of the features, feeds it. */
  readonly sources: readonly number[];
  /** Per model input: 1 for a category. */
  readonly isCategory: Uint8Array;
  /** One encoded row, and {@link ROWS_AT_ONCE} of them. Written anew by each call. */
  readonly row: Float32Array;
  readonly rows: Float32Array;
  readonly out: Float64Array;
  readonly counters: DeploymentCounters;
}

/** An endpoint that answers. Requests are read into its own columns, because everything from parse to answer happens in one turn. */
export interface LiveEndpoint {
  readonly snapshot: EndpointSnapshot;
  /** What reads requests into columns; its own columns are for requests of up to {@link ROWS_AT_ONCE} rows. */
  readonly reader: RequestReader;
  /** Input of the traffic key; -1 when there is none. */
  readonly keyInput: number;
  /** Input of the prediction moment; -1 when the moment is now. */
  readonly momentInput: number;
  readonly features: OnlineFeatures | undefined;
  readonly answering: readonly LiveDeployment[];
  readonly shadows: readonly LiveDeployment[];
  readonly moments: Float64Array;
}

/** A deployment with its loaded model. */
export interface LoadedDeployment {
  readonly snapshot: DeploymentSnapshot;
  readonly model: LoadedModel;
  /** Goes on counting where another form of the same revision stopped. */
  readonly counters?: DeploymentCounters | undefined;
}

/**
 * Puts an endpoint together from loaded parts.
 *
 * @param snapshot - What should be served.
 * @param loaded - Its deployments, models loaded, in the same order; at least one.
 * @param features - The opened feature view, when the endpoint has one.
 * @returns The endpoint with fresh counters.
 * @throws {@link GyreError} `serving/model-mismatch` when a model reads what neither the caller nor the view gives.
 */
export function makeLiveEndpoint(
  snapshot: EndpointSnapshot,
  loaded: readonly LoadedDeployment[],
  features: OnlineFeatures | undefined,
): LiveEndpoint {
  const inputs = signatureOf(snapshot, loaded, features);
  const names = features?.featureNames ?? inputs.map((input) => input.name);
  const live = loaded.map((deployment) => makeLiveDeployment(snapshot, deployment, names));
  const places = inputs.map((input) => input.name);
  const takesMatrix =
    features === undefined && !places.includes('input') && inputs.every((input) => !input.required || input.kind === 'number');
  return {
    snapshot,
    reader: makeRequestReader({ name: snapshot.endpoint, inputs, takesMatrix }, ROWS_AT_ONCE),
    keyInput: places.indexOf(snapshot.trafficKey ?? ''),
    momentInput: places.indexOf(features?.momentInput ?? ''),
    features,
    answering: live.filter((deployment) => !deployment.snapshot.shadow),
    shadows: live.filter((deployment) => deployment.snapshot.shadow),
    moments: new Float64Array(ROWS_AT_ONCE),
  };
}

function signatureOf(
  snapshot: EndpointSnapshot,
  loaded: readonly LoadedDeployment[],
  features: OnlineFeatures | undefined,
): readonly SignatureInput[] {
  const own = features === undefined ? modelSignature(loaded) : viewSignature(features);
  const { trafficKey } = snapshot;
  if (trafficKey === undefined || own.some((input) => input.name === trafficKey)) return own;
  return [...own, { name: trafficKey, kind: 'category', storage: 'levels', required: false }];
}

function viewSignature(features: OnlineFeatures): readonly SignatureInput[] {
  return features.inputs.map(({ name, kind }) => ({
    name,
    kind,
    storage: kind === 'category' ? 'levels' : 'float64',
    required: true,
  }));
}

function modelSignature(loaded: readonly LoadedDeployment[]): readonly SignatureInput[] {
  const byName = new Map<string, SignatureInput>();
  for (const { model } of loaded) {
    for (const { name, kind } of model.inputs) {
      byName.set(name, { name, kind, storage: kind === 'category' ? 'levels' : 'float32', required: true });
    }
  }
  return [...byName.values()];
}

function makeLiveDeployment(
  endpoint: EndpointSnapshot,
  { snapshot, model, counters }: LoadedDeployment,
  names: readonly string[],
): LiveDeployment {
  return {
    snapshot,
    model,
    seed: targetSeed(endpoint.endpoint, snapshot.name),
    weight: snapshot.weight,
    sources: model.inputs.map((input) => sourceOf(snapshot, input.name, names)),
    isCategory: Uint8Array.from(model.inputs, (input) => Number(input.kind === 'category')),
    row: new Float32Array(model.inputs.length),
    rows: new Float32Array(ROWS_AT_ONCE * model.inputs.length),
    out: new Float64Array(ROWS_AT_ONCE * model.outputNames.length),
    counters: counters ?? {
      requests: 0,
      errors: 0,
      rows: 0,
      scoreSum: 0,
      scoreSquareSum: 0,
      latencyCounts: new Float64Array(LATENCY_BUCKETS),
      lastAnsweredAtMs: 0,
    },
  };
}

function sourceOf(deployment: DeploymentSnapshot, input: string, names: readonly string[]): number {
  const place = names.indexOf(input);
  if (place >= 0) return place;
  throw new GyreError({
    kind: 'unprocessable',
    code: 'serving/model-mismatch',
    message: `version ${String(deployment.version)} of "${deployment.model}" reads "${input}", which the endpoint cannot give; it gives ${names.join(', ')}`,
    help: 'deploy a version that was trained on the feature view of the endpoint',
  });
}
