import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, fromWireNumber, GyreError } from '#kernel';
import type { ComputeOutcome } from '#platform/compute';
import type { Effect } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { Run, TrackingSlice } from '#tracking';
import type { Candidate } from './candidate.ts';
import type { FeatureSpec } from './model.ts';
import { trainingCommand } from './spawn-training-process.ts';
import { splitRuleOf, type Training, type TrainingBorders } from './training.ts';
import { trainingError } from './training-error.ts';
import type { TrainingJob, TrainingLine } from './training-job.ts';

/** What training all candidates takes. */
export interface CandidatesRequest {
  readonly effect: Pick<Effect, 'instanceId' | 'step' | 'projectId' | 'signal' | 'guard'>;
  readonly training: Training;
  readonly frameDigest: Digest;
  readonly features: readonly FeatureSpec[];
  readonly borders: TrainingBorders;
  /** Versions of the datasets behind the frame, by name. */
  readonly datasets: Readonly<Record<string, string>>;
  /** Called with lines for people. */
  note(text: string): void;
}

/** One trained candidate. */
export interface CandidateResult {
  readonly runId: string;
  readonly runNumber: number;
  readonly kind: Candidate['kind'];
  readonly modelDigest: Digest;
  readonly sizeBytes: number;
  /** Loss on the validation rows: log loss, or mean squared error; lower is better. */
  readonly validationLoss: number;
  readonly durationMs: number;
}

/** What the use case needs. */
export interface CandidatePorts {
  readonly platform: Pick<Platform, 'database' | 'blobs' | 'compute' | 'clock' | 'scratchFolder' | 'failpoint'>;
  readonly tracking: Pick<TrackingSlice, 'startRun' | 'logMetrics' | 'addArtifact' | 'setTags' | 'finishRun'>;
}

const MODEL_PATH = 'model/model.json';
const TRAINING_TIMEOUT_MS = 30 * 60_000;
const TRAINING_THREADS = 2;
/** How often a training process is started that something from outside kills: the system when memory is short, a person. */
const MOST_STARTS = 3;

/** Trains every candidate as a run of its own, in child processes; a candidate that an earlier attempt finished is not trained again. */
export async function trainCandidates(ports: CandidatePorts, request: CandidatesRequest): Promise<readonly CandidateResult[]> {
  const frameFile = await ports.platform.blobs.stage(request.frameDigest);
  const results: CandidateResult[] = [];
  for (const [index, candidate] of request.training.candidates.entries()) {
    results.push(await trainOne(ports, request, { candidate, index, frameFile }));
  }
  return results;
}

interface Work {
  readonly candidate: Candidate;
  readonly index: number;
  readonly frameFile: string;
}

async function trainOne(ports: CandidatePorts, request: CandidatesRequest, work: Work): Promise<CandidateResult> {
  const run = await startCandidateRun(ports, request, work);
  const known = finishedResult(run, work.candidate);
  if (known !== undefined) return known;
  ports.platform.failpoint('training/run-started');
  const folder = await mkdtemp(join(ports.platform.scratchFolder, 'train-'));
  try {
    const trained = await runUnkilled(ports, request, { ...work, folder });
    const blob = await ports.platform.blobs.putFile(join(folder, 'model.json'), { consume: true });
    ports.platform.failpoint('training/before-run-finished');
    await keepResult(ports, request, { run, blob, trained });
    const result = {
      runId: run.id,
      runNumber: run.number,
      kind: work.candidate.kind,
      modelDigest: blob.digest,
      sizeBytes: blob.sizeBytes,
    };
    request.note(`run ${String(run.number)}: ${work.candidate.kind} trained in ${(trained.durationMs / 1000).toFixed(1)} s`);
    return { ...result, validationLoss: trained.validationLoss, durationMs: trained.durationMs };
  } catch (error) {
    await keepFailure(ports, request, { run, error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startCandidateRun(ports: CandidatePorts, request: CandidatesRequest, work: Work): Promise<Run> {
  const { effect, training } = request;
  return ports.platform.database.transaction(async (tx) => {
    await effect.guard(tx);
    return ports.tracking.startRun(tx, {
      projectId: effect.projectId,
      experiment: training.name,
      kind: 'training',
      key: `${effect.instanceId}/${effect.step}/${String(work.index)}`,
      name: `${training.name}-${work.candidate.kind}`,
      params: { ...work.candidate, seed: training.seed, features: training.features },
      inputs: [
        { kind: 'feature-frame', name: training.features, digest: request.frameDigest },
        // Digests of dataset versions come from the data slice.
        ...Object.entries(request.datasets).map(([name, digest]) => ({
          kind: 'dataset-version',
          name,
          digest: digest as Digest,
        })),
      ],
    });
  });
}

/** A run that an earlier attempt at the same step brought to its end. */
function finishedResult(run: Run, candidate: Candidate): CandidateResult | undefined {
  const model = run.artifacts.find((artifact) => artifact.path === MODEL_PATH);
  if (run.state !== 'done' || model === undefined) return undefined;
  return {
    runId: run.id,
    runNumber: run.number,
    kind: candidate.kind,
    modelDigest: model.digest,
    sizeBytes: model.sizeBytes,
    validationLoss: run.metrics['validation_loss']?.value ?? Number.NaN,
    durationMs: run.metrics['duration_ms']?.value ?? 0,
  };
}

interface Trained {
  readonly durationMs: number;
  readonly validationLoss: number;
  readonly points: readonly { readonly name: string; readonly value: number; readonly step: number; readonly atMs: number }[];
}

/** Trains in a child process, and starts another when that one was killed: training gives the same bytes again. */
async function runUnkilled(
  ports: CandidatePorts,
  request: CandidatesRequest,
  work: Work & { readonly folder: string },
): Promise<Trained> {
  for (let start = 1; start < MOST_STARTS; start += 1) {
    const trained = await runProcess(ports, request, work);
    if (trained !== 'killed') return trained;
    request.note(`the process that trained ${work.candidate.kind} was killed; it is started again`);
  }
  const trained = await runProcess(ports, request, work);
  if (trained !== 'killed') return trained;
  throw trainingError('training/process-failed', `the training process was killed ${String(MOST_STARTS)} times by a signal`);
}

async function runProcess(
  ports: CandidatePorts,
  request: CandidatesRequest,
  work: Work & { readonly folder: string },
): Promise<Trained | 'killed'> {
  const jobFile = join(work.folder, 'job.json');
  await writeFile(jobFile, JSON.stringify(jobOf(request, work)));
  const points: Trained['points'][number][] = [];
  const problems: string[] = [];
  let validationLoss = Number.NaN;
  const outcome = await ports.platform.compute.run({
    argv: trainingCommand(jobFile),
    workingFolder: work.folder,
    environment: {},
    timeoutMs: TRAINING_TIMEOUT_MS,
    signal: request.effect.signal,
    onLine: ({ stream, text }) => {
      if (stream === 'stderr') return void problems.push(text);
      const line = parseLine(text);
      if (line?.event === 'point') points.push(...pointsOf(line, ports.platform.clock.nowMs()));
      if (line?.event === 'done') validationLoss = fromWireNumber(line.validationLoss);
    },
  });
  if (outcome.outcome === 'exited' && outcome.exitCode === undefined) return 'killed';
  assertTrained(outcome, problems);
  return { durationMs: outcome.durationMs, validationLoss, points };
}

function jobOf(request: CandidatesRequest, work: Work & { readonly folder: string }): TrainingJob {
  return {
    format: 'gyre-training-job',
    version: 1,
    frameFile: work.frameFile,
    outputFile: join(work.folder, 'model.json'),
    features: request.features,
    label: 'label',
    task: 'binary',
    split: splitRuleOf(request.borders),
    candidate: work.candidate,
    seed: request.training.seed,
    threads: TRAINING_THREADS,
  };
}

function parseLine(text: string): TrainingLine | undefined {
  try {
    // Our own child process writes these lines; anything else on its stdout is not JSON.
    return JSON.parse(text) as TrainingLine;
  } catch {
    return undefined;
  }
}

function pointsOf(line: Extract<TrainingLine, { event: 'point' }>, atMs: number): Trained['points'] {
  const train = { name: 'train_loss', value: fromWireNumber(line.trainLoss), step: line.iteration, atMs };
  const validation = { name: 'validation_loss_curve', value: fromWireNumber(line.validationLoss), step: line.iteration, atMs };
  return Number.isNaN(validation.value) ? [train] : [train, validation];
}

function assertTrained(outcome: ComputeOutcome, problems: readonly string[]): void {
  if (outcome.outcome === 'exited' && outcome.exitCode === 0) return;
  const told = problems.map(parseProblem).find((problem) => problem !== undefined);
  if (told !== undefined) throw told;
  const how = outcome.outcome === 'exited' ? `exited with ${String(outcome.exitCode)}` : outcome.outcome;
  throw trainingError(
    'training/process-failed',
    `the training process ${how}: ${problems.at(-1)?.slice(0, 200) ?? 'it said nothing'}`,
  );
}

function parseProblem(text: string): GyreError | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'kind' in value;
    if (!isProblem) return undefined;
    return new GyreError({ kind: 'unprocessable', code: String(value.code), message: String(value.message) });
  } catch {
    return undefined;
  }
}

async function keepResult(
  ports: CandidatePorts,
  request: CandidatesRequest,
  result: {
    readonly run: Run;
    readonly blob: { readonly digest: Digest; readonly sizeBytes: number };
    readonly trained: Trained;
  },
): Promise<void> {
  const { run, blob, trained } = result;
  const atMs = ports.platform.clock.nowMs();
  const last = [
    { name: 'duration_ms', value: trained.durationMs, step: 0, atMs },
    { name: 'validation_loss', value: trained.validationLoss, step: 0, atMs },
  ];
  await ports.platform.database.transaction(async (tx) => {
    await request.effect.guard(tx);
    await ports.tracking.logMetrics(tx, run.id, [...trained.points, ...last]);
    await ports.tracking.addArtifact(tx, run.id, { path: MODEL_PATH, digest: blob.digest, sizeBytes: blob.sizeBytes });
    await ports.tracking.finishRun(tx, run.id, { state: 'done' });
  });
}

/** A run that failed says so; one that was only interrupted stays open for the next attempt. */
async function keepFailure(
  ports: CandidatePorts,
  request: CandidatesRequest,
  failed: { readonly run: Run; readonly error: unknown },
): Promise<void> {
  const { run, error } = failed;
  if (request.effect.signal.aborted || !(error instanceof GyreError)) return;
  await ports.platform.database.transaction(async (tx) => {
    await request.effect.guard(tx);
    await ports.tracking.finishRun(tx, run.id, { state: 'failed', failure: { code: error.code, message: error.message } });
  });
}
