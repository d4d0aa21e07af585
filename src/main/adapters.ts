import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditMigrations, createAuditLog } from '#platform/audit/sql';
import { openBlobFolder } from '#platform/blobs/folder';
import { randomIds, systemClock } from '#platform/clock/system';
import { createProcessPool } from '#platform/compute/process';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createFailpoints, type Failpoints } from '#platform/failpoint';
import { markIdempotencyKeys } from '#platform/http/fastify';
import type { LogLevel } from '#platform/log';
import { createJsonLog } from '#platform/log/stdout';
import { createMachineRuntime, machineMigrations } from '#platform/machine/sql';
import type { Platform } from '#platform/slice';
import type { Migration, SqlDatabase, SqlTx } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { lockStore, type StoreLayout, storeLayout } from '#platform/store';
import { ALL_FAILPOINTS } from './failpoints.ts';
import { explainFolder } from './unusable-folder.ts';

/** What the adapters of a server are opened from. */
export interface AdapterOptions {
  /** Folder of the store, or `:memory:`. */
  readonly dataFolder: string;
  readonly logLevel: LogLevel;
}

/** The ports, bound to what this process runs on. */
export interface Adapters {
  readonly platform: Platform;
  readonly migrations: readonly Migration[];
  readonly dataFolder: string;
  /** Tells the machines whose business time a project lives in: known when the slices are made. */
  bindBusinessTime(businessNowMs: (tx: SqlTx, projectId: string) => Promise<number>): void;
  /** Writes where the server answers. */
  publish(url: string): void;
  /** Closes the store and gives the folder back. */
  close(): Promise<void>;
}

/** A folder that belongs to this process. */
interface Place {
  readonly layout: StoreLayout;
  readonly databaseFolder: string;
  publish(url: string): void;
  release(): void;
}

/** Locks the folder, then opens what lies in it. Throws what `lockStore` and `openSqlite` throw, with the folder given back. */
export async function openAdapters({ dataFolder, logLevel }: AdapterOptions): Promise<Adapters> {
  let place: Place | undefined;
  try {
    place = dataFolder === ':memory:' ? temporaryPlace() : lockedPlace(dataFolder, systemClock().nowMs());
    return await openIn(place, logLevel);
  } catch (error) {
    place?.release();
    throw explainFolder(error, dataFolder);
  }
}

async function openIn(place: Place, logLevel: LogLevel): Promise<Adapters> {
  const { layout } = place;
  const clock = systemClock();
  const ids = randomIds(clock);
  const log = createJsonLog({ level: logLevel, clock });
  const failpoints = crashpoints();
  const scratchFolder = freshFolder(join(layout.run, 'scratch'));
  const opened = await openSqlite({ folder: place.databaseFolder, failpoints });
  const database = markIdempotencyKeys(opened);
  const business: { nowMs: (tx: SqlTx, projectId: string) => Promise<number> } = { nowMs: async () => clock.nowMs() };
  const machines = createMachineRuntime({
    database,
    clock,
    ids,
    log,
    failpoints,
    ownerId: ids.next(),
    businessNowMs: async (tx, projectId) => await business.nowMs(tx, projectId),
  });
  const platform: Platform = {
    database,
    blobs: await openBlobFolder(layout.blobs, { failpoints, nowMs: clock.nowMs() }),
    events: createEventLog({ database, clock, log, failpoints }),
    audit: createAuditLog({ database, clock, log, keyFolder: layout.audit, failpoints }),
    machines,
    compute: createProcessPool({ slots: availableParallelism(), log, environment: process.env, scratchFolder }),
    clock,
    ids,
    log,
    failpoint: (name) => void failpoints.hit(name),
    scratchFolder,
  };
  return {
    platform,
    migrations: [...eventMigrations, ...machineMigrations, ...auditMigrations],
    dataFolder: layout.root,
    bindBusinessTime: (businessNowMs) => {
      business.nowMs = businessNowMs;
    },
    publish: place.publish,
    close: async () => {
      await closeStore(opened);
      rmSync(scratchFolder, { recursive: true, force: true });
      place.release();
    },
  };
}

async function closeStore(database: SqlDatabase): Promise<void> {
  await database.close();
}

function lockedPlace(dataFolder: string, nowMs: number): Place {
  const lock = lockStore(dataFolder, { pid: process.pid, nowMs });
  return {
    layout: lock.layout,
    databaseFolder: lock.layout.database,
    publish: (url) => lock.publish({ url, port: Number(new URL(url).port) }),
    release: lock.release,
  };
}

/** A place that leaves nothing behind. */
function temporaryPlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'gyre-'));
  const layout = storeLayout(root);
  for (const folder of [layout.audit, layout.blobs, layout.run]) mkdirSync(folder, { recursive: true });
  return {
    layout,
    databaseFolder: ':memory:',
    publish: () => undefined,
    release: () => rmSync(root, { recursive: true, force: true }),
  };
}

function freshFolder(path: string): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

/** For crash tests: `GYRE_FAILPOINT=sql/after-commit:3` ends this process at the third commit, as a kill would. */
function crashpoints(): Failpoints {
  return createFailpoints({
    spec: process.env['GYRE_FAILPOINT'],
    known: ALL_FAILPOINTS,
    crash: () => process.kill(process.pid, 'SIGKILL'),
  });
}
