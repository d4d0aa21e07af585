import type { Frame } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project } from '#projects';
import type { CanaryQuality } from './canary-quality.ts';
import type { DataPlane } from './data-plane-service.ts';
import type { DesiredDeployment, DesiredEndpoint, ObservedEndpoint } from './endpoint.ts';
import type { FeatureLookup } from './feature-lookup.ts';
import type { ModelRuntime } from './model-runtime.ts';
import type { Rollout } from './rollout.ts';

/** What serving asks of projects. */
export interface ServingProjects {
  /** Finds a project by name or id; throws when there is none. */
  find(tx: SqlTx, nameOrId: string): Promise<Project>;
  /** Business time of a project, milliseconds since 1970 UTC. */
  businessNowMs(tx: SqlTx, projectId: string): Promise<number>;
}

/** Finds what can be served; implemented by the registry. */
export interface ServableVersions {
  /** Finds a version of a model; throws a `not-found` GyreError when there is none. */
  find(
    tx: SqlTx,
    query: { readonly projectId: string; readonly model: string; readonly version: number },
  ): Promise<{ readonly version: number; readonly modelDigest: string }>;
}

/** What the slice is given from the rooms above it. */
export interface ServingUpstream {
  readonly projects: ServingProjects;
  readonly versions: ServableVersions;
  readonly runtime: ModelRuntime;
  readonly features: FeatureLookup;
  /** Left out: no rollout waits for labels. */
  readonly quality?: CanaryQuality;
  /** Version of the program, for the metadata of the inference protocol. */
  readonly programVersion: string;
}

/** What starts a rollout. */
export interface RolloutRequest {
  readonly projectId: string;
  readonly endpoint: string;
  /** Number of the model version that should take over. */
  readonly version: number;
  readonly turnId?: string;
  /** Who asks: `local-owner`, `service:loop`. */
  readonly actor: string;
  /** The same key again gives the same rollout. */
  readonly key?: string;
}

/** What a person, or the loop, tells a rollout. */
export interface RolloutSignal {
  readonly rolloutId: string;
  readonly verb: 'hold' | 'promote' | 'abort';
  readonly actor: string;
  readonly reason: string;
  readonly key?: string;
}

/** A piece of a time range of logged predictions. */
export interface PredictionQuery {
  readonly projectId: string;
  readonly endpoint: string;
  /** First prediction moment, included. */
  readonly fromMs: number;
  /** Last prediction moment, excluded. */
  readonly toMs: number;
}

/** What downstream slices ask of serving. */
export interface ServingSlice extends SliceModule {
  /** Answers inference requests; `main` asks it first for every request. */
  readonly plane: DataPlane;
  /** Writes what an endpoint should serve, with audit entry and event `serving.desired-changed`; returns the new revision. */
  setDesired(
    tx: SqlTx,
    change: {
      readonly projectId: string;
      readonly endpoint: string;
      readonly deployments: readonly DesiredDeployment[];
      readonly actor: string;
      readonly reason: string;
    },
  ): Promise<number>;
  /** Reads what an endpoint should serve; undefined when nothing was ever deployed. */
  desired(tx: SqlTx, endpoint: string): Promise<DesiredEndpoint | undefined>;
  /** Reads what an endpoint was last reported to serve. */
  observed(tx: SqlTx, endpoint: string): Promise<ObservedEndpoint>;
  /** Starts bringing a version to an endpoint; refuses while another rollout of the endpoint is open. */
  startRollout(tx: SqlTx, request: RolloutRequest): Promise<Rollout>;
  /** Tells a rollout something; audited. */
  signalRollout(tx: SqlTx, signal: RolloutSignal): Promise<Rollout>;
  /** Reads a rollout; undefined when there is none. */
  rollout(tx: SqlTx, rolloutId: string): Promise<Rollout | undefined>;
  /** Lists rollouts of a project, newest first. */
  rollouts(tx: SqlTx, query: { readonly projectId: string; readonly limit: number }): Promise<readonly Rollout[]>;
  /**
   * Reads logged predictions of a range of prediction moments as one frame, in the order of their logging: the columns of
   * `PREDICTION_COLUMNS`, then the model inputs of all deployments. What was answered before the call is in it.
   */
  readPredictions(query: PredictionQuery): Promise<Frame>;
}
