import { didYouMean, GyreError, type JsonObject } from '#kernel';
import type { MachineInstance } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { type Project, sectionOf } from '#projects';
import { type PipelineSection, planPipeline } from './pipeline.ts';
import { PIPELINE_RUN_KIND, type PipelineRunInput, type PipelineRunState, stepJson } from './pipeline-run.ts';
import { lastRunNumber } from './pipeline-store-sql.ts';

/** What starting a pipeline takes. */
export interface PipelineStart {
  readonly project: Project;
  /** Name in the section `pipelines`. */
  readonly pipeline: string;
  /** Starting twice with one key gives the same run. */
  readonly key?: string;
  readonly actor: string;
  /** Why it runs, for people and programs. */
  readonly trigger: JsonObject;
  /** Instance that waits for the end, such as a turn. */
  readonly parentId?: string;
}

/** Starts a run of a pipeline, fixed to the project file of now. */
export async function startPipeline(
  ports: Pick<Platform, 'machines' | 'audit'>,
  tx: SqlTx,
  start: PipelineStart,
): Promise<MachineInstance> {
  const { project } = start;
  const pipelines = sectionOf<Readonly<Record<string, PipelineSection>>>(project, 'pipelines') ?? {};
  const section = pipelines[start.pipeline];
  if (section === undefined) {
    throw new GyreError({
      kind: 'not-found',
      code: 'pipelines/unknown-pipeline',
      message: `project "${project.name}" has no pipeline "${start.pipeline.slice(0, 80)}"${didYouMean(start.pipeline, Object.keys(pipelines))}`,
    });
  }
  const input: PipelineRunInput = {
    pipeline: start.pipeline,
    number: (await lastRunNumber(tx, project.id)) + 1,
    trigger: start.trigger,
    parentId: start.parentId ?? '',
    revision: project.revision,
    documentDigest: project.documentDigest,
    steps: planPipeline(section).map(stepJson),
  };
  const key = start.key === undefined ? {} : { key: start.key };
  const instance = await ports.machines.start(tx, { kind: PIPELINE_RUN_KIND, projectId: project.id, ...key, input });
  // Under a known key nothing was started, hence nothing happened.
  if (stateOf(instance).number !== input.number) return instance;
  await ports.audit.append(tx, {
    actor: start.actor,
    action: 'pipelines.start',
    projectId: project.id,
    resource: `pipeline-run:${instance.id}`,
    outcome: 'done',
    data: { pipeline: start.pipeline, trigger: start.trigger, documentDigest: project.documentDigest },
  });
  return instance;
}

function stateOf(instance: MachineInstance): PipelineRunState {
  // Only pipelineRunMachine writes this state.
  return instance.state as PipelineRunState;
}
