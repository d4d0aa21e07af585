import type { DataSlice } from '#data';
import type { EvaluationSlice } from '#evaluation';
import type { FeaturesSlice } from '#features';
import type { JsonObject } from '#kernel';
import type { Effect } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { Project, ProjectsSlice } from '#projects';
import type { RegistrySlice } from '#registry';
import type { TrackingSlice } from '#tracking';
import type { TrainingSlice } from '#training';
import type { PipelineStepJson } from '../pipeline-run.ts';
import type { StepLog } from '../step-log-service.ts';

/** What a step works with. */
export interface StepContext {
  readonly effect: Effect;
  readonly project: Project;
  readonly pipelineRunId: string;
  readonly pipelineRunNumber: number;
  readonly step: PipelineStepJson;
  /** What earlier steps made, by step name. */
  readonly outputs: { readonly [step: string]: JsonObject };
  /** Business time at which the step was handed out: the same at every attempt. */
  readonly businessNowMs: number;
  readonly log: StepLog;
}

/** What a step made, for later steps, with a sentence for people. */
export type StepOutput = JsonObject & { readonly text: string };

/** Does one kind of step. Safe to run again after a crash at any line. */
export type StepExecutor = (context: StepContext) => Promise<StepOutput>;

/** What the built-in steps call. */
export interface BuiltInDeps {
  readonly platform: Platform;
  readonly projects: ProjectsSlice;
  readonly data: DataSlice;
  readonly features: FeaturesSlice;
  readonly tracking: TrackingSlice;
  readonly training: TrainingSlice;
  readonly evaluation: EvaluationSlice;
  readonly registry: RegistrySlice;
  /** Folder that the operator opened for files that the project file names. */
  readonly codeRoot: string | undefined;
}

/** Who acts when a pipeline does. */
export const PIPELINE_PRINCIPAL = 'service:pipeline';
