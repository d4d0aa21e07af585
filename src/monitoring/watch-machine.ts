import type { MachineContext, MachineDefinition, Transition } from '#platform/machine';
import { windowAround, windowFrom } from './window-times.ts';

/** Kind of the machine that watches one monitor. */
export const WATCH_KIND = 'monitoring.watch';
/** Kind of the effect that evaluates one window. */
export const EVALUATE_KIND = 'monitoring.evaluate-window';

/** Why a window is looked at: for `drift` when it has ended, for `performance` when its labels are mature. */
export type Look = 'drift' | 'performance';

/** What one evaluation is asked. */
export type WindowTask = {
  readonly monitor: string;
  readonly look: Look;
  readonly fromMs: number;
  readonly toMs: number;
  /** Business time at which the look came due: what is known before it counts. */
  readonly dueAtMs: number;
};

/** What a watch is started with, and told when the project file changes. */
export type WatchInput = {
  readonly monitor: string;
  readonly windowMs: number;
  /** How long after a window its labels are awaited; null when performance is not watched. */
  readonly maturityMs: number | null;
};

/** Where a watch stands. */
export type WatchState = WatchInput & {
  /** Begin of the next window to be looked at for drift, and for performance. */
  readonly driftFromMs: number;
  readonly performanceFromMs: number;
  /** The look that is under way; null when the watch waits for the clock. */
  readonly running: WindowTask | null;
  /** Why the last look that failed did so; empty when none has. */
  readonly failure: string;
};

const TIMER = 'due';

/**
 * Looks at each window once when it has ended and once when its labels are mature, one look after the other in the order
 * in which they come due. A clock that jumps over many windows makes it look at each of them.
 */
export const watchMachine: MachineDefinition<WatchState, WatchInput> = {
  kind: WATCH_KIND,
  version: 1,
  start: (input, context) => {
    const { fromMs } = windowAround(context.businessNowMs, input.windowMs);
    return next({ ...input, driftFromMs: fromMs, performanceFromMs: fromMs, running: null, failure: '' }, context);
  },
  on: (state, event, context) => {
    switch (event.type) {
      case 'timer':
        return state.running === null ? next(state, context) : undefined;
      case 'effect-done':
        return next(passed(state), context);
      case 'effect-failed':
        return next({ ...passed(state), failure: `${event.error.code}: ${event.error.message}` }, context);
      case 'signal':
        return onSignal(state, event, context);
    }
  },
};

function onSignal(
  state: WatchState,
  signal: { readonly name: string; readonly data: Readonly<Record<string, unknown>> },
  context: MachineContext,
): Transition<WatchState> | undefined {
  if (signal.name === 'end') return { state: { ...state, running: null }, status: 'ended' };
  if (signal.name !== 'change') return undefined;
  const { windowMs, maturityMs } = signal.data;
  if (typeof windowMs !== 'number') return undefined;
  const behind = passed(state);
  const driftFromMs = windowFrom(behind.driftFromMs, windowMs).fromMs;
  const isNew = state.maturityMs === null;
  const performanceFromMs = isNew ? driftFromMs : windowFrom(behind.performanceFromMs, windowMs).fromMs;
  const maturity = typeof maturityMs === 'number' ? maturityMs : null;
  return next({ ...state, windowMs, maturityMs: maturity, driftFromMs, performanceFromMs }, context);
}

/** The state behind the look that is under way. */
function passed(state: WatchState): WatchState {
  const { running, windowMs } = state;
  if (running === null) return state;
  const { fromMs } = windowFrom(running.toMs, windowMs);
  if (running.look === 'drift') return { ...state, running: null, driftFromMs: Math.max(state.driftFromMs, fromMs) };
  return { ...state, running: null, performanceFromMs: Math.max(state.performanceFromMs, fromMs) };
}

/** Begins the look that is due, or waits for the one that comes due next. */
function next(state: WatchState, context: MachineContext): Transition<WatchState> {
  if (state.running !== null) return { state, status: 'open' };
  const task = nextTask(state);
  if (task.dueAtMs > context.businessNowMs) {
    return { state, status: 'open', timers: [{ name: TIMER, fireAtMs: task.dueAtMs, clock: 'business' }] };
  }
  return {
    state: { ...state, running: task },
    status: 'open',
    effects: [{ step: stepOf(task), kind: EVALUATE_KIND, input: task }],
  };
}

function nextTask(state: WatchState): WindowTask {
  const { monitor, windowMs, maturityMs, driftFromMs, performanceFromMs } = state;
  const driftToMs = driftFromMs + windowMs;
  const drift: WindowTask = { monitor, look: 'drift', fromMs: driftFromMs, toMs: driftToMs, dueAtMs: driftToMs };
  if (maturityMs === null) return drift;
  const toMs = performanceFromMs + windowMs;
  const dueAtMs = toMs + maturityMs;
  // A window is looked at for drift first, also when both looks come due at once.
  if (dueAtMs > drift.dueAtMs || (dueAtMs === drift.dueAtMs && toMs >= driftToMs)) return drift;
  return { monitor, look: 'performance', fromMs: performanceFromMs, toMs, dueAtMs };
}

function stepOf(task: WindowTask): string {
  return `${task.look}-${String(task.fromMs)}-${String(task.toMs)}`;
}
