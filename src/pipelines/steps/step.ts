import type { JsonObject } from '#kernel';
import type { Effect } from '#platform/machine';
import type { Project } from '#projects';
import type { PipelineStepJson } from '../pipeline-run.ts';
import type { StepLog } from '../step-log.ts';

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

/** Does one kind of step and returns what later steps need; `text` is a sentence for people. */
export type StepExecutor = (context: StepContext) => Promise<JsonObject & { readonly text: string }>;
