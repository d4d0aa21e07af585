import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project, ProjectsSlice } from '#projects';
import { listFiring, resolveAlert } from './apply-alerts-sql.ts';
import { type Monitor, monitorsOf } from './monitor.ts';
import { WATCH_KIND, type WatchInput, type WatchState } from './watch-machine.ts';

/** What keeping watches takes. */
export interface WatchDeps {
  readonly platform: Pick<Platform, 'machines' | 'ids' | 'events' | 'audit'>;
  readonly projects: Pick<ProjectsSlice, 'businessNowMs'>;
}

/** Starts, changes and ends the watches of a project's monitors, so that they are what its project file says. */
export async function keepWatches(deps: WatchDeps, tx: SqlTx, project: Project): Promise<void> {
  const { machines } = deps.platform;
  const wanted = new Map(monitorsOf(project).map((monitor) => [monitor.name, inputOf(monitor)]));
  const running = await machines.list(tx, { kind: WATCH_KIND, projectId: project.id, status: 'open', limit: 1000 });
  for (const instance of running) {
    // Only the watch machine writes this state.
    const state = instance.state as WatchState;
    const input = wanted.get(state.monitor);
    wanted.delete(state.monitor);
    if (input === undefined) await endWatch(deps, tx, { project, monitor: state.monitor, instanceId: instance.id });
    else if (isOther(state, input)) await machines.signal(tx, instance.id, { name: 'change', data: input });
  }
  for (const input of wanted.values()) await machines.start(tx, { kind: WATCH_KIND, projectId: project.id, input });
}

async function endWatch(
  deps: WatchDeps,
  tx: SqlTx,
  watch: { readonly project: Project; readonly monitor: string; readonly instanceId: string },
): Promise<void> {
  const { project, monitor } = watch;
  await deps.platform.machines.signal(tx, watch.instanceId, { name: 'end', data: {} });
  const atMs = await deps.projects.businessNowMs(tx, project.id);
  const why = `the monitor "${monitor}" was taken out of the project file`;
  for (const alert of await listFiring(tx, { projectId: project.id, monitor })) {
    await resolveAlert(deps.platform, tx, { alert, why, atMs });
  }
}

function inputOf(monitor: Monitor): WatchInput {
  return { monitor: monitor.name, windowMs: monitor.windowMs, maturityMs: monitor.performance?.maturityMs ?? null };
}

function isOther(state: WatchState, input: WatchInput): boolean {
  return state.windowMs !== input.windowMs || state.maturityMs !== input.maturityMs;
}
