import type { Digest } from '#kernel';

/** One version of a model behind an endpoint, as it should be served. */
export interface DeploymentSnapshot {
  /** Unique within the endpoint: `v3`. */
  readonly name: string;
  readonly model: string;
  /** Number of the model version. */
  readonly version: number;
  readonly modelDigest: Digest;
  /** Share of the traffic in percent, 0 to 100; the weights of an endpoint that are not shadows sum to 100. */
  readonly weight: number;
  /** A shadow answers nobody: it gets copies, and its scores are only logged. */
  readonly shadow: boolean;
}

/** One endpoint, as it should be served. */
export interface EndpointSnapshot {
  /** Unique on the server: the model name of the inference protocol. */
  readonly endpoint: string;
  readonly projectId: string;
  /** Counts the changes of what should be served, from 1; counters of traffic begin again with each. */
  readonly revision: number;
  /** Feature view that turns requests into model inputs; undefined when callers send the model's own inputs. */
  readonly view: string | undefined;
  /** Input whose value decides which deployment answers and names the entity; undefined: the request id does. */
  readonly trafficKey: string | undefined;
  /** Whether predictions are logged. */
  readonly log: boolean;
  readonly deployments: readonly DeploymentSnapshot[];
}

/** Everything a data plane should serve; it replaces the snapshot before it as a whole. */
export interface ServingSnapshot {
  /** Counts up; a data plane ignores a snapshot that is not newer than its own. */
  readonly version: number;
  readonly endpoints: readonly EndpointSnapshot[];
}
