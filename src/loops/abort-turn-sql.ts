import { GyreError } from '#kernel';
import type { PipelinesSlice } from '#pipelines';
import type { MachineInstance } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ServingSlice } from '#serving';
import type { TurnState } from './turn.ts';

/** What ending a turn by a person's word calls. */
export interface AbortDeps {
  readonly platform: Pick<Platform, 'machines' | 'audit'>;
  readonly serving: Pick<ServingSlice, 'rollouts' | 'signalRollout'>;
  readonly pipelines: Pick<PipelinesSlice, 'cancelPipelinesOf'>;
}

/** Rollouts looked through for the open one of a turn, newest first. */
const NEWEST_ROLLOUTS = 200;

/** A person's stop: the turn ends, what runs for it stops, and what it moved goes back. */
export async function abortTurn(
  deps: AbortDeps,
  tx: SqlTx,
  request: { readonly instance: MachineInstance; readonly actor: string; readonly reason: string },
): Promise<MachineInstance> {
  const { instance, actor, reason } = request;
  // Only turnMachine writes this state.
  const state = instance.state as TurnState;
  if (instance.status === 'ended') {
    throw new GyreError({
      kind: 'conflict',
      code: 'loops/turn-ended',
      message: `turn ${String(state.number)} has ended already: ${state.outcome}`,
    });
  }
  await stopWork(deps, tx, request);
  await deps.platform.audit.append(tx, {
    actor,
    action: 'loops.abort',
    projectId: instance.projectId,
    resource: `turn:${String(state.number)}`,
    outcome: 'done',
    reason,
  });
  return deps.platform.machines.signal(tx, instance.id, { name: 'abort', data: { by: actor, reason } });
}

/** Looks for what says that it belongs to the turn: the turn itself may not have heard yet of what it has just started. */
async function stopWork(
  deps: AbortDeps,
  tx: SqlTx,
  request: { readonly instance: MachineInstance; readonly actor: string; readonly reason: string },
): Promise<void> {
  const { id, projectId } = request.instance;
  const { actor, reason } = request;
  await deps.pipelines.cancelPipelinesOf(tx, { projectId, parentId: id, actor });
  const rollouts = await deps.serving.rollouts(tx, { projectId, limit: NEWEST_ROLLOUTS });
  const open = rollouts.find((rollout) => rollout.turnId === id && rollout.outcome === 'open');
  // One that goes back already needs no word.
  if (open === undefined || open.phase === 'restoring') return;
  await deps.serving.signalRollout(tx, { rolloutId: open.id, verb: 'abort', actor, reason });
}
