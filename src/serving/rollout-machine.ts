import type { JsonObject } from '#kernel';
import type { EffectIntent, MachineContext, MachineDefinition, MachineEvent, TimerIntent, Transition } from '#platform/machine';
import type { RolloutDecision, RolloutOutcome, RolloutReason, RolloutSide } from './rollout.ts';
import { judgeStep, PLANNED_LOOKS, type StepEvidence, type StepJudgement } from './rollout-guards.ts';
import { awaitedSide, type RolloutInput, type RolloutState, type SeenReport } from './rollout-state.ts';

/** Kind of the machine and of its effects. */
export const ROLLOUT_MACHINE = 'serving.rollout';
export const SET_WEIGHTS_EFFECT = 'serving.set-weights';
export const LOOK_EFFECT = 'serving.look';

/** What the effect that writes weights is told. */
export type SetWeightsInput = {
  readonly endpoint: string;
  readonly model: string;
  readonly deployments: readonly (RolloutSide & { readonly weight: number })[];
  readonly actor: string;
  readonly reason: string;
};

/** What the effect that looks at a step is told. */
export type LookInput = {
  readonly endpoint: string;
  readonly revision: number;
  readonly challenger: string;
  readonly control: string;
  readonly sinceMs: number;
};

/** How long weights may take to be served, wall time. */
const APPLY_LIMIT_MS = 120_000;

type Step = Transition<RolloutState> | undefined;

/**
 * The rollout: each step writes the weights that should be, waits for the report that they are served, bakes by business time and a minimum
 * of requests, is judged by the guards at fixed looks, and goes on, holds, or goes back to what served before. Only reports move it on.
 */
export const rolloutMachine: MachineDefinition<RolloutState, RolloutInput> = {
  kind: ROLLOUT_MACHINE,
  version: 1,
  start: (input, context) => {
    // The same version again has nothing to be held against.
    const hasControl = input.control !== null && input.control.name !== input.challenger.name;
    const steps = hasControl ? input.plan.steps : [100];
    const state: RolloutState = {
      ...input,
      plan: { ...input.plan, steps },
      version: 1,
      phase: 'applying',
      step: 0,
      writes: 0,
      revision: 0,
      seen: null,
      stepServedAtMs: 0,
      looks: 0,
      nextLookRequests: 0,
      isLooking: false,
      isLookDue: false,
      isBaked: false,
      isOverdue: false,
      isStopped: false,
      decisions: [],
      ending: null,
      outcome: 'open',
      servedDigest: null,
    };
    return writeStep(state, context);
  },
  on: (state, event, context) => {
    if (state.phase === 'ended') return undefined;
    if (event.type === 'effect-done') return onDone(state, event, context);
    if (event.type === 'effect-failed') return onFailed(state, event, context);
    if (event.type === 'timer') return onTimer(state, event.name, context);
    if (event.name === 'report') return onReport(state, event.data, context);
    return onPerson(state, event, context);
  },
};

/** Share of the challenger at the present step, percent. */
function weightOf(state: RolloutState): number {
  return state.plan.steps[state.step] ?? 100;
}

/** Writes the weights of the present step. */
function writeStep(state: RolloutState, context: MachineContext): Transition<RolloutState> {
  const weight = weightOf(state);
  const sides = weight >= 100 || state.control === null ? [] : [{ ...state.control, weight: 100 - weight }];
  const next: RolloutState = {
    ...state,
    phase: 'applying',
    stepServedAtMs: 0,
    looks: 0,
    isLooking: false,
    isLookDue: false,
    isBaked: false,
    isOverdue: false,
  };
  const reason = `rollout step ${String(state.step + 1)} of ${String(state.plan.steps.length)}: ${String(weight)} % on ${state.challenger.name}`;
  return write(next, context, { deployments: [...sides, { ...state.challenger, weight }], reason });
}

/** Goes back to what served before, or takes the endpoint out of service when nothing did. */
function restore(
  state: RolloutState,
  context: MachineContext,
  ending: Exclude<RolloutOutcome, 'open'>,
): Transition<RolloutState> {
  const deployments = state.control === null ? [] : [{ ...state.control, weight: 100 }];
  const back = state.control === null ? 'nothing served before' : `back to ${state.control.name}`;
  return write({ ...state, phase: 'restoring', ending }, context, { deployments, reason: `rollout ${ending}: ${back}` });
}

interface Weights {
  readonly deployments: readonly (RolloutSide & { readonly weight: number })[];
  readonly reason: string;
}

function write(state: RolloutState, context: MachineContext, { deployments, reason }: Weights): Transition<RolloutState> {
  const input: SetWeightsInput = { endpoint: state.endpoint, model: state.model, deployments, actor: state.actor, reason };
  const writes = state.writes + 1;
  return {
    state: { ...state, writes, revision: 0 },
    status: 'open',
    effects: [{ step: `weights-${String(writes)}`, kind: SET_WEIGHTS_EFFECT, input }],
    timers: [{ name: 'apply-limit', fireAtMs: context.nowMs + APPLY_LIMIT_MS, clock: 'wall' }],
  };
}

function onDone(state: RolloutState, event: Extract<MachineEvent, { type: 'effect-done' }>, context: MachineContext): Step {
  if (event.step === `weights-${String(state.writes)}`) {
    const written = { ...state, revision: Number(event.output['revision']) };
    if (state.phase === 'restoring' && state.control === null) return end(written, null);
    return whenServed(written, context) ?? stay(written);
  }
  const isThisLook = event.step === lookStep(state) && state.isLooking;
  // The effect answers with StepEvidence; see rollout-effects.ts.
  return isThisLook ? onLook(state, event.output as unknown as StepEvidence, context) : undefined;
}

function onFailed(state: RolloutState, event: Extract<MachineEvent, { type: 'effect-failed' }>, context: MachineContext): Step {
  if (event.step === lookStep(state) && state.isLooking) {
    // A look that could not be taken decides nothing; the next one may.
    return stay({ ...state, isLooking: false, nextLookRequests: state.nextLookRequests * 2 });
  }
  if (event.step !== `weights-${String(state.writes)}`) return undefined;
  if (state.phase === 'restoring') return end({ ...state, ending: 'failed' }, null);
  const failed = decide(state, context, { action: 'roll back', reasons: [plainReason('weights', event.error.message)] });
  return restore(failed, context, 'failed');
}

function onReport(state: RolloutState, data: JsonObject, context: MachineContext): Step {
  // Written by the report writer of this slice as a SeenReport with the challenger's requests beside it.
  const { requests, ...seen } = data as unknown as SeenReport & { readonly requests: number };
  const known: RolloutState = { ...state, seen };
  if (state.phase === 'applying' || state.phase === 'restoring') return whenServed(known, context) ?? stay(known);
  if (seen.revision !== state.revision || state.isLooking || requests < state.nextLookRequests) return undefined;
  return look(known);
}

/** Goes on when the weights are written, and a report shows the awaited digest behind them, or shows that they cannot be served. */
function whenServed(state: RolloutState, context: MachineContext): Step {
  const { seen, revision } = state;
  const side = awaitedSide(state);
  if (seen === null || revision === 0 || side === null) return undefined;
  if (seen.failure?.revision === revision) return onNotServed(state, context, seen.failure.message);
  if (seen.revision !== revision || seen.digests[side.name] !== side.modelDigest) return undefined;
  if (state.phase === 'restoring') return end(state, side.modelDigest);
  if (weightOf(state) >= 100) return promoted(state, context, side.modelDigest);
  return bake(state, context);
}

function onNotServed(state: RolloutState, context: MachineContext, message: string): Transition<RolloutState> {
  if (state.phase === 'restoring') return end({ ...state, ending: 'failed' }, null);
  const refused = decide(state, context, { action: 'roll back', reasons: [plainReason('readiness', message)] });
  return restore(refused, context, 'failed');
}

function promoted(state: RolloutState, context: MachineContext, digest: string): Transition<RolloutState> {
  const text = `the endpoint answers with ${digest} for all traffic`;
  const reason: RolloutReason = { ...plainReason('served-digest', text), verdict: 'pass' };
  return end(decide({ ...state, ending: 'promoted' }, context, { action: 'promote', reasons: [reason] }), digest);
}

function bake(state: RolloutState, context: MachineContext): Transition<RolloutState> {
  const { plan } = state;
  const startMs = context.businessNowMs;
  const timers: readonly TimerIntent[] = [
    { name: 'bake', fireAtMs: startMs + plan.bakeMs, clock: 'business' },
    { name: 'maximum-bake', fireAtMs: startMs + plan.maximumBakeMs, clock: 'business' },
  ];
  const nextLookRequests = Math.ceil(plan.minimumRequests / PLANNED_LOOKS);
  return {
    state: { ...state, phase: state.isStopped ? 'paused' : 'baking', stepServedAtMs: startMs, nextLookRequests },
    status: 'open',
    timers,
  };
}

function onTimer(state: RolloutState, name: string, context: MachineContext): Step {
  if (name === 'apply-limit') return onApplyLimit(state, context);
  if (state.phase !== 'baking' && state.phase !== 'paused') return undefined;
  const isOverdue = state.isOverdue || name === 'maximum-bake';
  return look({ ...state, isBaked: true, isOverdue });
}

function onApplyLimit(state: RolloutState, context: MachineContext): Step {
  if (state.phase === 'restoring') return end({ ...state, ending: 'failed' }, null);
  if (state.phase !== 'applying') return undefined;
  const text = `no report showed the weights served within ${String(APPLY_LIMIT_MS / 1000)} s`;
  return restore(decide(state, context, { action: 'roll back', reasons: [plainReason('readiness', text)] }), context, 'failed');
}

function lookStep(state: RolloutState): string {
  return `look-${String(state.writes)}-${String(state.looks)}`;
}

function look(state: RolloutState): Step {
  if (state.isLooking) return stay({ ...state, isLookDue: true });
  const next: RolloutState = { ...state, isLooking: true, isLookDue: false, looks: state.looks + 1 };
  const input: LookInput = {
    endpoint: state.endpoint,
    revision: state.revision,
    challenger: state.challenger.name,
    control: state.control?.name ?? '',
    sinceMs: state.stepServedAtMs,
  };
  const effect: EffectIntent = { step: lookStep(next), kind: LOOK_EFFECT, input };
  return { state: next, status: 'open', effects: [effect] };
}

function onLook(state: RolloutState, evidence: StepEvidence, context: MachineContext): Step {
  const { plan } = state;
  const judgement = judgeStep(evidence, {
    guards: plan.guards,
    minimumRequests: plan.minimumRequests,
    nSteps: plan.steps.filter((weight) => weight < 100).length,
    look: state.looks,
  });
  const looked: RolloutState = { ...state, isLooking: false };
  const { reasons, verdict } = judgement;
  if (verdict === 'fail') return restore(decide(looked, context, { action: 'roll back', reasons }), context, 'rolled-back');
  // What a person stopped goes on only by a person.
  if (state.phase === 'paused') return waitOn(looked, evidence, judgement);
  if (verdict === 'pass' && state.isBaked) {
    const passed = decide(looked, context, { action: 'promote', reasons });
    return writeStep({ ...passed, step: passed.step + 1 }, context);
  }
  if (state.isOverdue) return restore(decide(looked, context, { action: 'hold', reasons }), context, 'held');
  const held = state.isBaked ? decide(looked, context, { action: 'hold', reasons }) : looked;
  return waitOn(held, evidence, judgement);
}

/** Waits for the next planned look, or for as many requests as would decide. */
function waitOn(state: RolloutState, evidence: StepEvidence, judgement: StepJudgement): Step {
  const has = evidence.challenger.requests;
  const part = Math.ceil(state.plan.minimumRequests / PLANNED_LOOKS);
  const planned = (Math.floor(has / part) + 1) * part;
  const later = Math.max(judgement.requestsNeeded, has < state.plan.minimumRequests ? planned : has * 2);
  const nextLookRequests = has < state.plan.minimumRequests ? planned : Math.max(has + 1, later);
  const next = {
    ...state,
    nextLookRequests: judgement.requestsNeeded > has ? Math.min(nextLookRequests, judgement.requestsNeeded) : nextLookRequests,
  };
  return next.isLookDue ? look(next) : stay(next);
}

function onPerson(state: RolloutState, event: Extract<MachineEvent, { type: 'signal' }>, context: MachineContext): Step {
  if (state.phase === 'restoring') return undefined;
  // Written by signalRollout of this slice.
  const { actor, reason } = event.data as { readonly actor: string; readonly reason: string };
  const text = `${actor}: ${reason}`;
  const reasons = [{ ...plainReason('person', text), verdict: 'waived' as const }];
  if (event.name === 'abort') return restore(decide(state, context, { action: 'roll back', reasons }), context, 'aborted');
  if (event.name === 'hold') {
    const stopped = { ...decide(state, context, { action: 'hold', reasons }), isStopped: true };
    return stay(state.phase === 'baking' ? { ...stopped, phase: 'paused' } : stopped);
  }
  if (event.name !== 'promote') return undefined;
  const forced = decide(state, context, { action: 'promote', reasons });
  return writeStep({ ...forced, isStopped: false, step: state.plan.steps.length - 1 }, context);
}

/** Keeps a decision; a step that holds for the same rules again only has its numbers renewed. */
function decide(state: RolloutState, context: MachineContext, made: Pick<RolloutDecision, 'action' | 'reasons'>): RolloutState {
  const decision: RolloutDecision = {
    atMs: context.nowMs,
    businessAtMs: context.businessNowMs,
    weight: weightOf(state),
    ...made,
  };
  const last = state.decisions.at(-1);
  const isRenewed = last?.action === 'hold' && made.action === 'hold' && last.weight === decision.weight;
  const kept = isRenewed ? state.decisions.slice(0, -1) : state.decisions;
  return { ...state, decisions: [...kept, decision] };
}

function plainReason(rule: string, text: string): RolloutReason {
  return { rule, verdict: 'fail', value: null, threshold: null, n: 0, text };
}

function stay(state: RolloutState): Transition<RolloutState> {
  return { state, status: 'open' };
}

function end(state: RolloutState, servedDigest: string | null): Transition<RolloutState> {
  return { state: { ...state, phase: 'ended', outcome: state.ending ?? 'failed', servedDigest }, status: 'ended' };
}
