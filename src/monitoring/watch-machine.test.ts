import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#kernel';
import type { MachineEvent, Transition } from '#platform/machine';
import { type WatchInput, type WatchState, type WindowTask, watchMachine } from './watch-machine.ts';

const WEEK_MS = 7 * DAY_MS;

/** Plays a runtime: one timer, one effect at a time, effects end when told. */
function play(input: WatchInput, startMs: number) {
  const looks: WindowTask[] = [];
  let nowMs = startMs;
  let dueMs = Number.POSITIVE_INFINITY;
  let open: string | undefined;
  let state: WatchState;
  const context = () => ({ instanceId: 'i', projectId: 'p', nowMs: 0, businessNowMs: nowMs });
  const follow = (transition: Transition<WatchState> | undefined): void => {
    if (transition === undefined) return;
    state = transition.state;
    for (const timer of transition.timers ?? []) dueMs = timer.fireAtMs;
    for (const effect of transition.effects ?? []) {
      expect(open).toBeUndefined();
      open = effect.step;
      looks.push(effect.input as WindowTask);
    }
  };
  const tell = (event: MachineEvent): void => follow(watchMachine.on(state, event, context()));
  follow(watchMachine.start(input, context()));
  return {
    looks,
    state: () => state,
    tell,
    moveTo: (toMs: number) => {
      nowMs = toMs;
      if (dueMs > nowMs) return;
      const dueAtMs = dueMs;
      dueMs = Number.POSITIVE_INFINITY;
      tell({ type: 'timer', name: 'due', dueAtMs });
    },
    /** Ends the look under way; false when there is none. */
    finish: (fails = false): boolean => {
      if (open === undefined) return false;
      const step = open;
      open = undefined;
      if (fails) tell({ type: 'effect-failed', step, attempt: 3, error: { code: 'x/y', message: 'no' } });
      else tell({ type: 'effect-done', step, attempt: 1, output: {} });
      return true;
    },
  };
}

const steps = fc.array(
  fc.record({ jumpMs: fc.integer({ min: 0, max: 40 * DAY_MS }), finishes: fc.integer({ min: 0, max: 9 }), fails: fc.boolean() }),
  {
    maxLength: 30,
  },
);

type Move = { readonly jumpMs: number; readonly finishes: number; readonly fails: boolean };

/** Plays moves of the clock, then lets the watch come to rest; returns where the clock ended. */
function playAll(watch: ReturnType<typeof play>, startMs: number, moves: readonly Move[]): number {
  let nowMs = startMs;
  for (const move of moves) {
    nowMs += move.jumpMs;
    watch.moveTo(nowMs);
    for (let i = 0; i < move.finishes; i += 1) watch.finish(move.fails);
  }
  while (watch.finish());
  return nowMs;
}

describe('a watch', () => {
  test('looks at every window once for drift and once when mature, in order, however the clock moves', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 0, max: 20 * DAY_MS }),
        fc.integer({ min: 0, max: 3 * WEEK_MS }),
        (moves, maturityMs, startMs) => {
          const watch = play({ monitor: 'm', windowMs: WEEK_MS, maturityMs }, startMs);
          const nowMs = playAll(watch, startMs, moves);
          const first = Math.floor(startMs / WEEK_MS);
          const count = (untilMs: number): number => Math.max(0, Math.floor(untilMs / WEEK_MS) - first);
          const froms = (n: number): number[] => Array.from({ length: n }, (_, k) => (first + k) * WEEK_MS);
          const of = (look: string): number[] => watch.looks.filter((task) => task.look === look).map((task) => task.fromMs);

          expect(of('drift')).toEqual(froms(count(nowMs)));
          expect(of('performance')).toEqual(froms(count(nowMs - maturityMs)));
          expect(watch.looks.map((task) => task.dueAtMs)).toEqual(watch.looks.map((task) => task.dueAtMs).sort((a, b) => a - b));
          for (const task of watch.looks) expect(task.toMs - task.fromMs).toBe(WEEK_MS);
        },
      ),
    );
  });

  test('looks at a window for drift before it looks at it for performance, also when both are due at once', () => {
    const watch = play({ monitor: 'm', windowMs: WEEK_MS, maturityMs: 0 }, 0);
    watch.moveTo(2 * WEEK_MS);
    while (watch.finish());

    expect(watch.looks.map((task) => `${task.look} ${String(task.fromMs / WEEK_MS)}`)).toEqual([
      'drift 0',
      'performance 0',
      'drift 1',
      'performance 1',
    ]);
  });

  test('goes on behind a look that failed, and says why it did', () => {
    const watch = play({ monitor: 'm', windowMs: WEEK_MS, maturityMs: null }, 0);
    watch.moveTo(WEEK_MS);
    watch.finish(true);

    expect(watch.state()).toMatchObject({ driftFromMs: WEEK_MS, running: null, failure: 'x/y: no' });
  });

  test('takes a new window length from the next whole window on, also while a look is under way', () => {
    const watch = play({ monitor: 'm', windowMs: WEEK_MS, maturityMs: null }, 0);
    watch.moveTo(WEEK_MS);
    watch.tell({ type: 'signal', name: 'change', data: { windowMs: 2 * WEEK_MS, maturityMs: DAY_MS } });
    watch.finish();
    watch.moveTo(4 * WEEK_MS + DAY_MS);
    while (watch.finish());

    expect(watch.looks.map((task) => `${task.look} ${String(task.fromMs / WEEK_MS)}-${String(task.toMs / WEEK_MS)}`)).toEqual([
      'drift 0-1',
      'drift 2-4',
      'performance 2-4',
    ]);
  });

  test('ends when it is told to, and ignores what it does not know', () => {
    const watch = play({ monitor: 'm', windowMs: WEEK_MS, maturityMs: null }, 0);
    const context = { instanceId: 'i', projectId: 'p', nowMs: 0, businessNowMs: 0 };

    expect(watchMachine.on(watch.state(), { type: 'signal', name: 'end', data: {} }, context)?.status).toBe('ended');
    expect(watchMachine.on(watch.state(), { type: 'signal', name: 'dance', data: {} }, context)).toBeUndefined();
  });
});
