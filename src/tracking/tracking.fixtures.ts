import { createManualClock, createSequentialIds, type ManualClock } from '#platform/clock';
import type { EventInput } from '#platform/events';
import type { BoundRoute, RouteRequest } from '#platform/http';
import { runMigrations, type SqlTx } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import type { RunStart } from './run.ts';
import { createTrackingSlice } from './slice.ts';
import type { TrackingSlice } from './tracking.ts';

/** Tracking on a store of its own, with all events that it told. */
export interface TrackingBench {
  readonly tracking: TrackingSlice;
  readonly clock: ManualClock;
  readonly told: readonly EventInput[];
  write<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Calls a route by the id of its contract and gives the body of the answer. */
  call(id: string, request: { readonly params: object; readonly query?: object }): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens tracking on a store in memory with the project `p1`. */
export async function openTracking(): Promise<TrackingBench> {
  const database = await openSqlite({ folder: ':memory:' });
  const clock = createManualClock(1_000_000);
  const told: EventInput[] = [];
  const events = { append: (_tx: SqlTx, event: EventInput) => Promise.resolve(told.push(event)) };
  const projects = { find: (_tx: SqlTx, name: string) => Promise.resolve(aProject(name)) };
  const tracking = createTrackingSlice({ database, clock, events, ids: createSequentialIds() }, { projects });
  await runMigrations(database, tracking.migrations ?? []);
  return {
    tracking,
    clock,
    told,
    write: (work) => database.transaction(work),
    read: (work) => database.read(work),
    call: (id, request) => callRoute(tracking.routes ?? [], id, request),
    close: () => database.close(),
  };
}

/** What starts a plain run. */
export function aStart(parts: Partial<RunStart> = {}): RunStart {
  return { projectId: 'p1', experiment: 'churn', kind: 'trial', ...parts };
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

function aProject(name: string): Project {
  return {
    id: name,
    name,
    clock: 'wall',
    document: {},
    documentDigest: `sha256:${'0'.repeat(64)}`,
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}
