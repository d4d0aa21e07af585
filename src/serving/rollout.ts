import type { Action, Verdict } from '#kernel';

/** How a rollout ended, or `open`. */
export type RolloutOutcome = 'open' | 'promoted' | 'held' | 'rolled-back' | 'aborted' | 'failed';

/** What a rollout does now. */
export const RolloutPhase = ['applying', 'baking', 'paused', 'restoring', 'ended'] as const;
/** One phase; see {@link RolloutPhase} for the whole set. */
export type RolloutPhase = (typeof RolloutPhase)[number];

/** One rule that spoke at a look, with its numbers. */
export type RolloutReason = {
  /** Such as `errors`, `latency-p99`, `score-shift`, `quality`, `minimum-requests`, `bake`, `person`. */
  readonly rule: string;
  readonly verdict: Verdict;
  /** What was found; null when it is not defined. */
  readonly value: number | null;
  readonly threshold: number | null;
  /** Requests behind the value. */
  readonly n: number;
  readonly text: string;
};

/** What was decided at one look at a step. */
export type RolloutDecision = {
  readonly atMs: number;
  readonly businessAtMs: number;
  /** Share of the challenger in percent when it was decided. */
  readonly weight: number;
  readonly action: Action;
  readonly reasons: readonly RolloutReason[];
};

/** One side of a rollout. */
export type RolloutSide = {
  /** Name of the deployment: `v3`. */
  readonly name: string;
  readonly version: number;
  readonly modelDigest: string;
};

/** A rollout as others see it. */
export interface Rollout {
  readonly id: string;
  readonly projectId: string;
  readonly endpoint: string;
  readonly model: string;
  readonly challenger: RolloutSide;
  /** What served before; undefined for the first deployment of an endpoint. */
  readonly control: RolloutSide | undefined;
  readonly turnId: string | undefined;
  readonly outcome: RolloutOutcome;
  /** What it does now. */
  readonly phase: RolloutPhase;
  /** Shares of the challenger in percent, one a step. */
  readonly steps: readonly number[];
  /** Which of the steps is on, from 0. */
  readonly step: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  /** Digest that the endpoint answered with at the end. */
  readonly servedDigest: string | undefined;
  readonly decisions: readonly RolloutDecision[];
}
