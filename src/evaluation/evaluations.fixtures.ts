import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type Estimate, encodeFrame } from '#kernel';
import type { AuditEntryInput } from '#platform/audit';
import type { BlobStore } from '#platform/blobs';
import { createMemoryBlobs } from '#platform/blobs/memory';
import { createManualClock, createSequentialIds } from '#platform/clock';
import type { ComputeJob, ComputeOutcome, ComputePool } from '#platform/compute';
import { digestOfBytes } from '#platform/digest';
import type { EventInput } from '#platform/events';
import type { RouteRequest } from '#platform/http';
import { runMigrations, type SqlTx } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { Project } from '#projects';
import { encodeModel, type Model } from '#training';
import { aFrame } from './evaluation.fixtures.ts';
import type { EvaluationRequest, EvaluationSlice } from './evaluations.ts';
import { createEvaluationSlice } from './slice.ts';

/** Evaluation on a store of its own, with child processes that really run. */
export interface EvaluationBench {
  readonly evaluation: EvaluationSlice;
  readonly blobs: BlobStore;
  readonly told: readonly EventInput[];
  readonly audited: readonly AuditEntryInput[];
  /** Estimates that runs were given. */
  readonly logged: Readonly<Record<string, Estimate>>;
  /** How many child processes were started. */
  started(): number;
  write<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  call(id: string, request: { readonly params: object; readonly query?: object }): Promise<unknown>;
  close(): Promise<void>;
}

/** Business time in the tests. */
export const BUSINESS_NOW_MS = 500 * DAY_MS;

/** Opens evaluation on a store in memory. */
export async function openEvaluation(): Promise<EvaluationBench> {
  const database = await openSqlite({ folder: ':memory:' });
  const scratchFolder = await mkdtemp(join(tmpdir(), 'gyre-evaluation-'));
  const blobs = createMemoryBlobs();
  const told: EventInput[] = [];
  const audited: AuditEntryInput[] = [];
  const logged: Record<string, Estimate> = {};
  const compute = aComputePool();
  const evaluation = createEvaluationSlice(
    {
      database,
      blobs,
      compute,
      scratchFolder,
      failpoint: () => undefined,
      clock: createManualClock(5000),
      ids: createSequentialIds(),
      events: { append: (_tx: SqlTx, event: EventInput) => Promise.resolve(told.push(event)) },
      audit: { append: (_tx: SqlTx, entry: AuditEntryInput) => Promise.resolve(audited.push(entry)) },
    },
    {
      projects: {
        find: () => Promise.resolve(aProject()),
        businessNowMs: () => Promise.resolve(BUSINESS_NOW_MS),
      },
      tracking: {
        logEstimates: (_tx, runId, estimates) => {
          for (const [name, estimate] of Object.entries(estimates)) logged[`${runId}.${name}`] = estimate;
          return Promise.resolve();
        },
      },
    },
  );
  await runMigrations(database, evaluation.migrations ?? []);
  return {
    evaluation,
    blobs,
    told,
    audited,
    logged,
    started: () => compute.started(),
    write: (work) => database.transaction(work),
    read: (work) => database.read(work),
    call: (id, request) => callRoute(evaluation, id, request),
    close: async () => {
      await database.close();
      await rm(scratchFolder, { recursive: true, force: true });
    },
  };
}

/** A model that gives every row the same probability. */
export function aPrior(value: number): Model {
  return { format: 'gyre-model', version: 1, kind: 'prior', task: 'binary', features: [], encoders: [], value };
}

/** A logistic model of one number column, rising with it by a slope. */
export function aLogistic(column: string, slope: number): Model {
  return {
    format: 'gyre-model',
    version: 1,
    kind: 'logistic',
    task: 'binary',
    features: [{ name: column, kind: 'number' }],
    encoders: [],
    terms: { intercept: 0, centers: [0.5], slopes: [slope], missing: [0] },
  };
}

/** Stores a frame and models and gives a request to judge the first model. */
export async function aRequest(
  blobs: BlobStore,
  models: readonly Model[],
  parts: Partial<EvaluationRequest> = {},
): Promise<EvaluationRequest> {
  const frame = await blobs.put(encodeFrame(aFrame()));
  const stored = await Promise.all(models.map((model) => blobs.put(encodeModel(model))));
  const [judged, champion, baseline] = stored.map((blob) => blob.digest);
  if (judged === undefined) throw new Error('give a model');
  return {
    projectId: 'p1',
    modelDigest: judged,
    frameDigest: frame.digest,
    rows: { split: 'test', fromMs: 0, toMs: 1000 * DAY_MS },
    references: [
      ...(champion === undefined ? [] : [{ role: 'champion' as const, modelDigest: champion }]),
      ...(baseline === undefined ? [] : [{ role: 'baseline' as const, modelDigest: baseline }]),
    ],
    ...parts,
  };
}

function aProject(): Project {
  return {
    id: 'p1',
    name: 'churn',
    clock: 'replay',
    document: {
      objectives: { retention: { metric: 'roc_auc', target: 0.72 } },
      gates: { churn: { objective: 'retention' }, strict: { objective: 'retention', minimumDays: 30, margin: 0, level: 0.99 } },
    },
    documentDigest: digestOfBytes('document'),
    revision: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}

/** Runs one command after another as they come; enough for tests. */
function aComputePool(): ComputePool & { started(): number } {
  let started = 0;
  return {
    started: () => started,
    run: (job) => {
      started += 1;
      return runCommand(job);
    },
    stop: () => Promise.resolve(),
  };
}

function runCommand(job: ComputeJob): Promise<ComputeOutcome> {
  const [program, ...args] = job.argv;
  return new Promise((resolve) => {
    const done = (outcome: ComputeOutcome['outcome'], exitCode?: number) =>
      resolve({ outcome, exitCode, durationMs: 0, peakMemoryBytes: 0 });
    if (job.signal.aborted) {
      done('cancelled');
      return;
    }
    const child = spawn(program, args, { cwd: job.workingFolder, signal: job.signal, stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    child.on('error', () => done(job.signal.aborted ? 'cancelled' : 'not-started'));
    child.on('close', (exitCode) => {
      for (const text of told.split('\n')) job.onLine?.({ stream: 'stderr', text });
      done('exited', exitCode ?? 1);
    });
  });
}

async function callRoute(
  evaluation: EvaluationSlice,
  id: string,
  request: { readonly params: object; readonly query?: object },
): Promise<unknown> {
  const route = evaluation.routes?.find((candidate) => candidate.contract.id === id);
  if (route === undefined) throw new Error(`no route ${id}`);
  const call: RouteRequest<unknown, unknown, unknown> = {
    params: request.params,
    query: request.query ?? {},
    body: null,
    caller: { principal: 'ann', displayName: 'Ann' },
    requestId: 'request-1',
    signal: new AbortController().signal,
    bytes: noBytes(),
    headers: {},
  };
  return (await route.handle(call)).body;
}

async function* noBytes(): AsyncIterable<Uint8Array> {
  // A request without a body.
}
