import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSlice, type DataSlice } from '#data';
import { columnOf, type Frame, type JsonObject } from '#kernel';
import { auditMigrations, createAuditLog } from '#platform/audit/sql';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { createMemoryLog } from '#platform/log';
import type { Platform } from '#platform/slice';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import type { FeedbackSlice } from './feedback-slice.ts';
import { createFeedbackSlice } from './slice.ts';

const DOCUMENT: JsonObject = {
  gyre: 1,
  project: 'p',
  datasets: {
    arrivals: {
      id: 'flight',
      eventTime: 'left',
      knownTime: 'known',
      columns: { flight: 'text', left: 'time', known: 'time', delay: 'number' },
    },
  },
  endpoints: { late: { model: 'm', features: 'flights', trafficKey: 'flight' } },
  outcomes: { late: { endpoint: 'late', dataset: 'arrivals' } },
};

/** The feedback slice over real adapters and the real data slice; the label is `delay >= 15`, predictions are what a test says. */
export interface FeedbackHouse {
  readonly platform: Platform;
  readonly data: DataSlice;
  readonly feedback: FeedbackSlice;
  readonly log: ReturnType<typeof createMemoryLog>;
  /** Sets what was predicted: entity and moment. */
  predict(rows: readonly { readonly id: string; readonly momentMs: number; readonly shadow?: boolean }[]): void;
  /** Makes the next reading of labels fail this often. */
  failLabels(times: number): void;
  append(
    rows: readonly { readonly flight: string; readonly left: number; readonly known: number; readonly delay: number | null }[],
  ): Promise<void>;
  close(): Promise<void>;
}

export async function aFeedbackHouse(): Promise<FeedbackHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'gyre-feedback-'));
  const database = await openSqlite({ folder: ':memory:' });
  const clock = createManualClock(1_000_000);
  const log = createMemoryLog();
  const events = createEventLog({ database, clock, log });
  const platform: Platform = {
    database,
    blobs: createMemoryBlobs(),
    events,
    audit: createAuditLog({ database, clock, log, keyFolder: join(folder, 'audit') }),
    // Feedback runs no machine and starts no process.
    machines: {} as Platform['machines'],
    compute: {} as Platform['compute'],
    clock,
    ids: createSequentialIds(),
    log,
    failpoint: () => undefined,
    scratchFolder: join(folder, 'scratch'),
  };
  const project: Project = {
    id: 'p',
    name: 'p',
    clock: 'replay',
    document: DOCUMENT,
    documentDigest: 'd',
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
  const projects = { find: () => Promise.resolve(project), businessNowMs: () => Promise.resolve(0) };
  const data = createDataSlice(platform, { projects });
  let predictions: Frame = predictionFrame([]);
  let failures = 0;
  const feedback = createFeedbackSlice(platform, {
    projects,
    data,
    labels: {
      values: ({ frame }) => {
        if (failures > 0) {
          failures -= 1;
          return Promise.reject(new Error('the store hiccups'));
        }
        return Promise.resolve(Float64Array.from(columnOf(frame, 'delay').values, lateness));
      },
    },
    serving: { readPredictions: () => Promise.resolve(predictions) },
  });
  await runMigrations(database, [
    ...eventMigrations,
    ...auditMigrations,
    ...(data.migrations ?? []),
    ...(feedback.migrations ?? []),
  ]);
  for (const consumer of feedback.consumers ?? []) events.addConsumer(consumer);
  await feedback.start?.();
  await events.start();
  return {
    platform,
    data,
    feedback,
    log,
    predict: (rows) => {
      predictions = predictionFrame(rows);
    },
    failLabels: (times) => {
      failures = times;
    },
    append: async (rows) => {
      const columns = {
        flight: rows.map((row) => row.flight),
        left: rows.map((row) => new Date(row.left).toISOString()),
        known: rows.map((row) => new Date(row.known).toISOString()),
        delay: rows.map((row) => row.delay),
      };
      await data.appendRows({ projectId: 'p', dataset: 'arrivals' }, columns);
    },
    close: async () => {
      await feedback.stop?.();
      await events.stop();
      await data.stop?.();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function lateness(delay: number): number {
  return Number.isNaN(delay) ? Number.NaN : Number(delay >= 15);
}

/** Predictions as serving logs them, as far as feedback reads them. */
export function predictionFrame(
  rows: readonly { readonly id: string; readonly momentMs: number; readonly shadow?: boolean }[],
): Frame {
  const levels = [...new Set(rows.map((row) => row.id))];
  return {
    nRows: rows.length,
    columns: [
      { kind: 'levels', name: 'id', values: Int32Array.from(rows, (row) => levels.indexOf(row.id)), levels },
      { kind: 'float64', name: 'moment', values: Float64Array.from(rows, (row) => row.momentMs) },
      { kind: 'float32', name: 'shadow', values: Float32Array.from(rows, (row) => Number(row.shadow ?? false)) },
    ],
  };
}
