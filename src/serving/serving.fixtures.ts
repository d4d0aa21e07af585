import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Digest, GyreError, type JsonObject } from '#kernel';
import { auditMigrations, createAuditLog } from '#platform/audit/sql';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { systemClock } from '#platform/clock/system';
import { digestOfBytes } from '#platform/digest';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createHttpHost, idempotencyMigration, markIdempotencyKeys } from '#platform/http/fastify';
import { createMemoryLog } from '#platform/log';
import { createMachineRuntime, machineMigrations } from '#platform/machine/sql';
import type { Platform } from '#platform/slice';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import { encodeModel, type Model } from '#training';
import type { DataPlane, DataPlanePorts } from './data-plane-service.ts';
import { createDataPlane } from './data-plane-service.ts';
import type { FeatureLookup } from './feature-lookup.ts';
import type { LoadedModel, ModelRuntime } from './model-runtime.ts';
import type { PredictionSegment } from './prediction-log-service.ts';
import { loadCompiledModel } from './runtimes/compiled-runtime.ts';
import type { ServingSlice } from './serving-slice.ts';
import type { DeploymentSnapshot, EndpointSnapshot } from './serving-snapshot.ts';
import { createServingSlice } from './slice.ts';

/** A logistic model over the number `age` and the category `colour`: intercept + age − 1 for "blue", + 0 for others. */
export function aModel(intercept = 0): Model {
  return {
    format: 'gyre-model',
    version: 1,
    kind: 'logistic',
    task: 'binary',
    features: [
      { name: 'age', kind: 'number' },
      { name: 'colour', kind: 'category' },
    ],
    encoders: [{ feature: 1, levels: ['blue', 'red'], values: [1, 0], missing: 0, unseen: 0 }],
    terms: { intercept, centers: [0, 0], slopes: [1, -1], missing: [0, 0] },
  };
}

/** A logistic model that sums its numbers `x0`, `x1`, … */
export function aSumModel(nInputs: number): Model {
  const each = (value: number): number[] => Array.from({ length: nInputs }, () => value);
  return {
    format: 'gyre-model',
    version: 1,
    kind: 'logistic',
    task: 'binary',
    features: each(0).map((_, place) => ({ name: `x${String(place)}`, kind: 'number' as const })),
    encoders: [],
    terms: { intercept: 0, centers: each(0), slopes: each(1), missing: each(0) },
  };
}

/** What a logistic model says for a sum. */
export function logistic(sum: number): number {
  return 1 / (1 + Math.exp(-sum));
}

/** A model in memory with the digest of its bytes. */
export function loaded(model: Model): LoadedModel {
  const bytes = encodeModel(model);
  return loadCompiledModel(bytes, digestOfBytes(bytes));
}

/** A runtime over models in memory; an unknown digest is refused as a missing blob is. */
export function aRuntime(models: readonly LoadedModel[]): ModelRuntime {
  return {
    load: (digest) => {
      const model = models.find((candidate) => candidate.digest === digest);
      if (model !== undefined) return Promise.resolve(model);
      return Promise.reject(new GyreError({ kind: 'not-found', code: 'blobs/not-found', message: `no blob ${digest}` }));
    },
  };
}

/** No feature views at all. */
export const NO_FEATURES: FeatureLookup = {
  open: ({ view }) => Promise.reject(new GyreError({ kind: 'not-found', code: 'features/no-view', message: `no view ${view}` })),
};

export function aDeployment(model: { readonly digest: Digest }, more: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return { name: 'v1', model: 'm', version: 1, modelDigest: model.digest, weight: 100, shadow: false, ...more };
}

export function anEndpoint(deployments: readonly DeploymentSnapshot[], more: Partial<EndpointSnapshot> = {}): EndpointSnapshot {
  return {
    endpoint: 'people',
    projectId: 'p',
    revision: 1,
    view: undefined,
    trafficKey: undefined,
    log: true,
    deployments,
    ...more,
  };
}

/** A data plane behind a real HTTP server. */
export interface PlaneHouse {
  readonly plane: DataPlane;
  readonly url: string;
  readonly segments: PredictionSegment[];
  readonly log: ReturnType<typeof createMemoryLog>;
  close(): Promise<void>;
}

export async function aPlaneHouse(parts: Partial<DataPlanePorts>): Promise<PlaneHouse> {
  const segments: PredictionSegment[] = [];
  const log = createMemoryLog();
  const plane = createDataPlane({
    runtime: aRuntime([]),
    features: NO_FEATURES,
    clock: systemClock(),
    ids: createSequentialIds(),
    log,
    businessNowMs: () => 5000,
    sink: (more) => {
      segments.push(...more);
      return Promise.resolve();
    },
    version: '0.0.0',
    ...parts,
  });
  const server = createServer((request, response) => {
    if (!plane.handle(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    plane,
    url: `http://127.0.0.1:${String(port)}`,
    segments,
    log,
    close: async () => {
      await plane.drain();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An answer with its body as JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts text or a JSON value. */
export async function post(url: string, body: unknown): Promise<JsonAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json' } });
  return { status: response.status, body: (await response.json()) as JsonAnswer['body'] };
}

export async function get(url: string): Promise<JsonAnswer> {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as JsonAnswer['body'] };
}

/** Scores of an answer of the inference protocol. */
export function scoresOf(answer: JsonAnswer): readonly number[] {
  const outputs = answer.body['outputs'] as readonly { readonly data: readonly number[] }[];
  return outputs[0]?.data ?? [];
}

/** The whole slice over real adapters: SQLite and blobs in memory. */
export interface ServingHouse {
  readonly platform: Platform;
  readonly slice: ServingSlice;
  readonly url: string;
  /** Moves the business clock of the project. */
  advance(durationMs: number): void;
  /** Waits until something is so. */
  until(isSo: () => Promise<boolean> | boolean): Promise<void>;
  close(): Promise<void>;
}

/** Builds a house whose project `p` declares the given endpoints, and whose model `m` has these versions, from 1. */
export async function aServingHouse(endpoints: JsonObject, versions: readonly LoadedModel[]): Promise<ServingHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'gyre-serving-'));
  const opened = await openSqlite({ folder: ':memory:' });
  const database = markIdempotencyKeys(opened);
  const clock = systemClock();
  const business = createManualClock(1_000_000);
  const ids = createSequentialIds();
  const log = createMemoryLog();
  const events = createEventLog({ database, clock, log });
  const machines = createMachineRuntime({
    database,
    clock,
    ids,
    log,
    ownerId: 'test',
    businessNowMs: () => Promise.resolve(business.nowMs()),
  });
  const platform: Platform = {
    database,
    blobs: createMemoryBlobs(),
    events,
    audit: createAuditLog({ database, clock, log, keyFolder: join(folder, 'audit') }),
    machines,
    // Serving starts no process.
    compute: {} as Platform['compute'],
    clock,
    ids,
    log,
    failpoint: () => undefined,
    scratchFolder: folder,
  };
  const project: Project = {
    id: 'p',
    name: 'p',
    clock: 'replay',
    document: { gyre: 1, project: 'p', endpoints },
    documentDigest: 'd',
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
  const slice = createServingSlice(platform, {
    projects: {
      find: () => Promise.resolve(project),
      businessNowMs: () => Promise.resolve(business.nowMs()),
    },
    versions: {
      find: (_tx, { version }) => {
        const model = versions[version - 1];
        if (model !== undefined) return Promise.resolve({ version, modelDigest: model.digest });
        return Promise.reject(
          new GyreError({ kind: 'not-found', code: 'registry/no-version', message: `no version ${String(version)}` }),
        );
      },
    },
    runtime: aRuntime(versions),
    features: NO_FEATURES,
    programVersion: '0.0.0',
  });
  await runMigrations(database, [
    idempotencyMigration,
    ...eventMigrations,
    ...machineMigrations,
    ...auditMigrations,
    ...(slice.migrations ?? []),
  ]);
  slice.defineMachines?.(machines);
  for (const [kind, handler] of Object.entries(slice.effects ?? {})) machines.handleEffect(kind, handler);
  for (const consumer of slice.consumers ?? []) events.addConsumer(consumer);
  await slice.start?.();
  await events.start();
  await machines.startRunning();
  const host = await createHttpHost({
    routes: slice.routes ?? [],
    authenticate: () => Promise.resolve({ principal: 'ann', displayName: 'Ann' }),
    authorize: () => Promise.resolve({ allowed: true }),
    database,
    clock,
    ids,
    log,
    allowedHosts: ['127.0.0.1'],
    dataPlane: slice.plane.handle,
    version: '0.0.0',
    checksAnswers: true,
  });
  const url = await host.listen({ host: '127.0.0.1', port: 0 });
  return {
    platform,
    slice,
    url,
    advance: (durationMs) => {
      business.advance(durationMs);
      machines.wake();
    },
    until: async (isSo) => {
      for (let time = 0; time < 800; time += 1) {
        if (await isSo()) return;
        await delay(10);
      }
      throw new Error(`it did not become so in time; the log: ${JSON.stringify(log.lines.slice(-5))}`);
    },
    close: async () => {
      await host.close(1000);
      await machines.stop(1000);
      await slice.stop?.();
      await events.stop();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
