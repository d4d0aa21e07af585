import { GyreError, type JsonObject } from '#kernel';
import type { Effect, EffectHandler } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import type { BuiltInStep } from './pipeline.ts';
import type { PipelineStepJson } from './pipeline-run.ts';
import { openStepLog } from './step-log-service.ts';
import type { StepContext, StepExecutor } from './steps/step.ts';

/** Executors by kind of step. */
export type StepExecutors = Readonly<Record<BuiltInStep | 'command', StepExecutor>>;

/** Makes the handler of the step effect: finds the executor, keeps the log, and says in the log how it ended. */
export function stepHandler(
  ports: Pick<Platform, 'database' | 'clock' | 'events' | 'log'>,
  projects: Pick<ProjectsSlice, 'find'>,
  executors: StepExecutors,
): EffectHandler {
  return async (effect) => {
    const input = parseInput(effect);
    const log = openStepLog(ports, {
      runId: effect.instanceId,
      projectId: effect.projectId,
      step: effect.step,
      attempt: effect.attempt,
    });
    try {
      const project = await ports.database.read((tx) => projects.find(tx, effect.projectId));
      const executor = executors[input.step.uses];
      const output = await executor({ effect, project, pipelineRunId: effect.instanceId, log, ...input });
      log.add('gyre', output.text);
      return output;
    } catch (error) {
      log.add('gyre', error instanceof GyreError ? `${error.message} [${error.code}]` : 'the step failed by a defect of Gyre');
      throw error;
    } finally {
      await log.close();
    }
  };
}

type StepInput = Pick<StepContext, 'outputs' | 'businessNowMs' | 'pipelineRunNumber'> & {
  readonly step: PipelineStepJson & { readonly uses: BuiltInStep | 'command' };
};

function parseInput(effect: Effect): StepInput {
  // Written by pipelineRunMachine of this slice, from a checked project file.
  const input = effect.input as {
    step: StepInput['step'];
    number: number;
    businessNowMs: number;
    outputs: Record<string, JsonObject>;
  };
  return { step: input.step, pipelineRunNumber: input.number, businessNowMs: input.businessNowMs, outputs: input.outputs };
}
