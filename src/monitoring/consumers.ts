import type { EventConsumer } from '#platform/events';
import type { ProjectsSlice } from '#projects';
import { keepWatches, type WatchDeps } from './watches-sql.ts';

/** Makes the consumer that keeps watches in step with the project file. */
export function monitoringConsumers(
  deps: WatchDeps & { readonly projects: Pick<ProjectsSlice, 'find'> },
): readonly EventConsumer[] {
  return [
    {
      name: 'monitoring.watches',
      topics: ['projects.applied'],
      handle: async (tx, event) => {
        if (event.projectId !== undefined) await keepWatches(deps, tx, await deps.projects.find(tx, event.projectId));
      },
    },
  ];
}
