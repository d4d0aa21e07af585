import type { JsonObject, TurnOutcome, Verdict } from '#kernel';
import type { EffectIntent, MachineContext, MachineDefinition, MachineEvent, Transition } from '#platform/machine';
import {
  enterStage,
  leaveStage,
  openStage,
  type TurnInput,
  type TurnStage,
  type TurnState,
  type TurnTrigger,
  type TurnVersion,
} from './turn.ts';

/** Kind of the machine. */
export const TURN_KIND = 'loops.turn';

/** Kinds of the effects of a turn. */
export const TURN_EFFECTS = {
  pipeline: 'loops.start-pipeline',
  gate: 'loops.decide-gate',
  approval: 'loops.request-approval',
  rollout: 'loops.start-rollout',
  verification: 'loops.verify',
} as const;

/** What a turn comes to when its rollout ends so; any other end holds. */
const ENDS_OF_ROLLOUTS: Readonly<Record<string, TurnOutcome>> = {
  'rolled-back': 'rolled-back',
  aborted: 'aborted',
  failed: 'failed',
};

type Answer = Transition<TurnState>;
type Done = Extract<MachineEvent, { type: 'effect-done' }>;
type Signal = Extract<MachineEvent, { type: 'signal' }>;

/**
 * One turn of the loop: trigger → data → training → gate → approval → rollout → verification. The automatic actor may
 * hold, roll back or abort; it never overrides a person. Missing or undecided evidence ends in `held`, never in `promoted`.
 */
export const turnMachine: MachineDefinition<TurnState, TurnInput> = {
  kind: TURN_KIND,
  version: 1,
  start: (input, context) => {
    const fresh: TurnState = {
      ...input,
      absorbed: [],
      outcome: 'open',
      reason: '',
      stages: [],
      pipelineRunId: '',
      pipelineRunNumber: 0,
      challenger: null,
      champion: null,
      approvalId: '',
      rolloutId: '',
      servedDigest: '',
    };
    const triggered = enterStage(fresh, 'trigger', context);
    const result = { verdict: 'pass', text: input.trigger.reason, evidence: input.trigger.facts } as const;
    return enter(leaveStage(triggered, result, context), 'data', {
      context,
      step: 'pipeline',
      input: { pipeline: input.pipeline },
    });
  },
  on: (state, event, context) => {
    if (event.type === 'effect-done') return onDone(state, event, context);
    if (event.type === 'effect-failed') {
      return finish(state, { outcome: 'failed', verdict: 'fail', text: `${event.step}: ${event.error.message}` }, context);
    }
    return event.type === 'signal' ? onSignal(state, event, context) : undefined;
  },
};

function onDone(state: TurnState, event: Done, context: MachineContext): Answer | undefined {
  const { output } = event;
  if (event.step === 'pipeline') {
    return stay({ ...state, pipelineRunId: text(output['pipelineRunId']), pipelineRunNumber: number(output['number']) });
  }
  if (event.step === 'gate' && at(state, 'gate')) return gateDecided(state, output, context);
  if (event.step === 'approval' && at(state, 'approval')) return approvalAsked(state, output, context);
  if (event.step === 'rollout') return rolloutStarted(state, output, context);
  if (event.step === 'verification' && at(state, 'verification')) return verified(state, output, context);
  return undefined;
}

function onSignal(state: TurnState, signal: Signal, context: MachineContext): Answer | undefined {
  switch (signal.name) {
    case 'trigger':
      // Written by considerTrigger of this slice.
      return stay({ ...state, absorbed: [...state.absorbed, signal.data as TurnTrigger] });
    case 'pipeline-step':
      return pipelineStep(state, signal.data, context);
    case 'pipeline-ended':
      return pipelineEnded(state, signal.data, context);
    case 'approval':
      return at(state, 'approval') ? approvalGiven(state, signal.data, context) : undefined;
    case 'rollout-ended':
      return at(state, 'rollout') ? rolloutEnded(state, signal.data, context) : undefined;
    case 'abort':
      return finish(
        state,
        { outcome: 'aborted', verdict: 'fail', text: `aborted by ${text(signal.data['by'])}: ${text(signal.data['reason'])}` },
        context,
      );
    default:
      return undefined;
  }
}

/** The features step marks the border between the stages data and training. */
function pipelineStep(state: TurnState, data: JsonObject, context: MachineContext): Answer | undefined {
  if (!at(state, 'data') || data['uses'] !== 'features') return undefined;
  const left = leaveStage(state, { verdict: 'pass', text: text(data['text']), evidence: object(data['evidence']) }, context);
  return stay(enterStage(left, 'training', context));
}

function pipelineEnded(state: TurnState, data: JsonObject, context: MachineContext): Answer | undefined {
  if (!at(state, 'data') && !at(state, 'training')) return undefined;
  if (data['state'] !== 'done') {
    return finish(state, { outcome: 'failed', verdict: 'fail', text: text(data['text']) }, context);
  }
  const challenger = version(data['challenger']);
  if (challenger === null) {
    return finish(state, { outcome: 'failed', verdict: 'fail', text: 'the pipeline registered no model version' }, context);
  }
  const left = leaveStage(state, { verdict: 'pass', text: text(data['text']), evidence: object(data['evidence']) }, context);
  const next = { ...left, challenger };
  return enter(next, 'gate', { context, step: 'gate', input: { gate: state.gate, endpoint: state.endpoint, challenger } });
}

function gateDecided(state: TurnState, output: JsonObject, context: MachineContext): Answer {
  const next = { ...state, champion: version(output['champion']) };
  const verdict = verdictOf(output['verdict']);
  const sentence = text(output['text']);
  const evidence = object(output['decision']);
  if (output['action'] !== 'promote') return finish(next, { outcome: 'held', verdict, text: sentence, evidence }, context);
  const left = leaveStage(next, { verdict, text: sentence, evidence }, context);
  const input = {
    approval: state.approval,
    challenger: state.challenger,
    champion: next.champion,
    gate: state.gate,
    decision: evidence,
  };
  return enter(left, 'approval', { context, step: 'approval', input });
}

function approvalAsked(state: TurnState, output: JsonObject, context: MachineContext): Answer {
  const next = { ...state, approvalId: text(output['approvalId']) };
  return output['state'] === 'waiting' ? stay(next) : approvalGiven(next, output, context);
}

function approvalGiven(state: TurnState, data: JsonObject, context: MachineContext): Answer {
  const approvalId = state.approvalId === '' ? text(data['approvalId']) : state.approvalId;
  const evidence = { by: text(data['by']), policy: text(data['policy']), approvalId };
  const sentence = text(data['text']);
  if (data['state'] !== 'approved') {
    return finish(state, { outcome: 'rejected', verdict: 'fail', text: sentence, evidence }, context);
  }
  const left = { ...leaveStage(state, { verdict: 'pass', text: sentence, evidence }, context), approvalId };
  const input = { endpoint: state.endpoint, challenger: state.challenger, approvalId };
  return enter(left, 'rollout', { context, step: 'rollout', input });
}

/** An approval that was void by then starts nothing: what was approved is not what would be served. */
function rolloutStarted(state: TurnState, output: JsonObject, context: MachineContext): Answer {
  const rolloutId = text(output['rolloutId']);
  if (rolloutId !== '' || !at(state, 'rollout')) return stay({ ...state, rolloutId });
  return finish(state, { outcome: 'held', verdict: 'undecided', text: text(output['text']) }, context);
}

function rolloutEnded(state: TurnState, data: JsonObject, context: MachineContext): Answer {
  const next = { ...state, rolloutId: text(data['rolloutId']), servedDigest: text(data['servedDigest']) };
  const evidence = object(data['evidence']);
  const sentence = text(data['text']);
  if (data['outcome'] === 'promoted') {
    const left = leaveStage(next, { verdict: 'pass', text: sentence, evidence }, context);
    return enter(left, 'verification', {
      context,
      step: 'verification',
      input: { endpoint: state.endpoint, challenger: state.challenger },
    });
  }
  const outcome = ENDS_OF_ROLLOUTS[text(data['outcome'])] ?? 'held';
  return finish(next, { outcome, verdict: outcome === 'held' ? 'undecided' : 'fail', text: sentence, evidence }, context);
}

function verified(state: TurnState, output: JsonObject, context: MachineContext): Answer {
  const next = { ...state, servedDigest: text(output['servedDigest']) };
  return finish(next, { outcome: 'promoted', verdict: 'pass', text: text(output['text']), evidence: output }, context);
}

function enter(
  state: TurnState,
  stage: TurnStage,
  work: { readonly context: MachineContext; readonly step: keyof typeof TURN_EFFECTS; readonly input: JsonObject },
): Answer {
  const effect: EffectIntent = {
    step: work.step,
    kind: TURN_EFFECTS[work.step],
    input: { ...work.input, loop: state.loop, turn: state.number },
  };
  return { state: enterStage(state, stage, work.context), status: 'open', effects: [effect] };
}

function stay(state: TurnState): Answer {
  return { state, status: 'open' };
}

function finish(
  state: TurnState,
  end: { readonly outcome: TurnOutcome; readonly verdict: Verdict; readonly text: string; readonly evidence?: JsonObject },
  context: MachineContext,
): Answer {
  const left = leaveStage(state, { verdict: end.verdict, text: end.text, evidence: end.evidence ?? {} }, context);
  return { state: { ...left, outcome: end.outcome, reason: end.text }, status: 'ended' };
}

function at(state: TurnState, stage: TurnStage): boolean {
  return openStage(state)?.stage === stage;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function object(value: unknown): JsonObject {
  // Effects answer with JSON; this only narrows it.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function version(value: unknown): TurnVersion | null {
  const { model, version: count, digest } = object(value);
  if (typeof model !== 'string' || typeof count !== 'number' || typeof digest !== 'string') return null;
  return { model, version: count, digest };
}

function verdictOf(value: unknown): Verdict {
  return value === 'pass' || value === 'fail' || value === 'waived' ? value : 'undecided';
}
