import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import { type MachineHouse, until, useMachineBench } from './machine.fixtures.ts';

/**
 * Checks the laws of `MachineRuntime` about timers, leases and crashes.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store for one test.
 */
export function describeMachineRecovery(name: string, open: () => Promise<MachineHouse>): void {
  describe(`${name} keeps time, and recovers`, () => {
    const bench = useMachineBench(open);
    const { withCollector, start, signal, eventsOf, pending, settled } = bench;

    test('a timer fires once, at its time; setting it again moves it', async () => {
      const { machines } = withCollector();
      const { id } = await start(machines, {
        timers: [{ name: 't', fireAtMs: bench.house.clock.nowMs() + 1000, clock: 'wall' }],
      });
      await machines.startRunning();
      const later = bench.house.clock.nowMs() + 3000;
      await signal(machines, id, { timers: [{ name: 't', fireAtMs: later, clock: 'wall' }] });
      bench.house.clock.advance(2000);
      machines.wake();
      await delay(20);
      expect((await eventsOf(machines, id)).length).toBe(1);
      bench.house.clock.advance(1000);
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
      const dueAtMs = bench.house.business.nowMs + 86_400_000;
      const { id } = await start(machines, { timers: [{ name: 'day', fireAtMs: dueAtMs, clock: 'business' }] });
      bench.house.clock.advance(90_000_000);
      machines.wake();
      await delay(20);
      expect(await eventsOf(machines, id)).toEqual([]);
      bench.house.business.nowMs = dueAtMs;
      machines.wake();
      await until(async () => (await eventsOf(machines, id)).length === 1);
    });

    test('a wall timer needs nobody to wake it', async () => {
      const { machines } = withCollector();
      await machines.startRunning();
      const { id } = await start(machines, { timers: [{ name: 't', fireAtMs: bench.house.clock.nowMs() + 20, clock: 'wall' }] });
      bench.house.clock.advance(20);
      await until(async () => (await eventsOf(machines, id)).length === 1);
    });

    test('timers that are due together fire in the order of their times', async () => {
      const { machines } = withCollector();
      const timers = [30, 10, 20].map((ms) => ({
        name: `t${String(ms)}`,
        fireAtMs: bench.house.clock.nowMs() + ms,
        clock: 'wall',
      }));
      const { id } = await start(machines, { timers });
      bench.house.clock.advance(100);
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

    test('deaths of holders use up no attempt, but an effect that outlives none of ten fails', async () => {
      const dieOnce = async (id: string | undefined): Promise<string> => {
        const { machines, crash } = withCollector();
        const isRunning = Promise.withResolvers<void>();
        machines.handleEffect('deadly', async () => {
          isRunning.resolve();
          return new Promise(() => undefined);
        });
        await machines.startRunning();
        const effects = [{ step: 's', kind: 'deadly', input: {}, maxAttempts: 1 }];
        const started = id ?? (await start(machines, { effects })).id;
        await isRunning.promise;
        crash();
        return started;
      };
      let id: string | undefined;
      for (let death = 1; death <= 10; death += 1) id = await dieOnce(id);
      const { machines } = withCollector();
      machines.handleEffect('deadly', async () => ({}));
      await machines.startRunning();
      expect(await eventsOf(machines, id ?? '')).toEqual(['failed s 10 machine/holder-died']);
    });

    test('a holder whose lease ran out cannot complete, and its guard refuses', async () => {
      const first = withCollector({ isAlone: false, leaseMs: 1_000_000 });
      const goOn = Promise.withResolvers<void>();
      const guarded = Promise.withResolvers<string>();
      let isRunning = false;
      first.machines.handleEffect('work', async (effect) => {
        isRunning = true;
        await bench.house.database.transaction((tx) => effect.guard(tx));
        await goOn.promise;
        const refusal = await bench.house.database.transaction((tx) => effect.guard(tx)).catch((error: unknown) => error);
        guarded.resolve(isGyreError(refusal) ? refusal.code : 'let through');
        return { from: 'first' };
      });
      await first.machines.startRunning();
      const { id } = await start(first.machines, { effects: [{ step: 's', kind: 'work', input: {} }] });
      await until(() => isRunning);
      bench.house.clock.advance(2_000_000);
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
  });
}
