import { formatTime, GyreError } from '#kernel';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project } from './project.ts';
import { readBusinessNow, writeBusinessNow } from './project-store-sql.ts';

/** Reads the business time of a project: the wall's, or the stored one of a replay. */
export async function businessNow(ports: Pick<Platform, 'clock'>, tx: SqlTx, projectId: string): Promise<number> {
  const stored = await readBusinessNow(tx, projectId);
  return stored?.clock === 'replay' ? stored.nowMs : ports.clock.nowMs();
}

/** Moves the business clock of a replay project forward; the same time again changes nothing. */
export async function advanceBusinessClock(
  ports: Pick<Platform, 'events'>,
  tx: SqlTx,
  move: { readonly project: Project; readonly toMs: number },
): Promise<number> {
  const { project, toMs } = move;
  if (project.clock !== 'replay') {
    throw new GyreError({
      kind: 'unprocessable',
      code: 'projects/clock-not-replay',
      message: `project "${project.name}" lives on the wall clock, which cannot be moved`,
      help: 'only a project with "clock: replay" in its project file has a clock to move',
    });
  }
  const nowMs = (await readBusinessNow(tx, project.id))?.nowMs ?? 0;
  if (toMs < nowMs) {
    throw new GyreError({
      kind: 'unprocessable',
      code: 'projects/clock-backwards',
      message: `the business clock stands at ${formatTime(nowMs)} and cannot go back to ${formatTime(toMs)}`,
    });
  }
  if (toMs === nowMs) return nowMs;
  await writeBusinessNow(tx, project.id, toMs);
  await ports.events.append(tx, {
    topic: 'projects.clock-advanced',
    projectId: project.id,
    entity: 'project-clock',
    entityId: project.id,
    entityVersion: toMs,
    data: { nowMs: toMs },
  });
  return toMs;
}
