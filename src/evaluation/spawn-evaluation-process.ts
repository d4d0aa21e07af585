import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ErrorKind, GyreError, MINUTE_MS } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import type { ComputeOutcome, ComputePool } from '#platform/compute';
import type { EvaluationReport, EvaluationSpec } from './evaluation.ts';
import type { EvaluationJob } from './evaluation-job.ts';
import { fromJsonText } from './number-words.ts';

const TIMEOUT_MS = 20 * MINUTE_MS;
/** How often a process is started that something from outside kills: the system when memory is short, a person. */
const MOST_STARTS = 3;

/** What judging in a child process needs. */
export interface JudgePorts {
  readonly blobs: BlobStore;
  readonly compute: ComputePool;
  readonly scratchFolder: string;
}

/** Judges a model in a child process; see `judgeModel`. */
export async function judgeInProcess(ports: JudgePorts, spec: EvaluationSpec, signal: AbortSignal): Promise<EvaluationReport> {
  const folder = await mkdtemp(join(ports.scratchFolder, 'evaluation-'));
  try {
    return await runJob(ports, { folder, spec, signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runJob(
  { blobs, compute }: JudgePorts,
  { folder, spec, signal }: { readonly folder: string; readonly spec: EvaluationSpec; readonly signal: AbortSignal },
): Promise<EvaluationReport> {
  const models = [spec.modelDigest, ...spec.references.map((reference) => reference.modelDigest)];
  const job: EvaluationJob = {
    format: 'gyre-evaluation-job',
    version: 1,
    spec,
    frameFile: await blobs.stage(spec.frameDigest),
    modelFiles: await Promise.all(models.map((digest) => blobs.stage(digest))),
    outputFile: join(folder, 'report.json'),
  };
  const jobFile = join(folder, 'job.json');
  await writeFile(jobFile, JSON.stringify(job));
  let lastError = '';
  const start = () =>
    compute.run({
      argv: evaluationCommand(jobFile),
      workingFolder: folder,
      environment: {},
      timeoutMs: TIMEOUT_MS,
      signal,
      onLine: ({ stream, text }) => {
        if (stream === 'stderr' && text.trim() !== '') lastError = text;
      },
    });
  let outcome = await start();
  for (let starts = 1; starts < MOST_STARTS && wasKilled(outcome); starts += 1) outcome = await start();
  if (outcome.outcome === 'exited' && outcome.exitCode === 0) {
    return fromJsonText<EvaluationReport>(await readFile(job.outputFile, 'utf8'));
  }
  if (outcome.outcome === 'cancelled') {
    throw new GyreError({ kind: 'unavailable', code: 'evaluation/cancelled', message: 'judging the model was cancelled' });
  }
  throw errorOf(outcome.outcome === 'exited' ? lastError : `${outcome.outcome} ${outcome.detail ?? ''}`);
}

function wasKilled({ outcome, exitCode }: ComputeOutcome): boolean {
  return outcome === 'exited' && exitCode === undefined;
}

function evaluationCommand(jobFile: string): [string, ...string[]] {
  const entry = fileURLToPath(new URL('./evaluation-process.ts', import.meta.url));
  const isSource = entry.endsWith('.ts');
  return [process.execPath, ...(isSource ? ['--conditions=source'] : []), entry, jobFile];
}

/** The error a child told in its last line, or that it told nothing. */
function errorOf(line: string): GyreError {
  const told = parseLine(line);
  const kind = ErrorKind.find((known) => known === told?.kind);
  if (told !== undefined && kind !== undefined) return new GyreError({ ...told, kind });
  return new GyreError({
    kind: 'internal',
    code: 'evaluation/process-failed',
    message: `the process that judges the model ended without a report: ${line.slice(0, 400).trim() || 'no word'}`,
  });
}

function parseLine(line: string): { kind: string; code: string; message: string } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isError = typeof value === 'object' && value !== null && 'kind' in value && 'code' in value && 'message' in value;
    return isError ? { kind: String(value.kind), code: String(value.code), message: String(value.message) } : undefined;
  } catch {
    // Not our line: a crash of the runtime itself.
    return undefined;
  }
}
