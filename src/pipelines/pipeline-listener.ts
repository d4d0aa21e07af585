import type { JsonObject } from '#kernel';
import type { TransitionListener } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { RunEnd, TrackingSlice } from '#tracking';
import type { PipelineRunState } from './pipeline-run.ts';
import { saveRunRow } from './pipeline-store-sql.ts';

/** Keeps the rows and events of pipeline runs in step with their machine. */
export function pipelineListener(
  ports: Pick<Platform, 'events'>,
  tracking: Pick<TrackingSlice, 'endOpenRuns'>,
): TransitionListener {
  return async (tx, { after, cause }) => {
    // Only pipelineRunMachine writes this state.
    const state = after.state as PipelineRunState;
    await saveRunRow(tx, {
      id: after.id,
      projectId: after.projectId,
      number: state.number,
      pipeline: state.pipeline,
      state: state.state,
      parentId: state.parentId,
      version: after.version,
      startedAtMs: after.startedAtMs,
      endedAtMs: after.endedAtMs,
    });
    if (after.status === 'ended' && state.state !== 'done') {
      // What a step had begun when it failed, was cancelled or lost its last holder.
      const { projectId, id } = after;
      await tracking.endOpenRuns(tx, { projectId, keyPrefix: `${id}/`, end: endOf(state) });
    }
    const told = cause.type === 'effect-done' ? stepFacts(state, cause.step) : {};
    const topic = after.status === 'ended' ? 'pipelines.run-ended' : 'pipelines.run-changed';
    await ports.events.append(tx, {
      topic,
      projectId: after.projectId,
      entity: 'pipeline-run',
      entityId: after.id,
      entityVersion: after.version,
      data: { number: state.number, parentId: state.parentId, state: state.state, ...told },
    });
  };
}

function endOf(state: PipelineRunState): RunEnd {
  const failure = Object.values(state.states).find((step) => step.error !== null)?.error;
  return failure === undefined || failure === null ? { state: 'cancelled' } : { state: 'failed', failure };
}

function stepFacts(state: PipelineRunState, name: string): JsonObject {
  const step = state.steps.find((candidate) => candidate.name === name);
  return { step: name, uses: step?.uses ?? '' };
}
