import type { Digest } from '#kernel';

/** What one deployment of an endpoint has answered since its endpoint's revision began. */
export interface DeploymentReport {
  readonly name: string;
  /** Digest of the bytes that answer, as loaded; undefined when the model could not be loaded. */
  readonly servedDigest: Digest | undefined;
  readonly weight: number;
  readonly shadow: boolean;
  /** Requests that a valid call brought to this deployment, failed ones included. */
  readonly requests: number;
  /** Requests that this deployment failed to answer: no finite score, or a throw. Calls that were bad themselves do not count. */
  readonly errors: number;
  /** Rows scored. */
  readonly rows: number;
  /** Sum of the scores, and of their squares, over the rows scored. */
  readonly scoreSum: number;
  readonly scoreSquareSum: number;
  /** Counts of requests by latency bucket; bounds by `latencyBucketUs`. Trailing zeros are left out. */
  readonly latencyCounts: readonly number[];
  /** Wall time of the last answer; undefined before the first. */
  readonly lastAnsweredAtMs: number | undefined;
}

/** What one endpoint really serves. */
export interface EndpointReport {
  readonly endpoint: string;
  readonly projectId: string;
  /** Revision that answers now; older than the desired one while its models load, or when they could not be. */
  readonly revision: number;
  /** Newest revision that could not be served, and why. */
  readonly failure: { readonly revision: number; readonly message: string } | undefined;
  readonly deployments: readonly DeploymentReport[];
}

/** What a data plane tells the control plane; counters only grow within one plane and revision. */
export interface ServingReport {
  /** Id of the process that answers; a restarted one has another. */
  readonly plane: string;
  readonly snapshotVersion: number;
  readonly endpoints: readonly EndpointReport[];
  /** Predictions that were not logged since the plane began: the log was full. */
  readonly lostPredictions: number;
}
