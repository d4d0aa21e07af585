import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GyreError, type JsonObject } from '#kernel';
import type { MachineInstance, MachineRuntime, MachineStep } from '#platform/machine';
import { type Counting, collector, type MachineHouse, until } from './machine.fixtures.ts';

type Action =
  | { readonly act: 'signal'; readonly steps: number; readonly timers: number }
  | { readonly act: 'crash' | 'cancel' }
  | { readonly act: 'advance'; readonly ms: number };

/** One instance on a store whose processes come and go. */
interface Life {
  readonly house: MachineHouse;
  readonly projectId: string;
  readonly id: string;
  steps: number;
  machines: MachineRuntime;
  crash: () => void;
}

const anAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    act: fc.constant('signal' as const),
    steps: fc.integer({ min: 0, max: 3 }),
    timers: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ act: fc.constantFrom('crash' as const, 'cancel' as const) }),
  fc.record({ act: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
);

/**
 * Checks over random orders of signals, cancellations, timers, failures and crashes that the history alone makes the state.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store.
 */
export function describeMachineReplay(name: string, open: () => Promise<MachineHouse>): void {
  describe(`${name} can be replayed`, () => {
    let house: MachineHouse;
    let lives = 0;
    beforeEach(async () => {
      house = await open();
    });
    afterEach(() => house.close());

    test('whatever happens, the history gives the stored state, without gaps, and no outcome comes twice', async () => {
      const live = async (actions: readonly Action[]): Promise<void> => {
        lives += 1;
        const { instance, history } = await liveThrough(house, `p${String(lives)}`, actions);
        expect(instance?.state).toEqual(replay(history));
        expect(history.map((step) => step.sequence)).toEqual(history.map((_, i) => i + 1));
        const outcomes = history.flatMap(({ event }) =>
          event.type === 'effect-done' || event.type === 'effect-failed' ? [event.step] : [],
        );
        expect(new Set(outcomes).size).toBe(outcomes.length);
      };
      await fc.assert(fc.asyncProperty(fc.array(anAction, { maxLength: 12 }), live), { numRuns: 15 });
    });
  });
}

async function liveThrough(
  house: MachineHouse,
  projectId: string,
  actions: readonly Action[],
): Promise<{ readonly instance: MachineInstance | undefined; readonly history: readonly MachineStep[] }> {
  const first = await boot(house);
  const { id } = await house.database.transaction((tx) => first.machines.start(tx, { kind: 'collector', projectId, input: {} }));
  const life: Life = { house, projectId, id, steps: 0, ...first };
  for (const action of actions) {
    await act(life, action);
    await delay(1);
  }
  await until(async () => {
    house.clock.advance(1000);
    life.machines.wake();
    return (await house.database.read((tx) => life.machines.pending(tx, projectId))) === 0;
  });
  const end = await house.database.read(async (tx) => ({
    instance: await life.machines.get(tx, id),
    history: await life.machines.history(tx, id),
  }));
  await life.machines.stop(100);
  return end;
}

async function boot(house: MachineHouse): Promise<{ readonly machines: MachineRuntime; readonly crash: () => void }> {
  const made = house.runtime();
  made.machines.define(collector);
  made.machines.handleEffect('sometimes', async (effect) => {
    await delay(Number(effect.input['waitMs']));
    if (effect.attempt > 1 || effect.input['isFlaky'] !== true) return { attempt: effect.attempt };
    throw new GyreError({ kind: 'limited', code: 'x/later', message: 'try later' });
  });
  await made.machines.startRunning();
  return made;
}

async function act(life: Life, action: Action): Promise<void> {
  switch (action.act) {
    case 'crash':
      life.crash();
      Object.assign(life, await boot(life.house));
      break;
    case 'advance':
      life.house.clock.advance(action.ms);
      life.machines.wake();
      break;
    case 'cancel':
      await tell(life, { cancel: [`s${String(life.steps - 1)}`] });
      break;
    case 'signal':
      await tell(life, followUps(action, life.steps, life.house.clock.nowMs()));
      life.steps += action.steps;
      break;
  }
}

function tell(life: Life, data: JsonObject): Promise<MachineInstance> {
  return life.house.database.transaction((tx) => life.machines.signal(tx, life.id, { name: 'go', data }));
}

function followUps(action: { readonly steps: number; readonly timers: number }, firstStep: number, nowMs: number): JsonObject {
  return {
    effects: Array.from({ length: action.steps }, (_, i) => ({
      step: `s${String(firstStep + i)}`,
      kind: 'sometimes',
      input: { waitMs: (firstStep + i) % 4, isFlaky: (firstStep + i) % 3 === 0 },
      maxAttempts: 20,
    })),
    timers: Array.from({ length: action.timers }, (_, i) => ({
      name: `t${String(i)}`,
      fireAtMs: nowMs + 700 * (i + 1),
      clock: 'wall',
    })),
  };
}

function replay(history: readonly MachineStep[]): Counting {
  const context = { instanceId: '', projectId: '', nowMs: 0, businessNowMs: 0 };
  let state: Counting = { events: [] };
  for (const { event } of history) if (event.type !== 'started') state = collector.on(state, event, context)?.state ?? state;
  return state;
}
