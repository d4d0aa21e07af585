import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GyreError, isGyreError, type JsonObject } from '#kernel';
import type { ManualClock } from '#platform/clock';
import type { MachineDefinition, MachineEvent, MachineInstance, MachineRuntime, Transition } from '#platform/machine';
import type { SqlDatabase } from '#platform/sql';

/** One store with runtimes on it. */
export interface MachineHouse {
  readonly database: SqlDatabase;
  readonly clock: ManualClock;
  /** Business time of every project; moved by the test. */
  readonly business: { nowMs: number };
  /** A further runtime on the same store; `crash()` cuts it off from the store, as a killed process is. */
  runtime(options?: { readonly isAlone?: boolean; readonly leaseMs?: number; readonly slots?: number }): {
    readonly machines: MachineRuntime;
    crash(): void;
  };
  close(): Promise<void>;
}

type Counting = { readonly events: readonly string[] };

const named = (event: MachineEvent): string => {
  switch (event.type) {
    case 'effect-done':
      return `done ${event.step} ${String(event.attempt)} ${JSON.stringify(event.output)}`;
    case 'effect-failed':
      return `failed ${event.step} ${String(event.attempt)} ${event.error.code}`;
    case 'timer':
      return `timer ${event.name} ${String(event.dueAtMs)}`;
    case 'signal':
      return `signal ${event.name} ${JSON.stringify(event.data)}`;
  }
};

/** Collects what it is told; `start` and signals say in their data what is to follow. */
const collector: MachineDefinition<Counting, JsonObject> = {
  kind: 'collector',
  version: 1,
  start: (input) => ({ status: 'open', ...followUps(input), state: { events: [] } }),
  on: (state, event) => {
    if (event.type === 'signal' && event.name === 'nonsense') return undefined;
    const next = { events: [...state.events, named(event)] };
    return { status: 'open', ...(event.type === 'signal' ? followUps(event.data) : {}), state: next };
  },
};

/** The tests themselves write this data, in the form of a transition. */
const followUps = (data: JsonObject): Partial<Transition<Counting>> => data as unknown as Partial<Transition<Counting>>;

const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  for (let i = 0; i < 800; i += 1) {
    if (await isSo()) return;
    await delay(5);
  }
  throw new Error('it did not become so in time');
};

/**
 * Checks the laws of `MachineRuntime` on an adapter.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store for one test.
 */
export function describeMachineRuntime(name: string, open: () => Promise<MachineHouse>): void {
  describe(`${name} keeps the laws of MachineRuntime`, () => {
    let house: MachineHouse;
    let running: MachineRuntime[] = [];
    beforeEach(async () => {
      house = await open();
    });
    afterEach(async () => {
      await Promise.all(running.map((machines) => machines.stop(100)));
      running = [];
      await house.close();
    });

    const withCollector = (options?: Parameters<MachineHouse['runtime']>[0]) => {
      const made = house.runtime(options);
      running.push(made.machines);
      made.machines.define(collector);
      return made;
    };
    const start = (machines: MachineRuntime, input: object = {}, key?: string): Promise<MachineInstance> =>
      house.database.transaction((tx) =>
        machines.start(tx, {
          kind: 'collector',
          projectId: 'p1',
          input: input as JsonObject,
          ...(key === undefined ? {} : { key }),
        }),
      );
    const signal = (
      machines: MachineRuntime,
      id: string,
      data: object = {},
      more: { readonly name?: string; readonly key?: string } = {},
    ) => house.database.transaction((tx) => machines.signal(tx, id, { name: 'go', ...more, data: data as JsonObject }));
    const eventsOf = async (machines: MachineRuntime, id: string): Promise<readonly string[]> => {
      const instance = await house.database.read((tx) => machines.get(tx, id));
      return (instance?.state as unknown as Counting).events;
    };
    const pending = (machines: MachineRuntime) => house.database.read((tx) => machines.pending(tx, 'p1'));
    const settled = (machines: MachineRuntime) => until(async () => (await pending(machines)) === 0);

    test('an instance starts at version 1, with its input as the first line of its history', async () => {
      const { machines } = withCollector();
      const made = await start(machines, {}, 'k');
      expect(made).toMatchObject({
        kind: 'collector',
        projectId: 'p1',
        key: 'k',
        status: 'open',
        version: 1,
        state: { events: [] },
      });
      const found = await house.database.read((tx) => machines.get(tx, made.id));
      expect(found).toEqual(made);
      const history = await house.database.read((tx) => machines.history(tx, made.id));
      expect(history.map((step) => [step.sequence, step.event, step.ignored])).toEqual([
        [1, { type: 'started', input: {} }, false],
      ]);
    });

    test('starting twice with one key gives the same instance; another project has its own', async () => {
      const { machines } = withCollector();
      const first = await start(machines, {}, 'k');
      await signal(machines, first.id);
      const again = await start(machines, { status: 'ended' }, 'k');
      expect([again.id, again.version, again.status]).toEqual([first.id, 2, 'open']);
      const other = await house.database.transaction((tx) =>
        machines.start(tx, { kind: 'collector', projectId: 'p2', key: 'k', input: {} }),
      );
      expect(other.id).not.toBe(first.id);
      expect((await start(machines)).id).not.toBe((await start(machines)).id);
    });

    test('lists are newest first, by kind, project and status', async () => {
      const { machines } = withCollector();
      const made: string[] = [];
      for (let i = 0; i < 4; i += 1) {
        made.push((await start(machines, i === 1 ? { status: 'ended' } : {})).id);
        house.clock.advance(1);
      }
      const list = (query: { readonly status?: 'open' | 'ended'; readonly projectId?: string; readonly limit: number }) =>
        house.database.read(async (tx) =>
          (await machines.list(tx, { kind: 'collector', ...query })).map((instance) => instance.id),
        );
      expect(await list({ limit: 2 })).toEqual([made[3], made[2]]);
      expect(await list({ limit: 9, status: 'ended' })).toEqual([made[1]]);
      expect(await list({ limit: 9, projectId: 'p9' })).toEqual([]);
    });

    test('signals are handled in order; a repeated key is dropped', async () => {
      const { machines } = withCollector();
      const { id } = await start(machines);
      await signal(machines, id, { n: 1 }, { key: 'a' });
      await signal(machines, id, { n: 2 });
      const after = await signal(machines, id, { n: 1 }, { key: 'a' });
      expect(after.version).toBe(3);
      expect(await eventsOf(machines, id)).toEqual(['signal go {"n":1}', 'signal go {"n":2}']);
    });

    test('an event that means nothing changes nothing but the history', async () => {
      const { machines } = withCollector();
      const { id } = await start(machines);
      const after = await signal(machines, id, {}, { name: 'nonsense' });
      expect(after.version).toBe(1);
      const history = await house.database.read((tx) => machines.history(tx, id));
      expect(history.map((step) => step.ignored)).toEqual([false, true]);
    });

    test('an unknown instance or kind is refused', async () => {
      const { machines } = withCollector();
      await expect(signal(machines, 'f'.repeat(32))).rejects.toMatchObject({ code: 'machine/not-found', kind: 'not-found' });
      const unknown = house.database.transaction((tx) => machines.start(tx, { kind: 'colector', projectId: 'p1', input: {} }));
      await expect(unknown).rejects.toThrow(/did you mean "collector"/);
    });

    test('an effect runs once, and its output comes as an event', async () => {
      const { machines } = withCollector();
      const seen: string[] = [];
      machines.handleEffect('echo', async (effect) => {
        seen.push(effect.key);
        return { got: effect.input };
      });
      await machines.startRunning();
      const { id } = await start(machines, { effects: [{ step: 's1', kind: 'echo', input: { a: 1 } }] });
      await settled(machines);
      expect(await eventsOf(machines, id)).toEqual(['done s1 1 {"got":{"a":1}}']);
      expect(seen).toEqual([`${id}/s1/1`]);
    });

    test('a transition, its effects and what its listener writes stay or go together', async () => {
      const made = house.runtime();
      running.push(made.machines);
      const calls: string[] = [];
      made.machines.define(collector, async (tx, change) => {
        tx.afterCommit(() =>
          calls.push(`${String(change.before?.version)} ${String(change.after.version)} ${change.cause.type}`),
        );
        if (change.cause.type === 'signal' && change.cause.name === 'poison') throw new Error('listener');
      });
      const { id } = await start(made.machines);
      const poisoned = signal(
        made.machines,
        id,
        { effects: [{ step: 's', kind: 'x', input: {} }] },
        { name: 'poison', key: 'a' },
      );
      await expect(poisoned).rejects.toThrow('listener');
      expect(await pending(made.machines)).toBe(0);
      await signal(made.machines, id, {}, { key: 'a' });
      expect(calls).toEqual(['undefined 1 started', '1 2 signal']);
    });

    test('at most as many effects run at once as there are slots, and all run', async () => {
      const { machines } = withCollector({ slots: 2 });
      let now = 0;
      let most = 0;
      machines.handleEffect('slow', async () => {
        now += 1;
        most = Math.max(most, now);
        await delay(5);
        now -= 1;
        return {};
      });
      await machines.startRunning();
      const effects = Array.from({ length: 9 }, (_, i) => ({ step: `s${String(i)}`, kind: 'slow', input: {} }));
      const { id } = await start(machines, { effects });
      await settled(machines);
      expect(most).toBe(2);
      expect((await eventsOf(machines, id)).length).toBe(9);
    });

    test('a retryable failure is tried again after a pause, as often as it may; another failure is not', async () => {
      const { machines } = withCollector();
      let tries = 0;
      machines.handleEffect('flaky', async () => {
        tries += 1;
        throw new GyreError({ kind: 'unavailable', code: 'x/down', message: 'down' });
      });
      machines.handleEffect('broken', async () => {
        throw new GyreError({ kind: 'invalid', code: 'x/bad', message: 'bad' });
      });
      machines.handleEffect('crashing', async () => {
        throw new TypeError('oops');
      });
      machines.handleEffect('wordless', async () => ({ loss: Number.NaN }));
      await machines.startRunning();
      const kinds = ['broken', 'crashing', 'wordless'];
      const effects = [
        { step: 'flaky', kind: 'flaky', input: {}, maxAttempts: 2 },
        ...kinds.map((kind) => ({ step: kind, kind, input: {} })),
      ];
      const { id } = await start(machines, { effects });
      await until(async () => (await pending(machines)) === 1);
      await until(() => tries === 1);
      house.clock.advance(5000);
      await until(async () => {
        machines.wake();
        return (await pending(machines)) === 0;
      });
      const events = await eventsOf(machines, id);
      expect([...events].sort()).toEqual([
        'failed broken 1 x/bad',
        'failed crashing 1 machine/effect-crashed',
        'failed flaky 2 x/down',
        'failed wordless 1 kernel/not-json',
      ]);
      expect(tries).toBe(2);
    });

    test('an attempt that takes too long is asked to stop and fails', async () => {
      const { machines } = withCollector();
      machines.handleEffect('endless', async (effect) => {
        await delay(10_000, undefined, { signal: effect.signal });
        return {};
      });
      await machines.startRunning();
      const { id } = await start(machines, {
        effects: [{ step: 's', kind: 'endless', input: {}, timeoutMs: 20, maxAttempts: 1 }],
      });
      await settled(machines);
      expect(await eventsOf(machines, id)).toEqual(['failed s 1 machine/effect-timeout']);
    });

    test('a cancelled step is asked to stop and its result is dropped', async () => {
      const { machines } = withCollector();
      let isAborted = false;
      let isRunning = false;
      machines.handleEffect('endless', async (effect) => {
        isRunning = true;
        await delay(10_000, undefined, { signal: effect.signal }).catch(() => {
          isAborted = true;
        });
        return {};
      });
      await machines.startRunning();
      const { id } = await start(machines, { effects: [{ step: 's', kind: 'endless', input: {} }] });
      await until(() => isRunning);
      await signal(machines, id, { cancel: ['s'] });
      await until(() => isAborted);
      await settled(machines);
      await delay(20);
      expect(await eventsOf(machines, id)).toEqual(['signal go {"cancel":["s"]}']);
    });

    test('an ended instance has no effects and no timers, and ignores what comes later', async () => {
      const { machines } = withCollector();
      machines.handleEffect('never', async () => ({}));
      const { id } = await start(machines, {
        effects: [{ step: 's', kind: 'never', input: {} }],
        timers: [{ name: 't', fireAtMs: 0, clock: 'wall' }],
      });
      const ended = await signal(machines, id, { status: 'ended' });
      expect([ended.status, ended.endedAtMs]).toEqual(['ended', house.clock.nowMs()]);
      expect(await pending(machines)).toBe(0);
      await machines.startRunning();
      expect((await signal(machines, id)).version).toBe(2);
    });

    test('asking for a step twice is refused, and the transition with it', async () => {
      const { machines } = withCollector();
      const { id } = await start(machines, { effects: [{ step: 's', kind: 'x', input: {} }] });
      const twice = signal(machines, id, { effects: [{ step: 's', kind: 'x', input: {} }] });
      await expect(twice).rejects.toMatchObject({ code: 'machine/step-twice' });
      expect(await eventsOf(machines, id)).toEqual([]);
    });

    test('a timer fires once, at its time; setting it again moves it', async () => {
      const { machines } = withCollector();
      const { id } = await start(machines, { timers: [{ name: 't', fireAtMs: house.clock.nowMs() + 1000, clock: 'wall' }] });
      await machines.startRunning();
      const later = house.clock.nowMs() + 3000;
      await signal(machines, id, { timers: [{ name: 't', fireAtMs: later, clock: 'wall' }] });
      house.clock.advance(2000);
      machines.wake();
      await delay(20);
      expect((await eventsOf(machines, id)).length).toBe(1);
      house.clock.advance(1000);
      expect(await pending(machines)).toBe(1);
      machines.wake();
      await settled(machines);
      machines.wake();
      await delay(20);
      expect((await eventsOf(machines, id)).slice(1)).toEqual([`timer t ${String(later)}`]);
    });

    test('a timer on the business clock follows that clock only', async () => {
      const { machines } = withCollector();
      await machines.startRunning();
      const dueAtMs = house.business.nowMs + 86_400_000;
      const { id } = await start(machines, { timers: [{ name: 'day', fireAtMs: dueAtMs, clock: 'business' }] });
      house.clock.advance(90_000_000);
      machines.wake();
      await delay(20);
      expect(await eventsOf(machines, id)).toEqual([]);
      house.business.nowMs = dueAtMs;
      machines.wake();
      await until(async () => (await eventsOf(machines, id)).length === 1);
    });

    test('a wall timer needs nobody to wake it', async () => {
      const { machines } = withCollector();
      await machines.startRunning();
      const { id } = await start(machines, { timers: [{ name: 't', fireAtMs: house.clock.nowMs() + 20, clock: 'wall' }] });
      house.clock.advance(20);
      await until(async () => (await eventsOf(machines, id)).length === 1);
    });

    test('timers that are due together fire in the order of their times', async () => {
      const { machines } = withCollector();
      const timers = [30, 10, 20].map((ms) => ({ name: `t${String(ms)}`, fireAtMs: house.clock.nowMs() + ms, clock: 'wall' }));
      const { id } = await start(machines, { timers });
      house.clock.advance(100);
      await machines.startRunning();
      await settled(machines);
      const events = await eventsOf(machines, id);
      expect(events.map((event) => event.split(' ')[1])).toEqual(['t10', 't20', 't30']);
    });

    test('what a crashed process was doing is taken over as a further attempt; its late result counts for nothing', async () => {
      const first = withCollector();
      const goOn = Promise.withResolvers<void>();
      let isRunning = false;
      first.machines.handleEffect('train', async () => {
        isRunning = true;
        await goOn.promise;
        return { from: 'first' };
      });
      await first.machines.startRunning();
      const { id } = await start(first.machines, { effects: [{ step: 's', kind: 'train', input: {} }] });
      await until(() => isRunning);
      first.crash();
      const second = withCollector();
      second.machines.handleEffect('train', async () => ({ from: 'second' }));
      await second.machines.startRunning();
      await settled(second.machines);
      goOn.resolve();
      await delay(20);
      expect(await eventsOf(second.machines, id)).toEqual(['done s 2 {"from":"second"}']);
    });

    test('an effect that kills its process every time fails when no attempt is left', async () => {
      let id = '';
      for (let life = 1; life <= 3; life += 1) {
        const { machines, crash } = withCollector();
        let isRunning = false;
        machines.handleEffect('deadly', async () => {
          isRunning = true;
          return new Promise(() => undefined);
        });
        await machines.startRunning();
        if (id === '') id = (await start(machines, { effects: [{ step: 's', kind: 'deadly', input: {}, maxAttempts: 2 }] })).id;
        if (life < 3) await until(() => isRunning);
        if (life < 3) crash();
        else expect(await eventsOf(machines, id)).toEqual(['failed s 2 machine/holder-died']);
      }
    });

    test('a holder whose lease ran out cannot complete, and its guard refuses', async () => {
      const first = withCollector({ isAlone: false, leaseMs: 1_000_000 });
      const goOn = Promise.withResolvers<void>();
      const guarded = Promise.withResolvers<string>();
      let isRunning = false;
      first.machines.handleEffect('work', async (effect) => {
        isRunning = true;
        await house.database.transaction((tx) => effect.guard(tx));
        await goOn.promise;
        const refusal = await house.database.transaction((tx) => effect.guard(tx)).catch((error: unknown) => error);
        guarded.resolve(isGyreError(refusal) ? refusal.code : 'let through');
        return { from: 'first' };
      });
      await first.machines.startRunning();
      const { id } = await start(first.machines, { effects: [{ step: 's', kind: 'work', input: {} }] });
      await until(() => isRunning);
      house.clock.advance(2_000_000);
      const second = withCollector({ isAlone: false });
      second.machines.handleEffect('work', async () => ({ from: 'second' }));
      await second.machines.startRunning();
      await settled(second.machines);
      goOn.resolve();
      expect(await guarded.promise).toBe('machine/lease-lost');
      await delay(20);
      expect(await eventsOf(second.machines, id)).toEqual(['done s 2 {"from":"second"}']);
    });

    test('a stopping server gives its effects back without using up an attempt', async () => {
      const first = withCollector();
      let isRunning = false;
      first.machines.handleEffect('work', async (effect) => {
        isRunning = true;
        await delay(10_000, undefined, { signal: effect.signal });
        return {};
      });
      await first.machines.startRunning();
      const { id } = await start(first.machines, { effects: [{ step: 's', kind: 'work', input: {} }] });
      await until(() => isRunning);
      await first.machines.stop(1000);
      const second = withCollector();
      second.machines.handleEffect('work', async () => ({}));
      await second.machines.startRunning();
      await settled(second.machines);
      expect(await eventsOf(second.machines, id)).toEqual(['done s 1 {}']);
    });

    test('definitions and handlers are unique and come before the start', async () => {
      const { machines } = withCollector();
      expect(() => machines.define(collector)).toThrow(/defined twice/);
      await machines.startRunning();
      expect(() => machines.handleEffect('late', async () => ({}))).toThrow(/after the machine runtime was started/);
    });

    test('whatever happens, replaying the history through the definition gives the stored state, and no outcome comes twice', async () => {
      const action = fc.oneof(
        fc.record({
          act: fc.constant('signal' as const),
          steps: fc.integer({ min: 0, max: 3 }),
          timers: fc.integer({ min: 0, max: 2 }),
        }),
        fc.constant({ act: 'crash' as const }),
        fc.constant({ act: 'cancel' as const }),
        fc.record({ act: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
          await replayProperty(house, actions);
        }),
        { numRuns: 15 },
      );
    });
  });
}

type PropertyAction =
  | { readonly act: 'signal'; readonly steps: number; readonly timers: number }
  | { readonly act: 'crash' | 'cancel' }
  | { readonly act: 'advance'; readonly ms: number };

async function replayProperty(house: MachineHouse, actions: readonly PropertyAction[]): Promise<void> {
  const projectId = `p${String(house.clock.nowMs())}-${String(Math.floor(house.clock.monotonicMs()))}`;
  const boot = async () => {
    const made = house.runtime();
    made.machines.define(collector);
    made.machines.handleEffect('sometimes', async (effect) => {
      await delay(Number(effect.input['waitMs']));
      if (effect.attempt === 1 && effect.input['isFlaky'] === true)
        throw new GyreError({ kind: 'limited', code: 'x/later', message: '' });
      return { attempt: effect.attempt };
    });
    await made.machines.startRunning();
    return made;
  };
  let life = await boot();
  const { id } = await house.database.transaction((tx) => life.machines.start(tx, { kind: 'collector', projectId, input: {} }));
  let steps = 0;
  for (const action of actions) {
    if (action.act === 'crash') {
      life.crash();
      life = await boot();
    } else if (action.act === 'advance') {
      house.clock.advance(action.ms);
      life.machines.wake();
    } else {
      const data =
        action.act === 'cancel' ? { cancel: [`s${String(steps - 1)}`] } : signalData(action, steps, house.clock.nowMs());
      steps += action.act === 'cancel' ? 0 : action.steps;
      await house.database.transaction((tx) => life.machines.signal(tx, id, { name: 'go', data }));
    }
    await delay(1);
  }
  await until(async () => {
    house.clock.advance(1000);
    life.machines.wake();
    return (await house.database.read((tx) => life.machines.pending(tx, projectId))) === 0;
  });
  const [instance, history] = await house.database.read(
    async (tx) => [await life.machines.get(tx, id), await life.machines.history(tx, id)] as const,
  );
  await life.machines.stop(100);
  const context = { instanceId: id, projectId, nowMs: 0, businessNowMs: 0 };
  let state: Counting = { events: [] };
  for (const step of history) if (step.event.type !== 'started') state = collector.on(state, step.event, context)?.state ?? state;
  expect(instance?.state).toEqual(state);
  expect(history.map((step) => step.sequence)).toEqual(history.map((_, i) => i + 1));
  const outcomes = history.flatMap(({ event }) =>
    event.type === 'effect-done' || event.type === 'effect-failed' ? [event.step] : [],
  );
  expect(new Set(outcomes).size).toBe(outcomes.length);
}

function signalData(action: { readonly steps: number; readonly timers: number }, firstStep: number, nowMs: number): JsonObject {
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
