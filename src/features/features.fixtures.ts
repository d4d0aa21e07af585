import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSlice, type DataSlice } from '#data';
import type { JsonObject } from '#kernel';
import { auditMigrations, createAuditLog } from '#platform/audit/sql';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createMemoryLog } from '#platform/log';
import type { Platform } from '#platform/slice';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import { createFeaturesSlice, type FeaturesSlice } from './slice.ts';

/** Datasets and feature views over real adapters; the business clock is set by hand. */
export interface FeatureHouse {
  readonly project: Project;
  readonly data: DataSlice;
  readonly features: FeaturesSlice;
  /** Sets business time. */
  setNow(nowMs: number): void;
  /** A features slice that knows nothing but the store. */
  restarted(): FeaturesSlice;
  close(): Promise<void>;
}

/** Builds a house whose project `p` has the given document. */
export async function aFeatureHouse(document: {
  readonly datasets: JsonObject;
  readonly features: JsonObject;
}): Promise<FeatureHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'gyre-features-'));
  const database = await openSqlite({ folder: ':memory:' });
  const clock = createManualClock(1_000_000);
  const log = createMemoryLog();
  const unused = (): never => {
    throw new Error('not a part of this house');
  };
  const project: Project = {
    id: 'p',
    name: 'p',
    clock: 'replay',
    document: { gyre: 1, project: 'p', ...document },
    documentDigest: 'one',
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
  let nowMs = 0;
  const projects = { find: async () => project, businessNowMs: async () => nowMs };
  const platform: Platform = {
    database,
    blobs: createMemoryBlobs(),
    events: createEventLog({ database, clock, log }),
    audit: createAuditLog({ database, clock, log, keyFolder: join(folder, 'audit') }),
    // Neither is used by datasets and features.
    machines: new Proxy({}, { get: unused }) as Platform['machines'],
    compute: new Proxy({}, { get: unused }) as Platform['compute'],
    clock,
    ids: createSequentialIds(),
    log,
    failpoint: () => undefined,
    scratchFolder: join(folder, 'scratch'),
  };
  const data = createDataSlice(platform, { projects });
  const features = createFeaturesSlice(platform, { projects, data });
  await runMigrations(database, [
    ...eventMigrations,
    ...auditMigrations,
    ...(data.migrations ?? []),
    ...(features.migrations ?? []),
  ]);
  return {
    project,
    data,
    features,
    setNow: (next) => {
      nowMs = next;
    },
    restarted: () => createFeaturesSlice(platform, { projects, data }),
    close: async () => {
      await features.stop?.();
      await data.stop?.();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
