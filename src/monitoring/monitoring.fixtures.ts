import { DAY_MS, type Estimate, type JsonObject } from '#kernel';
import type { AuditEntryInput } from '#platform/audit';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds } from '#platform/clock';
import type { EventInput, EventLog } from '#platform/events';
import type { BoundRoute, RouteRequest } from '#platform/http';
import { createMemoryLog } from '#platform/log';
import type { Effect, MachineRuntime } from '#platform/machine';
import { createMachineRuntime, machineMigrations } from '#platform/machine/sql';
import { runMigrations, type SqlTx } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import type { ModelVersion } from '#registry';
import type { Alert, MonitorWindow, WindowSignal } from './monitor-window.ts';
import type { MonitoringSlice } from './monitoring-slice.ts';
import { createThreadNumerics } from './numerics-worker.ts';
import { createMonitoringSlice } from './slice.ts';
import { EVALUATE_KIND, type WindowTask } from './watch-machine.ts';
import { aServedModel, aWorld, type ServedModel, START_MS, type Weather } from './world.fixtures.ts';

/** A store with machines, a project and a world of predictions. */
export interface MonitorBench {
  readonly monitoring: MonitoringSlice;
  readonly told: readonly EventInput[];
  readonly audited: readonly AuditEntryInput[];
  /** Windows that serving was asked for. */
  readonly reads: readonly number[];
  readonly projectId: string;
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  write<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Says what happens on days from the start; the last entry goes on. */
  setWeather(weatherOfDay: (day: number) => Weather): void;
  /** Applies a project file, of which only some keys matter here. */
  apply(parts?: JsonObject): Promise<void>;
  /** Moves the business clock to so many days after the start and waits until nothing moves. */
  advanceTo(days: number): Promise<void>;
  /** Ends the machines as a crash does and starts others on the same store. */
  restart(): Promise<void>;
  /** Evaluates a window by hand, as a repeated attempt of an effect would. */
  evaluate(task: WindowTask): Promise<JsonObject>;
  windows(): Promise<readonly MonitorWindow[]>;
  alerts(): Promise<readonly Alert[]>;
  /** Calls a route by the id of its contract and gives the body of the answer. */
  call(id: string, request: { readonly params: object; readonly query?: object }): Promise<unknown>;
  close(): Promise<void>;
}

/** The monitor of the tests, as the project file writes it. */
export const A_MONITOR: JsonObject = {
  endpoint: 'churn',
  minimumRows: 100,
  performance: { objective: 'retention' },
};

/** A project with one endpoint, one outcome feed and one monitor. */
export function aProject(parts: JsonObject = {}): Project {
  return {
    id: 'p1',
    name: 'p1',
    clock: 'replay',
    document: {
      objectives: { retention: { metric: 'roc_auc', target: 0.65 } },
      endpoints: { churn: { model: 'churn' } },
      outcomes: { churned: { endpoint: 'churn', dataset: 'ends' } },
      monitors: { weekly: A_MONITOR },
      ...parts,
    },
    documentDigest: `sha256:${'0'.repeat(64)}`,
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}

/** An estimate by its interval, the value in the middle. */
export function anEstimate(low: number, high: number, parts: Partial<Estimate> = {}): Estimate {
  return { value: (low + high) / 2, low, high, level: 0.95, n: 5000, method: 'day-jackknife-t(7 days)', ...parts };
}

/** A passing performance signal. */
export function aSignal(parts: Partial<WindowSignal> = {}): WindowSignal {
  return {
    kind: 'performance',
    subject: 'roc_auc',
    method: 'day-jackknife-t(7 days)',
    value: anEstimate(0.66, 0.68),
    threshold: 0.62,
    verdict: 'pass',
    text: 'roc_auc 0.67 ± 0.01 ≥ 0.62 in the week to 2001-03-15, 96 % of outcomes in',
    ...parts,
  };
}

/** A window of the second week. */
export function aWindow(parts: Partial<MonitorWindow> = {}): MonitorWindow {
  return {
    id: 'w',
    projectId: 'p1',
    monitor: 'weekly',
    endpoint: 'churn',
    fromMs: START_MS + 7 * DAY_MS,
    toMs: START_MS + 14 * DAY_MS,
    evaluatedAtMs: START_MS + 15 * DAY_MS,
    predictions: 5000,
    coverage: { expected: 5000, arrived: 4800, ratio: 0.96, mature: true },
    signals: [aSignal()],
    verdict: 'pass',
    ...parts,
  };
}

/** A firing alert. */
export function anAlert(parts: Partial<Alert> = {}): Alert {
  return {
    id: 'a',
    projectId: 'p1',
    number: 1,
    monitor: 'weekly',
    endpoint: 'churn',
    subject: 'drift:x',
    state: 'firing',
    reason: 'x: PSI 0.4 ± 0.1 ≥ 0.25 in the week to 2001-03-15',
    value: anEstimate(0.3, 0.5),
    threshold: 0.25,
    windowId: 'w',
    firedAtMs: START_MS + 14 * DAY_MS,
    resolvedAtMs: undefined,
    ...parts,
  };
}

function aVersion(served: ServedModel): ModelVersion {
  return {
    id: 'v',
    projectId: 'p1',
    modelId: 'm',
    model: 'churn',
    number: 1,
    digest: served.digest,
    runId: 'r',
    evaluationId: undefined,
    frameDigest: served.frameDigest,
    datasets: [],
    files: [{ path: 'model.json', digest: served.digest, sizeBytes: 1 }],
    aliases: ['champion'],
    createdAtMs: 0,
  };
}

/** One thread for all tests of a file. */
const numerics = createThreadNumerics();
/** Content is its own name, so tests do not disturb each other. */
const blobs = createMemoryBlobs();

/** Opens monitoring on a store in memory. */
export async function openMonitoring(): Promise<MonitorBench> {
  const database = await openSqlite({ folder: ':memory:' });
  const [clock, ids] = [createManualClock(1_000_000), createSequentialIds()];
  const [told, audited]: [EventInput[], AuditEntryInput[]] = [[], []];
  const served = aServedModel();
  await blobs.put(served.modelBytes);
  await blobs.put(served.frameBytes);
  const world = aWorld(served);
  const state = { project: aProject(), nowMs: START_MS };
  const openMachines = (): MachineRuntime =>
    createMachineRuntime({
      database,
      clock,
      ids,
      businessNowMs: async () => state.nowMs,
      log: createMemoryLog(),
      ownerId: ids.next(),
    });
  let machines = openMachines();
  const forwarded: MachineRuntime = {
    ...machines,
    start: (tx, request) => machines.start(tx, request),
    signal: (tx, id, signal) => machines.signal(tx, id, signal),
    list: (tx, query) => machines.list(tx, query),
  };
  const events: EventLog = {
    append: (_tx, event) => Promise.resolve(told.push(event)),
    readAfter: () => Promise.resolve([]),
    lastPosition: () => Promise.resolve(told.length),
    addConsumer: () => undefined,
    onAppended: () => () => undefined,
    start: () => Promise.resolve(),
    settled: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const audit = {
    append: (_tx: SqlTx, entry: AuditEntryInput) => Promise.resolve(audited.push(entry)),
    read: () => Promise.resolve([]),
    checkpoint: () => Promise.reject(new Error('not here')),
    verify: () => Promise.reject(new Error('not here')),
  };
  const monitoring = createMonitoringSlice(
    { database, blobs, clock, ids, events, audit, machines: forwarded, failpoint: () => undefined },
    {
      projects: { find: async () => state.project, businessNowMs: async () => state.nowMs },
      registry: { listVersions: async () => ({ items: [aVersion(served)] }) },
      serving: world.serving,
      feedback: world.feedback,
    },
    numerics,
  );
  await runMigrations(database, [...machineMigrations, ...(monitoring.migrations ?? [])]);
  const run = async (): Promise<void> => {
    monitoring.defineMachines?.(machines);
    for (const [kind, handler] of Object.entries(monitoring.effects ?? {})) machines.handleEffect(kind, handler);
    await machines.startRunning();
  };
  await run();
  return {
    monitoring,
    told,
    audited,
    reads: world.reads,
    projectId: 'p1',
    read: (work) => database.read(work),
    write: (work) => database.transaction(work),
    setWeather: (weatherOfDay) => {
      world.state.weatherOfDay = weatherOfDay;
    },
    apply: async (parts = {}) => {
      state.project = aProject(parts);
      const [consumer] = monitoring.consumers ?? [];
      await database.transaction(async (tx) => consumer?.handle(tx, anApplied()));
    },
    advanceTo: async (days) => {
      state.nowMs = START_MS + days * DAY_MS;
      machines.wake();
      await untilQuiet(() => database.read((tx) => machines.pending(tx, 'p1')));
    },
    restart: async () => {
      await machines.stop(0);
      machines = openMachines();
      await run();
    },
    evaluate: async (task) => {
      const handler = monitoring.effects?.[EVALUATE_KIND];
      return handler?.(anEffect(task)) ?? {};
    },
    windows: () => database.read((tx) => monitoring.windows(tx, { projectId: 'p1', limit: 100 })),
    alerts: () => database.read((tx) => monitoring.alerts(tx, { projectId: 'p1', limit: 100 })),
    call: (id, request) => callRoute(monitoring.routes ?? [], id, request),
    close: async () => {
      await machines.stop(1000);
      await database.close();
    },
  };
}

function anEffect(task: WindowTask): Effect {
  return {
    instanceId: 'i',
    projectId: 'p1',
    step: 'again',
    attempt: 2,
    key: 'i/again/2',
    input: task,
    signal: new AbortController().signal,
    guard: () => Promise.resolve(),
  };
}

function anApplied() {
  const entity = { entity: 'project', entityId: 'p1', entityVersion: 1 };
  return { topic: 'projects.applied', projectId: 'p1', ...entity, position: 1, atMs: 0 };
}

async function untilQuiet(pending: () => Promise<number>): Promise<void> {
  for (let i = 0; i < 3000; i += 1) {
    if ((await pending()) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  throw new Error('the machines did not come to rest in time');
}

async function callRoute(
  routes: readonly BoundRoute[],
  id: string,
  request: { readonly params: object; readonly query?: object },
): Promise<unknown> {
  const route = routes.find((candidate) => candidate.contract.id === id);
  if (route === undefined) throw new Error(`no route ${id}`);
  const call: RouteRequest<unknown, unknown, unknown> = {
    params: request.params,
    query: request.query ?? {},
    body: null,
    caller: { principal: 'tester', displayName: 'Tester' },
    requestId: 'request',
    signal: new AbortController().signal,
    bytes: noBytes(),
    headers: {},
  };
  return (await route.handle(call)).body;
}

async function* noBytes(): AsyncIterable<Uint8Array> {
  // A request without a body.
}
