import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes, GyreError, type JsonObject } from '#kernel';
import type { ComputeOutcome } from '#platform/compute';
import type { Platform } from '#platform/slice';
import { belowCodeRoot } from '../code-root-file.ts';
import type { StepContext, StepExecutor, StepOutput } from './step.ts';

/** What command steps need. */
export interface CommandStepDeps {
  readonly platform: Pick<Platform, 'compute' | 'blobs' | 'scratchFolder'>;
  /** Folder that the operator opened for code. */
  readonly codeRoot: string | undefined;
  /** URL of this server, for clients that the command uses. */
  readonly serverUrl: () => string;
  /** Stages dataset versions for the command: local Parquet files by dataset name. */
  readonly stageDatasets: (versions: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, readonly string[]>>>;
}

const OUTPUTS_JSON = 'outputs.json';
const MAX_OUTPUT_FILES = 1000;
/** What a step says of itself is small; what is large is a file of its own. */
const MAX_OUTPUTS_JSON_BYTES = 1_048_576;

/**
 * Makes the executor of command steps: `run: [program, argument, …]` as a child process.
 *
 * The command finds in its environment: `GYRE_SERVER`, `MLFLOW_TRACKING_URI`, `GYRE_PROJECT`, `GYRE_PIPELINE_RUN`, `GYRE_STEP`,
 * `GYRE_INPUTS` (a JSON file: what earlier steps made, and local Parquet files per dataset) and `GYRE_OUTPUTS` (a folder: the file
 * `outputs.json` in it becomes the step's output, every other file an artifact).
 *
 * @param deps - Ports and the operator's settings.
 * @returns The executor.
 */
export function commandStep(deps: CommandStepDeps): StepExecutor {
  return async (context) => {
    const scratch = await mkdtemp(join(deps.platform.scratchFolder, 'step-'));
    try {
      return await runIn(deps, context, scratch);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}

async function runIn(deps: CommandStepDeps, context: StepContext, scratch: string): Promise<StepOutput> {
  const { step, effect } = context;
  const [program, ...args] = step.run;
  if (program === undefined) throw failure('pipelines/step-not-started', `step "${step.name}" names no program`);
  const outputsFolder = join(scratch, 'outputs');
  await mkdir(outputsFolder);
  const inputsFile = join(scratch, 'inputs.json');
  await writeFile(inputsFile, JSON.stringify(await inputsOf(deps, context)));
  const workingFolder =
    deps.codeRoot === undefined && step.folder === '.' ? scratch : await belowCodeRoot(deps.codeRoot, step.folder);
  const outcome = await deps.platform.compute.run({
    argv: [program, ...args],
    workingFolder,
    environment: environmentOf(deps, context, { inputsFile, outputsFolder }),
    timeoutMs: step.timeoutMs,
    ...(step.memoryLimitBytes > 0 ? { memoryLimitBytes: step.memoryLimitBytes } : {}),
    signal: effect.signal,
    onLine: (line) => {
      context.log.add(line.stream, line.text);
    },
  });
  assertDone(context, outcome);
  return {
    ...(await readOutputs(deps, context, outputsFolder)),
    text: `${program} exited with 0 after ${(outcome.durationMs / 1000).toFixed(1)} s`,
  };
}

function environmentOf(
  deps: CommandStepDeps,
  context: StepContext,
  paths: { readonly inputsFile: string; readonly outputsFolder: string },
): Readonly<Record<string, string>> {
  const { step, project } = context;
  return {
    ...step.environment,
    GYRE_SERVER: deps.serverUrl(),
    MLFLOW_TRACKING_URI: deps.serverUrl(),
    GYRE_PROJECT: project.name,
    GYRE_PIPELINE_RUN: String(context.pipelineRunNumber),
    GYRE_STEP: step.name,
    GYRE_INPUTS: paths.inputsFile,
    GYRE_OUTPUTS: paths.outputsFolder,
  };
}

async function inputsOf(deps: CommandStepDeps, context: StepContext): Promise<JsonObject> {
  const versions = Object.values(context.outputs).findLast((output) => output['versions'] !== undefined)?.['versions'];
  const texts = typeof versions === 'object' && versions !== null ? Object.entries(versions) : [];
  const digests = Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  return { steps: context.outputs, datasets: await deps.stageDatasets(digests) };
}

function assertDone(context: StepContext, outcome: ComputeOutcome): void {
  const { step } = context;
  const seconds = String(step.timeoutMs / 1000);
  if (outcome.outcome === 'exited' && outcome.exitCode === 0) return;
  if (outcome.outcome === 'exited') {
    throw failure(
      'pipelines/step-failed',
      `step "${step.name}": ${step.run[0] ?? ''} exited with ${String(outcome.exitCode)}; its last lines are in the log`,
    );
  }
  if (outcome.outcome === 'timed-out')
    throw failure('pipelines/step-timed-out', `step "${step.name}" ran longer than its limit of ${seconds} s`);
  if (outcome.outcome === 'out-of-memory') {
    const peak = String(Math.round(outcome.peakMemoryBytes / 1024 ** 2));
    const limit = String(Math.round(step.memoryLimitBytes / 1024 ** 2));
    throw failure('pipelines/step-out-of-memory', `step "${step.name}" used ${peak} MiB, its limit is ${limit} MiB`);
  }
  if (outcome.outcome === 'cancelled') throw failure('pipelines/step-cancelled', `step "${step.name}" was cancelled`);
  throw failure('pipelines/step-not-started', `step "${step.name}": ${outcome.detail ?? 'the program could not be started'}`);
}

async function readOutputs(deps: CommandStepDeps, context: StepContext, folder: string): Promise<JsonObject> {
  const names = (await readdir(folder)).sort((a, b) => a.localeCompare(b));
  if (names.length > MAX_OUTPUT_FILES) {
    throw badOutput(context, `${String(names.length)} files; at most ${String(MAX_OUTPUT_FILES)} are kept: pack them into one`);
  }
  const artifacts: JsonObject[] = [];
  for (const name of names.filter((candidate) => candidate !== OUTPUTS_JSON)) {
    const path = join(folder, name);
    if (!(await stat(path)).isFile()) continue;
    const blob = await deps.platform.blobs.putFile(path, { consume: true });
    artifacts.push({ path: name, digest: blob.digest, sizeBytes: blob.sizeBytes });
  }
  const written = names.includes(OUTPUTS_JSON) ? await readOutputsJson(context, join(folder, OUTPUTS_JSON)) : {};
  return { ...written, artifacts };
}

async function readOutputsJson(context: StepContext, path: string): Promise<JsonObject> {
  const facts = await stat(path);
  if (!facts.isFile()) throw badOutput(context, 'an outputs.json that is not a file');
  if (facts.size > MAX_OUTPUTS_JSON_BYTES) {
    const most = formatBytes(MAX_OUTPUTS_JSON_BYTES);
    throw badOutput(
      context,
      `an outputs.json of ${formatBytes(facts.size)}; it may have ${most}: put large results into files beside it`,
    );
  }
  return parseOutputs(context, await readFile(path, 'utf8'));
}

function parseOutputs(context: StepContext, text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    // Parsed from JSON text, an object can hold nothing but JSON.
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badOutput(context, 'an outputs.json that is not a JSON object');
}

function badOutput(context: StepContext, what: string): GyreError {
  return failure('pipelines/bad-step-output', `step "${context.step.name}" wrote ${what}`);
}

function failure(code: string, message: string): GyreError {
  return new GyreError({ kind: 'unprocessable', code, message });
}
