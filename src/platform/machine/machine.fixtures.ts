import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import type { JsonObject } from '#kernel';
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

/** State of the collector: what it was told, in words. */
export type Counting = { readonly events: readonly string[] };

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
export const collector: MachineDefinition<Counting, JsonObject> = {
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
const followUps = (data: JsonObject): Partial<Transition<Counting>> => data;

/** Waits until something is so; throws after 4 s. */
export const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  for (let i = 0; i < 800; i += 1) {
    if (await isSo()) return;
    await delay(5);
  }
  throw new Error('it did not become so in time');
};

type RuntimeOptions = Parameters<MachineHouse['runtime']>[0];

/** What the tests of one suite work with; the house is new for every test. */
export interface MachineBench {
  readonly house: MachineHouse;
  withCollector(options?: RuntimeOptions): ReturnType<MachineHouse['runtime']>;
  /** Stops a runtime that the test made itself, too. */
  stopLater(machines: MachineRuntime): void;
  start(machines: MachineRuntime, input?: object, key?: string): Promise<MachineInstance>;
  signal(
    machines: MachineRuntime,
    id: string,
    data?: object,
    more?: { readonly name?: string; readonly key?: string },
  ): Promise<MachineInstance>;
  eventsOf(machines: MachineRuntime, id: string): Promise<readonly string[]>;
  pending(machines: MachineRuntime): Promise<number>;
  settled(machines: MachineRuntime): Promise<void>;
}

/**
 * Sets a house up before each test and takes it down after it.
 *
 * @param open - Opens an empty store.
 * @returns The bench.
 */
export function useMachineBench(open: () => Promise<MachineHouse>): MachineBench {
  const current: { house: MachineHouse | undefined; running: MachineRuntime[] } = { house: undefined, running: [] };
  const theHouse = (): MachineHouse => {
    if (current.house === undefined) throw new Error('the house is open only during a test');
    return current.house;
  };
  beforeEach(async () => {
    current.house = await open();
  });
  afterEach(async () => {
    await Promise.all(current.running.splice(0).map((machines) => machines.stop(100)));
    await theHouse().close();
  });
  const database = (): SqlDatabase => theHouse().database;
  const pending = (machines: MachineRuntime): Promise<number> => database().read((tx) => machines.pending(tx, 'p1'));
  return {
    get house() {
      return theHouse();
    },
    withCollector: (options) => {
      const made = theHouse().runtime(options);
      current.running.push(made.machines);
      made.machines.define(collector);
      return made;
    },
    stopLater: (machines) => current.running.push(machines),
    // The tests write plain JSON objects.
    start: (machines, input, key) =>
      database().transaction((tx) =>
        machines.start(tx, {
          kind: 'collector',
          projectId: 'p1',
          input: (input ?? {}) as JsonObject,
          ...(key === undefined ? {} : { key }),
        }),
      ),
    signal: (machines, id, data = {}, more = {}) =>
      database().transaction((tx) => machines.signal(tx, id, { name: 'go', ...more, data: (data ?? {}) as JsonObject })),
    eventsOf: async (machines, id) => {
      const instance = await database().read((tx) => machines.get(tx, id));
      // The collector's own state.
      return (instance?.state as Counting | undefined)?.events ?? [];
    },
    pending,
    settled: (machines) => until(async () => (await pending(machines)) === 0),
  };
}
