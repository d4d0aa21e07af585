import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GyreError, type JsonObject } from '#kernel';
import { auditMigrations, createAuditLog } from '#platform/audit/sql';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createMemoryLog } from '#platform/log';
import type { Platform } from '#platform/slice';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import { createDataSlice, type DataSlice } from './slice.ts';

/** Business time of every house: a week after 1970. */
const BUSINESS_NOW_MS = 7 * 86_400_000;

/** A data slice over real adapters: SQLite and blobs in memory, DuckDB in its worker. */
export interface DataHouse {
  readonly platform: Platform;
  readonly data: DataSlice;
  /** Log lines so far. */
  readonly log: ReturnType<typeof createMemoryLog>;
  /** Project `p` with other datasets from now on. */
  declare(datasets: JsonObject): void;
  /** The same store and blobs under a slice that starts afresh. */
  restart(): Promise<DataSlice>;
  close(): Promise<void>;
}

/** Builds a house whose project `p` declares the given datasets. */
export async function aDataHouse(datasets: JsonObject): Promise<DataHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'gyre-data-'));
  const database = await openSqlite({ folder: ':memory:' });
  const clock = createManualClock(1_000_000);
  const ids = createSequentialIds();
  const log = createMemoryLog();
  const events = createEventLog({ database, clock, log });
  const unused = (): never => {
    throw new Error('not a part of this house');
  };
  let project = aProject(datasets);
  const projects = {
    find: async (_tx: unknown, nameOrId: string): Promise<Project> => {
      if (nameOrId === project.id || nameOrId === project.name) return project;
      throw new GyreError({ kind: 'not-found', code: 'projects/not-found', message: `no project ${nameOrId}` });
    },
    businessNowMs: async () => BUSINESS_NOW_MS,
  };
  const platform: Platform = {
    database,
    blobs: createMemoryBlobs(),
    events,
    audit: createAuditLog({ database, clock, log, keyFolder: join(folder, 'audit') }),
    // Neither is used by datasets.
    machines: new Proxy({}, { get: unused }) as Platform['machines'],
    compute: new Proxy({}, { get: unused }) as Platform['compute'],
    clock,
    ids,
    log,
    failpoint: () => undefined,
    scratchFolder: join(folder, 'scratch'),
  };
  let data = createDataSlice(platform, { projects });
  await runMigrations(database, [...eventMigrations, ...auditMigrations, ...(data.migrations ?? [])]);
  return {
    platform,
    get data() {
      return data;
    },
    log,
    declare: (next) => {
      project = aProject(next);
    },
    restart: async () => {
      await data.stop?.();
      data = createDataSlice(platform, { projects });
      return data;
    },
    close: async () => {
      await data.stop?.();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function aProject(datasets: JsonObject): Project {
  return {
    id: 'p',
    name: 'p',
    clock: 'wall',
    document: { gyre: 1, project: 'p', datasets },
    documentDigest: JSON.stringify(datasets),
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}

/** Bytes as an upload brings them. */
export async function* bytesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536);
}
