import type { Digest } from '#kernel';

/** What an endpoint's guards allow during a rollout. */
export interface RolloutGuards {
  /** Largest increase of the error ratio over the control that counts as none. */
  readonly errorRateIncrease: number;
  /** Largest 99th percentile of latency, milliseconds. */
  readonly latencyP99Ms: number;
  /** Largest shift of the mean score against the control. */
  readonly scoreShift: number;
}

/** How a new version reaches an endpoint. */
export interface RolloutPlan {
  /** Shares of the challenger in percent, rising, the last 100. */
  readonly steps: readonly number[];
  /** Shortest stay at a step, business time, milliseconds. */
  readonly bakeMs: number;
  /** Longest stay at a step without a decision, business time, milliseconds. */
  readonly maximumBakeMs: number;
  /** Requests the challenger must have answered at a step. */
  readonly minimumRequests: number;
  readonly guards: RolloutGuards;
}

/** An endpoint as the project file declares it, with defaults filled in. */
export interface EndpointSpec {
  readonly name: string;
  readonly model: string;
  readonly view: string | undefined;
  readonly trafficKey: string | undefined;
  readonly log: boolean;
  readonly rollout: RolloutPlan;
}

/** One deployment an endpoint should have. */
export interface DesiredDeployment {
  readonly name: string;
  readonly model: string;
  readonly version: number;
  readonly modelDigest: Digest;
  /** Percent. */
  readonly weight: number;
  readonly shadow: boolean;
}

/** What an endpoint should serve. */
export interface DesiredEndpoint {
  readonly endpoint: string;
  readonly projectId: string;
  readonly revision: number;
  readonly deployments: readonly DesiredDeployment[];
}

/** Latency of answers, milliseconds; NaN before the first. */
export interface LatencySummary {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a deployment was seen to do at one revision of its endpoint, over all data planes. */
export interface ObservedDeployment {
  readonly name: string;
  readonly servedDigest: string | undefined;
  readonly requests: number;
  readonly errors: number;
  readonly rows: number;
  readonly scoreSum: number;
  readonly scoreSquareSum: number;
  readonly latencyCounts: readonly number[];
  readonly latency: LatencySummary;
  readonly lastAnsweredAtMs: number | undefined;
}

/** What an endpoint was seen to serve. */
export interface ObservedEndpoint {
  readonly endpoint: string;
  /** Revision that answers; 0 when nothing was reported yet. */
  readonly revision: number;
  readonly failure: { readonly revision: number; readonly message: string } | undefined;
  readonly reportedAtMs: number | undefined;
  readonly deployments: readonly ObservedDeployment[];
}
