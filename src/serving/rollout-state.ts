import type { RolloutDecision, RolloutOutcome, RolloutPhase, RolloutSide } from './rollout.ts';

/** The plan of a rollout, as it was when it began. */
export type PlanState = {
  readonly steps: readonly number[];
  readonly bakeMs: number;
  readonly maximumBakeMs: number;
  readonly minimumRequests: number;
  readonly guards: { readonly errorRateIncrease: number; readonly latencyP99Ms: number; readonly scoreShift: number };
};

/** What the last report said that mattered. */
export type SeenReport = {
  readonly revision: number;
  /** Digest that answers, by name of the deployment. */
  readonly digests: { readonly [deployment: string]: string };
  readonly failure: { readonly revision: number; readonly message: string } | null;
};

/** What starts a rollout. */
export type RolloutInput = {
  readonly endpoint: string;
  readonly model: string;
  readonly challenger: RolloutSide;
  readonly control: RolloutSide | null;
  readonly turnId: string | null;
  readonly actor: string;
  readonly plan: PlanState;
};

/** The durable state of a rollout. */
export type RolloutState = RolloutInput & {
  readonly version: 1;
  readonly phase: RolloutPhase;
  readonly step: number;
  /** Counts the writes of weights, so that each has a step of its own. */
  readonly writes: number;
  /** Revision the last written weights got; 0 while they are being written. */
  readonly revision: number;
  readonly seen: SeenReport | null;
  /** Business time at which the step was first served. */
  readonly stepServedAtMs: number;
  /** Looks taken at this step, and the number of challenger requests that calls for the next. */
  readonly looks: number;
  readonly nextLookRequests: number;
  readonly isLooking: boolean;
  /** Another look is wanted as soon as the one under way is done. */
  readonly isLookDue: boolean;
  readonly isBaked: boolean;
  readonly isOverdue: boolean;
  /** A person asked to hold before the step was served. */
  readonly isStopped: boolean;
  readonly decisions: readonly RolloutDecision[];
  /** How it will end once the weights of the end are served. */
  readonly ending: Exclude<RolloutOutcome, 'open'> | null;
  readonly outcome: RolloutOutcome;
  readonly servedDigest: string | null;
};

/** Who should answer now, and hence whose digest a report must show. */
export function awaitedSide(state: RolloutState): RolloutSide | null {
  return state.phase === 'restoring' ? state.control : state.challenger;
}

/** Tells whether a report would change anything, so that only such reports enter the history of a rollout. */
export function isNews(state: RolloutState, seen: SeenReport, challengerRequests: number): boolean {
  if (state.phase === 'applying' || state.phase === 'restoring') {
    return state.seen?.revision !== seen.revision || state.seen.failure?.revision !== seen.failure?.revision;
  }
  const isStep = seen.revision === state.revision && !state.isLooking;
  return state.phase !== 'ended' && isStep && challengerRequests >= state.nextLookRequests;
}
