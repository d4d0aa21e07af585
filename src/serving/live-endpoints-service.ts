import type { Digest } from '#kernel';
import type { Log } from '#platform/log';
import type { FeatureLookup, OnlineFeatures } from './feature-lookup.ts';
import { type LiveDeployment, type LiveEndpoint, type LoadedDeployment, makeLiveEndpoint } from './live-endpoint.ts';
import type { LoadedModel, ModelRuntime } from './model-runtime.ts';
import type { DeploymentReport, EndpointReport } from './serving-report.ts';
import type { EndpointSnapshot, ServingSnapshot } from './serving-snapshot.ts';

interface Place {
  readonly live: LiveEndpoint | undefined;
  readonly wanted: EndpointSnapshot;
  readonly failure: { readonly revision: number; readonly message: string } | undefined;
}

/** The endpoints a data plane answers for, switched one by one as snapshots come. */
export class LiveEndpoints {
  readonly #runtime: ModelRuntime;
  readonly #features: FeatureLookup;
  readonly #log: Log;
  #places = new Map<string, Place>();
  #version = 0;
  #applying: Promise<void> = Promise.resolve();

  constructor(ports: { readonly runtime: ModelRuntime; readonly features: FeatureLookup; readonly log: Log }) {
    this.#runtime = ports.runtime;
    this.#features = ports.features;
    this.#log = ports.log;
  }

  /** Version of the newest snapshot that was applied; 0 before the first. */
  get version(): number {
    return this.#version;
  }

  find(name: string): LiveEndpoint | undefined {
    return this.#places.get(name)?.live;
  }

  names(): readonly string[] {
    return [...this.#places.keys()].filter((name) => this.find(name) !== undefined);
  }

  /** Applies snapshots one after the other; one that is not newer than the last changes nothing. */
  apply(snapshot: ServingSnapshot): Promise<void> {
    this.#applying = this.#applying.then(() => this.#applyNow(snapshot));
    return this.#applying;
  }

  report(): readonly EndpointReport[] {
    return [...this.#places.values()].map(({ live, wanted, failure }) => ({
      endpoint: wanted.endpoint,
      projectId: wanted.projectId,
      revision: live?.snapshot.revision ?? 0,
      failure,
      deployments: [...(live?.answering ?? []), ...(live?.shadows ?? [])].map(reportDeployment),
    }));
  }

  async #applyNow(snapshot: ServingSnapshot): Promise<void> {
    if (snapshot.version <= this.#version) return;
    const models = this.#loadedModels();
    const places = new Map<string, Place>();
    for (const wanted of snapshot.endpoints) {
      const before = this.#places.get(wanted.endpoint);
      places.set(wanted.endpoint, isSame(before, wanted) ? before : await this.#place(wanted, before, models));
    }
    this.#places = places;
    this.#version = snapshot.version;
  }

  async #place(wanted: EndpointSnapshot, before: Place | undefined, models: Map<Digest, LoadedModel>): Promise<Place> {
    try {
      const live = wanted.deployments.length === 0 ? undefined : await this.#build(wanted, before?.live, models);
      return { live, wanted, failure: undefined };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#log.write('error', 'an endpoint stays on what it served', {
        endpoint: wanted.endpoint,
        revision: wanted.revision,
        error: message,
      });
      return { live: before?.live, wanted, failure: { revision: wanted.revision, message } };
    }
  }

  async #build(
    wanted: EndpointSnapshot,
    before: LiveEndpoint | undefined,
    models: Map<Digest, LoadedModel>,
  ): Promise<LiveEndpoint> {
    const loaded: LoadedDeployment[] = [];
    for (const snapshot of wanted.deployments) {
      const model = models.get(snapshot.modelDigest) ?? (await this.#runtime.load(snapshot.modelDigest));
      models.set(snapshot.modelDigest, model);
      loaded.push({ snapshot, model, counters: countersOf(before, wanted.revision, snapshot.name) });
    }
    const { projectId, view } = wanted;
    const features: OnlineFeatures | undefined = view === undefined ? undefined : await this.#features.open({ projectId, view });
    const live = makeLiveEndpoint(wanted, loaded, features);
    for (const deployment of [...live.answering, ...live.shadows]) tryOut(deployment);
    return live;
  }

  #loadedModels(): Map<Digest, LoadedModel> {
    const models = new Map<Digest, LoadedModel>();
    for (const { live } of this.#places.values()) {
      for (const { model } of [...(live?.answering ?? []), ...(live?.shadows ?? [])]) models.set(model.digest, model);
    }
    return models;
  }
}

function countersOf(before: LiveEndpoint | undefined, revision: number, deployment: string) {
  if (before?.snapshot.revision !== revision) return undefined;
  return [...before.answering, ...before.shadows].find((live) => live.snapshot.name === deployment)?.counters;
}

function isSame(before: Place | undefined, wanted: EndpointSnapshot): before is Place {
  // What could not be served is tried again with every snapshot.
  return before !== undefined && before.failure === undefined && JSON.stringify(before.wanted) === JSON.stringify(wanted);
}

/** Scores one row without values: a model that cannot answer at all must not get traffic, and the first request must not wait for the compiler. */
function tryOut({ model, row, out, snapshot }: LiveDeployment): void {
  for (const [input, { kind }] of model.inputs.entries()) {
    row[input] = kind === 'category' ? model.encodeLevel(input, undefined) : Number.NaN;
  }
  for (let time = 0; time < 100; time += 1) model.predict(row, 1, out);
  if (Number.isFinite(out[0])) return;
  throw new Error(`version ${String(snapshot.version)} gave ${String(out[0])} for a row without values`);
}

function reportDeployment({ snapshot, model, counters }: LiveDeployment): DeploymentReport {
  const used = counters.latencyCounts.findLastIndex((count) => count > 0) + 1;
  return {
    name: snapshot.name,
    servedDigest: model.digest,
    weight: snapshot.weight,
    shadow: snapshot.shadow,
    requests: counters.requests,
    errors: counters.errors,
    rows: counters.rows,
    scoreSum: counters.scoreSum,
    scoreSquareSum: counters.scoreSquareSum,
    latencyCounts: [...counters.latencyCounts.subarray(0, used)],
    lastAnsweredAtMs: counters.requests === 0 ? undefined : counters.lastAnsweredAtMs,
  };
}
