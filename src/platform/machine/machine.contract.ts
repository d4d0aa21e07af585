import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { GyreError } from '#kernel';
import { collector, type MachineHouse, until, useMachineBench } from './machine.fixtures.ts';

/**
 * Checks the laws of `MachineRuntime` about instances, signals and effects.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store for one test.
 */
export function describeMachineRuntime(name: string, open: () => Promise<MachineHouse>): void {
  describe(`${name} keeps the laws of MachineRuntime`, () => {
    const bench = useMachineBench(open);
    const { withCollector, stopLater, start, signal, eventsOf, pending, settled } = bench;

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
      const found = await bench.house.database.read((tx) => machines.get(tx, made.id));
      expect(found).toEqual(made);
      const history = await bench.house.database.read((tx) => machines.history(tx, made.id));
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
      const other = await bench.house.database.transaction((tx) =>
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
        bench.house.clock.advance(1);
      }
      const list = (query: { readonly status?: 'open' | 'ended'; readonly projectId?: string; readonly limit: number }) =>
        bench.house.database.read(async (tx) =>
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
      const history = await bench.house.database.read((tx) => machines.history(tx, id));
      expect(history.map((step) => step.ignored)).toEqual([false, true]);
    });

    test('an unknown instance or kind is refused', async () => {
      const { machines } = withCollector();
      await expect(signal(machines, 'f'.repeat(32))).rejects.toMatchObject({ code: 'machine/not-found', kind: 'not-found' });
      const unknown = bench.house.database.transaction((tx) =>
        machines.start(tx, { kind: 'colector', projectId: 'p1', input: {} }),
      );
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
      const made = bench.house.runtime();
      stopLater(made.machines);
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
      bench.house.clock.advance(5000);
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
      expect([ended.status, ended.endedAtMs]).toEqual(['ended', bench.house.clock.nowMs()]);
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

    test('definitions and handlers are unique and come before the start', async () => {
      const { machines } = withCollector();
      expect(() => machines.define(collector)).toThrow(/defined twice/);
      await machines.startRunning();
      expect(() => machines.handleEffect('late', async () => ({}))).toThrow(/after the machine runtime was started/);
    });
  });
}
