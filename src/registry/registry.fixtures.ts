import type { Digest } from '#kernel';
import type { AuditEntryInput } from '#platform/audit';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds, type ManualClock } from '#platform/clock';
import { digestOfBytes } from '#platform/digest';
import type { EventInput } from '#platform/events';
import type { RouteAnswer, RouteRequest } from '#platform/http';
import { runMigrations, type SqlDatabase, type SqlTx } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import type { VersionFile, VersionRegistration } from './model-version.ts';
import type { RegistrySlice } from './registry.ts';
import { createRegistrySlice } from './slice.ts';

/** A registry on a store of its own, with all that it told and audited. */
export interface RegistryBench {
  readonly database: SqlDatabase;
  readonly registry: RegistrySlice;
  readonly clock: ManualClock;
  readonly told: readonly EventInput[];
  readonly audited: readonly AuditEntryInput[];
  write<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Calls a route by the id of its contract. */
  call(id: string, request: RouteCall): Promise<RouteAnswer<unknown>>;
  close(): Promise<void>;
}

/** What a test says of a call. */
export interface RouteCall {
  readonly params: object;
  readonly query?: object;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a registry on a store in memory; business time is 1,000 s ahead of the wall. */
export async function openRegistry(): Promise<RegistryBench> {
  const database = await openSqlite({ folder: ':memory:' });
  const clock = createManualClock(1_000_000);
  const blobs = createMemoryBlobs();
  for (const word of ['model.json', 'model.onnx']) await blobs.put(new TextEncoder().encode(word));
  const told: EventInput[] = [];
  const audited: AuditEntryInput[] = [];
  const projects = {
    find: (_tx: SqlTx, name: string) => Promise.resolve(aProject(name)),
    businessNowMs: () => Promise.resolve(clock.nowMs() + 1_000_000),
  };
  const platform = {
    database,
    clock,
    ids: createSequentialIds(),
    blobs,
    events: { append: (_tx: SqlTx, event: EventInput) => Promise.resolve(told.push(event)) },
    audit: { append: (_tx: SqlTx, entry: AuditEntryInput) => Promise.resolve(audited.push(entry)) },
  };
  const registry = createRegistrySlice(platform, { projects });
  await runMigrations(database, registry.migrations ?? []);
  return {
    database,
    registry,
    clock,
    told,
    audited,
    write: (work) => database.transaction(work),
    read: (work) => database.read(work),
    call: (id, request) => callRoute(registry, id, request),
    close: () => database.close(),
  };
}

/** A digest of its own for each word. */
export function digestOf(word: string): Digest {
  return digestOfBytes(word);
}

/** A file whose bytes are the words of its path. */
export function aFile(path = 'model.json', word = path): VersionFile {
  return { path, digest: digestOf(word), sizeBytes: word.length };
}

/** What registers a plain version. */
export function aRegistration(parts: Partial<VersionRegistration> = {}): VersionRegistration {
  return {
    projectId: 'p1',
    model: 'churn',
    digest: digestOf('model'),
    runId: 'run-1',
    files: [aFile()],
    actor: 'service:pipeline',
    ...parts,
  };
}

async function* chunksOf(word: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(word);
}

async function callRoute(registry: RegistrySlice, id: string, request: RouteCall): Promise<RouteAnswer<unknown>> {
  const route = registry.routes?.find((candidate) => candidate.contract.id === id);
  if (route === undefined) throw new Error(`no route ${id}`);
  const call: RouteRequest<unknown, unknown, unknown> = {
    params: request.params,
    query: request.query ?? {},
    body: request.body ?? null,
    caller: { principal: 'ann', displayName: 'Ann' },
    requestId: 'request-1',
    signal: new AbortController().signal,
    bytes: chunksOf(''),
    headers: request.headers ?? {},
  };
  return route.handle(call);
}

function aProject(name: string): Project {
  const document = { models: { churn: { description: 'Who leaves' } } };
  return {
    id: name,
    name,
    clock: 'replay',
    document,
    documentDigest: digestOf('document'),
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}
