import { formatTime } from '#kernel';
import type { TransitionListener } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project, ProjectsSlice } from '#projects';
import { considerTrigger } from './consider-trigger-sql.ts';
import { loopsOf } from './loop.ts';
import { SCHEDULE_KIND, type ScheduleInput, type ScheduleState } from './schedule-machine.ts';
import { LOOP_PRINCIPAL } from './turn-listener.ts';

/** Makes, changes and ends the schedules of a project's loops, so that they are what its project file says. */
export async function keepSchedules(platform: Pick<Platform, 'machines'>, tx: SqlTx, project: Project): Promise<void> {
  const wanted = new Map(loopsOf(project).map((loop) => [loop.name, loop.scheduleMs]));
  const running = await platform.machines.list(tx, { kind: SCHEDULE_KIND, projectId: project.id, status: 'open', limit: 1000 });
  for (const instance of running) {
    const state = instance.state as ScheduleState;
    const everyMs = wanted.get(state.loop) ?? 0;
    wanted.delete(state.loop);
    if (everyMs !== state.everyMs) await platform.machines.signal(tx, instance.id, { name: 'change', data: { everyMs } });
  }
  for (const [loop, everyMs] of wanted) {
    if (everyMs === 0) continue;
    const input: ScheduleInput = { loop, everyMs };
    await platform.machines.start(tx, { kind: SCHEDULE_KIND, projectId: project.id, input });
  }
}

/** Starts a turn each time a schedule fires. */
export function scheduleListener(
  platform: Pick<Platform, 'machines' | 'ids' | 'clock' | 'audit'>,
  projects: Pick<ProjectsSlice, 'find'>,
): TransitionListener {
  return async (tx, { after, cause }) => {
    if (cause.type !== 'timer') return;
    const state = after.state as ScheduleState;
    const project = await projects.find(tx, after.projectId);
    const loop = loopsOf(project).find((candidate) => candidate.name === state.loop);
    if (loop === undefined) return;
    const reason = `the schedule of loop "${loop.name}" came due on ${formatTime(cause.dueAtMs).slice(0, 10)}`;
    const trigger = {
      kind: 'schedule',
      source: loop.name,
      reason,
      businessAtMs: state.firedAtMs,
      facts: { everyMs: state.everyMs },
    } as const;
    await considerTrigger(platform, tx, { projectId: after.projectId, loop, trigger, actor: LOOP_PRINCIPAL });
  };
}
