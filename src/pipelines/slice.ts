import type { DataSlice } from '#data';
import type { EvaluationSlice } from '#evaluation';
import type { FeaturesSlice } from '#features';
import type { Platform, SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import type { RegistrySlice } from '#registry';
import type { TrackingSlice } from '#tracking';
import type { TrainingSlice } from '#training';
import { cancelPipelinesOf } from './cancel-pipeline-sql.ts';
import { pipelinesMigrations } from './migrations.ts';
import { pipelineListener } from './pipeline-listener.ts';
import { PIPELINE_STEP_EFFECT, type PipelineRunState, pipelineRunMachine } from './pipeline-run.ts';
import { pipelinesSection } from './pipelines-section.ts';
import { pipelineRoutes } from './routes.ts';
import { stepHandler } from './run-step-service.ts';
import { type PipelineStart, startPipeline } from './start-pipeline-sql.ts';
import { builtInSteps } from './steps/built-in.ts';
import { commandStep } from './steps/command.ts';
import { stageDatasets } from './steps/stage-datasets.ts';

/** What this slice is given from the rooms above it, and by the operator. */
export interface PipelinesUpstream {
  readonly projects: ProjectsSlice;
  readonly data: DataSlice;
  readonly features: FeaturesSlice;
  readonly tracking: TrackingSlice;
  readonly training: TrainingSlice;
  readonly evaluation: EvaluationSlice;
  readonly registry: RegistrySlice;
  /** Folder that the operator opened for commands and files that the project file names. */
  readonly codeRoot: string | undefined;
  /** URL of this server; asked when a step starts. */
  readonly serverUrl: () => string;
}

/** What downstream slices ask of pipelines. */
export interface PipelinesSlice extends SliceModule {
  /** Starts a run of a pipeline in the caller's transaction; throws `pipelines/unknown-pipeline`. */
  startPipeline(tx: SqlTx, start: PipelineStart): Promise<{ readonly id: string; readonly number: number }>;
  /** Cancels the open runs that an instance, such as a turn, waits for; audited. */
  cancelPipelinesOf(
    tx: SqlTx,
    request: { readonly projectId: string; readonly parentId: string; readonly actor: string },
  ): Promise<void>;
}

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - The slices whose work the built-in steps do.
 * @returns The slice and what others call.
 */
export function createPipelinesSlice(platform: Platform, upstream: PipelinesUpstream): PipelinesSlice {
  const command = commandStep({
    platform,
    codeRoot: upstream.codeRoot,
    serverUrl: upstream.serverUrl,
    stageDatasets: (versions) => stageDatasets(upstream.data, versions),
  });
  const executors = { ...builtInSteps(platform, upstream), command };
  return {
    name: 'pipelines',
    migrations: pipelinesMigrations,
    projectSection: pipelinesSection,
    routes: pipelineRoutes(platform, upstream.projects),
    defineMachines: (machines) => {
      machines.define(pipelineRunMachine, pipelineListener(platform, upstream.tracking));
    },
    effects: { [PIPELINE_STEP_EFFECT]: stepHandler(platform, upstream.projects, executors) },
    startPipeline: async (tx, start) => {
      const instance = await startPipeline(platform, tx, start);
      // Only pipelineRunMachine writes this state.
      return { id: instance.id, number: (instance.state as PipelineRunState).number };
    },
    cancelPipelinesOf: (tx, request) => cancelPipelinesOf(platform, tx, request),
  };
}
