import type { Estimate, Health, Verdict } from '#kernel';

/** One quantity that a window was checked for. */
export interface WindowSignal {
  /** `drift`, `prediction-drift`, `performance`, `missing`. */
  readonly kind: 'drift' | 'prediction-drift' | 'performance' | 'missing';
  /** Feature, or metric for performance; `score` for the prediction. */
  readonly subject: string;
  /** Named definition of the number: `psi(10 reference quantiles)`, `roc_auc`. */
  readonly method: string;
  readonly value: Estimate;
  /** What it is held against; NaN where nothing is. */
  readonly threshold: number;
  readonly verdict: Verdict;
  /** One sentence from the numbers. */
  readonly text: string;
}

/** What a monitor found in one window of business time: [fromMs, toMs). */
export interface MonitorWindow {
  readonly id: string;
  readonly projectId: string;
  readonly monitor: string;
  readonly endpoint: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Business time of the evaluation. A window is evaluated once for drift, and again when its labels are mature. */
  readonly evaluatedAtMs: number;
  /** Predictions that were served (shadows left out). */
  readonly predictions: number;
  readonly coverage: { readonly expected: number; readonly arrived: number; readonly ratio: number; readonly mature: boolean };
  readonly signals: readonly WindowSignal[];
  /** The worst of its signals that decide; undecided with too few rows. */
  readonly verdict: Verdict;
}

/** Something a monitor says a person or a loop should know. */
export interface Alert {
  readonly id: string;
  readonly projectId: string;
  /** Counts up per project, from 1: for people. */
  readonly number: number;
  readonly monitor: string;
  readonly endpoint: string;
  /** Such as `drift:distance` or `performance:roc_auc`: at most one firing alert per monitor and subject. */
  readonly subject: string;
  readonly state: 'firing' | 'resolved';
  /** One sentence from the numbers. */
  readonly reason: string;
  readonly value: Estimate;
  readonly threshold: number;
  readonly windowId: string;
  /** Business times. */
  readonly firedAtMs: number;
  readonly resolvedAtMs: number | undefined;
}

/** How a served model is, and why. */
export interface EndpointHealth {
  readonly health: Health;
  /** One sentence from stored facts. */
  readonly reason: string;
  /** Newest decided performance window, when there is one. */
  readonly performance:
    | { readonly metric: string; readonly value: Estimate; readonly fromMs: number; readonly toMs: number }
    | undefined;
  /** Values of the performance metric per window, oldest first, at most 26. */
  readonly history: readonly { readonly toMs: number; readonly value: Estimate }[];
  readonly firing: readonly Alert[];
}
