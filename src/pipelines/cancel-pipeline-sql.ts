import type { MachineInstance } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { PIPELINE_RUN_KIND, type PipelineRunState } from './pipeline-run.ts';

type CancelPorts = Pick<Platform, 'machines' | 'audit'>;

/** More runs than one parent ever has open. */
const MOST_OPEN = 1000;

/** Cancels a run that is open, audited; gives one that has ended back as it is. */
export async function cancelPipeline(
  ports: CancelPorts,
  tx: SqlTx,
  request: { readonly instance: MachineInstance; readonly actor: string },
): Promise<MachineInstance> {
  const { instance, actor } = request;
  if (instance.status === 'ended') return instance;
  await ports.audit.append(tx, {
    actor,
    action: 'pipelines.cancel',
    projectId: instance.projectId,
    resource: `pipeline-run:${instance.id}`,
    outcome: 'done',
  });
  return ports.machines.signal(tx, instance.id, { name: 'cancel', data: { by: actor } });
}

/** Cancels every open run that an instance waits for. */
export async function cancelPipelinesOf(
  ports: CancelPorts,
  tx: SqlTx,
  request: { readonly projectId: string; readonly parentId: string; readonly actor: string },
): Promise<void> {
  const { projectId, parentId, actor } = request;
  const open = await ports.machines.list(tx, { kind: PIPELINE_RUN_KIND, projectId, status: 'open', limit: MOST_OPEN });
  for (const instance of open) {
    // Only pipelineRunMachine writes this state.
    if ((instance.state as PipelineRunState).parentId === parentId) await cancelPipeline(ports, tx, { instance, actor });
  }
}
