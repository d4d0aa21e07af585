import { didYouMean, GyreError, parseDurationMs } from '#kernel';
import { type Project, sectionOf } from '#projects';

/** One loop as the project file writes it. */
export interface LoopSection {
  readonly pipeline: string;
  readonly endpoint: string;
  readonly gate: string;
  readonly triggers?: { readonly alerts?: readonly string[]; readonly schedule?: string };
  readonly cooldown?: string;
  readonly approval?: 'automatic' | 'required';
}

/** The rule by which a model renews itself: what starts a turn, what it runs, what judges it, and where it is served. */
export interface Loop {
  readonly name: string;
  readonly pipeline: string;
  readonly endpoint: string;
  readonly gate: string;
  /** Names of monitors whose alerts start a turn. */
  readonly alerts: readonly string[];
  /** Time between scheduled turns; 0 means no schedule. */
  readonly scheduleMs: number;
  /** Business time after the start of a turn in which triggers start no other. */
  readonly cooldownMs: number;
  readonly approval: 'automatic' | 'required';
}

/** Default cool-down of a loop: one day. */
export const DEFAULT_COOLDOWN = '1d';

/**
 * Lists the loops of a project.
 *
 * @param project - The project.
 * @returns The loops in the order of the file, with defaults filled in.
 */
export function loopsOf(project: Pick<Project, 'document'>): readonly Loop[] {
  const section = sectionOf<Readonly<Record<string, LoopSection>>>(project, 'loops') ?? {};
  return Object.entries(section).map(([name, loop]) => ({
    name,
    pipeline: loop.pipeline,
    endpoint: loop.endpoint,
    gate: loop.gate,
    alerts: loop.triggers?.alerts ?? [],
    scheduleMs: loop.triggers?.schedule === undefined ? 0 : parseDurationMs(loop.triggers.schedule),
    cooldownMs: parseDurationMs(loop.cooldown ?? DEFAULT_COOLDOWN),
    approval: loop.approval ?? 'automatic',
  }));
}

/**
 * Finds a loop by name.
 *
 * @param project - The project.
 * @param name - Name in the section `loops`.
 * @returns The loop.
 * @throws {@link GyreError} `loops/unknown-loop` with the nearest name.
 */
export function loopOf(project: Pick<Project, 'document' | 'name'>, name: string): Loop {
  const loops = loopsOf(project);
  const loop = loops.find((candidate) => candidate.name === name);
  if (loop !== undefined) return loop;
  const known = loops.map((candidate) => candidate.name);
  throw new GyreError({
    kind: 'not-found',
    code: 'loops/unknown-loop',
    message: `project "${project.name}" has no loop "${name.slice(0, 80)}"${didYouMean(name, known)}`,
  });
}
