import type { MachineDefinition } from '#platform/machine';

/** Kind of the machine. */
export const SCHEDULE_KIND = 'loops.schedule';

/** Where a schedule stands. */
export type ScheduleState = {
  readonly loop: string;
  readonly everyMs: number;
  /** Business time of the last firing; 0 before the first. */
  readonly firedAtMs: number;
  readonly nextAtMs: number;
};

/** What a schedule is started with. */
export type ScheduleInput = { readonly loop: string; readonly everyMs: number };

const TIMER = 'next';

/** Fires every so often of business time; how long the clock jumped does not matter: missed firings collapse into one. */
export const scheduleMachine: MachineDefinition<ScheduleState, ScheduleInput> = {
  kind: SCHEDULE_KIND,
  version: 1,
  start: (input, context) => next({ ...input, firedAtMs: 0, nextAtMs: context.businessNowMs + input.everyMs }),
  on: (state, event, context) => {
    if (event.type === 'signal' && event.name === 'change') {
      const everyMs = typeof event.data['everyMs'] === 'number' ? event.data['everyMs'] : 0;
      if (everyMs === 0) return { state: { ...state, everyMs }, status: 'ended' };
      return next({ ...state, everyMs, nextAtMs: context.businessNowMs + everyMs });
    }
    if (event.type !== 'timer') return undefined;
    const missed = Math.floor(Math.max(0, context.businessNowMs - state.nextAtMs) / state.everyMs);
    return next({ ...state, firedAtMs: context.businessNowMs, nextAtMs: state.nextAtMs + (missed + 1) * state.everyMs });
  },
};

function next(state: ScheduleState): ReturnType<typeof scheduleMachine.start> {
  return { state, status: 'open', timers: [{ name: TIMER, fireAtMs: state.nextAtMs, clock: 'business' }] };
}
