import type { JsonObject, WorkState } from '#kernel';
import type { EffectIntent, MachineContext, MachineDefinition, MachineEvent, Transition } from '#platform/machine';
import type { PipelineStep } from './pipeline.ts';

/** Kind of the machine and of its effects. */
export const PIPELINE_RUN_KIND = 'pipelines.run';
/** Kind of the effect that does one step. */
export const PIPELINE_STEP_EFFECT = 'pipelines.step';

/** Where one step stands. */
export type StepState = {
  readonly state: WorkState;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly output: JsonObject;
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** Where a whole run stands. */
export type PipelineRunState = {
  readonly pipeline: string;
  readonly number: number;
  readonly trigger: JsonObject;
  /** Instance that waits for the end, such as a turn; empty for none. */
  readonly parentId: string;
  readonly revision: number;
  readonly documentDigest: string;
  readonly steps: readonly PipelineStepJson[];
  readonly states: { readonly [step: string]: StepState };
  readonly state: WorkState;
};

/** A step as JSON, fixed when the run starts: later edits of the project file do not touch a run. */
export type PipelineStepJson = {
  readonly name: string;
  readonly uses: string;
  readonly with: { readonly [key: string]: string };
  readonly run: readonly string[];
  readonly folder: string;
  readonly environment: { readonly [key: string]: string };
  readonly needs: readonly string[];
  readonly timeoutMs: number;
  readonly memoryLimitBytes: number;
};

/** What a run is started with. */
export type PipelineRunInput = {
  readonly pipeline: string;
  readonly number: number;
  readonly trigger: JsonObject;
  readonly parentId: string;
  readonly revision: number;
  readonly documentDigest: string;
  readonly steps: readonly PipelineStepJson[];
};

/**
 * Makes JSON of a planned step.
 *
 * @param step - The step.
 * @returns The same facts as JSON.
 */
export function stepJson(step: PipelineStep): PipelineStepJson {
  return { ...step, with: { ...step.with }, environment: { ...step.environment } };
}

/** The machine of a pipeline run: steps start when what they need is done; one failure ends the run after the running steps are cancelled. */
export const pipelineRunMachine: MachineDefinition<PipelineRunState, PipelineRunInput> = {
  kind: PIPELINE_RUN_KIND,
  version: 1,
  start: (input, context) => {
    const states = Object.fromEntries(input.steps.map((step) => [step.name, WAITING]));
    return startReady({ ...input, states, state: 'running' }, context);
  },
  on: (state, event, context) => {
    if (event.type === 'effect-done') return stepDone(state, event, context);
    if (event.type === 'effect-failed') return stepFailed(state, event, context);
    if (event.type === 'signal' && event.name === 'cancel') return cancelled(state, context);
    return undefined;
  },
};

const WAITING: StepState = { state: 'queued', startedAtMs: null, endedAtMs: null, output: {}, error: null };

function stepDone(
  state: PipelineRunState,
  event: Extract<MachineEvent, { type: 'effect-done' }>,
  context: MachineContext,
): Transition<PipelineRunState> | undefined {
  const step = state.states[event.step];
  if (step === undefined || step.state !== 'running') return undefined;
  const done: StepState = { ...step, state: 'done', endedAtMs: context.nowMs, output: event.output };
  return startReady({ ...state, states: { ...state.states, [event.step]: done } }, context);
}

function stepFailed(
  state: PipelineRunState,
  event: Extract<MachineEvent, { type: 'effect-failed' }>,
  context: MachineContext,
): Transition<PipelineRunState> | undefined {
  const step = state.states[event.step];
  if (step === undefined || step.state !== 'running') return undefined;
  const failed: StepState = { ...step, state: 'failed', endedAtMs: context.nowMs, error: event.error };
  return ended({ ...state, states: { ...state.states, [event.step]: failed } }, 'failed', context);
}

function cancelled(state: PipelineRunState, context: MachineContext): Transition<PipelineRunState> {
  return ended(state, 'cancelled', context);
}

function ended(state: PipelineRunState, outcome: WorkState, context: MachineContext): Transition<PipelineRunState> {
  const states = Object.fromEntries(
    Object.entries(state.states).map(([name, step]): [string, StepState] => {
      if (step.state === 'running') return [name, { ...step, state: 'cancelled', endedAtMs: context.nowMs }];
      return [name, step.state === 'queued' ? { ...step, state: 'skipped' } : step];
    }),
  );
  return { state: { ...state, states, state: outcome }, status: 'ended' };
}

function startReady(state: PipelineRunState, context: MachineContext): Transition<PipelineRunState> {
  const ready = state.steps.filter(
    (step) => state.states[step.name]?.state === 'queued' && step.needs.every((need) => state.states[need]?.state === 'done'),
  );
  const running = ready.map((step): [string, StepState] => [
    step.name,
    { ...WAITING, state: 'running', startedAtMs: context.nowMs },
  ]);
  const next = { ...state, states: { ...state.states, ...Object.fromEntries(running) } };
  if (Object.values(next.states).every((step) => step.state === 'done')) {
    return { state: { ...next, state: 'done' }, status: 'ended' };
  }
  return { state: next, status: 'open', effects: ready.map((step) => effectOf(next, step, context)) };
}

function effectOf(state: PipelineRunState, step: PipelineStepJson, context: MachineContext): EffectIntent {
  return {
    step: step.name,
    kind: PIPELINE_STEP_EFFECT,
    input: {
      step,
      pipeline: state.pipeline,
      number: state.number,
      businessNowMs: context.businessNowMs,
      outputs: outputsOf(state),
    },
    timeoutMs: step.timeoutMs + 60_000,
  };
}

/**
 * Collects what the done steps of a run have made.
 *
 * @param state - The run.
 * @returns Outputs by step name.
 */
export function outputsOf(state: PipelineRunState): JsonObject {
  const done = Object.entries(state.states).filter(([, step]) => step.state === 'done');
  return Object.fromEntries(done.map(([name, step]) => [name, step.output]));
}
