import { didYouMean, GyreError, type JsonObject, parseTimeMs } from '#kernel';

/** Whose time a project lives in: the wall's, or one that only moves when the API advances it. */
export type ProjectClock = 'wall' | 'replay';

/** The container of all work on one application, with its applied project file. */
export interface Project {
  readonly id: string;
  /** Label for people, unique on the server. */
  readonly name: string;
  readonly clock: ProjectClock;
  /** The applied project file as one JSON document. */
  readonly document: JsonObject;
  /** Identity of the document; approvals are bound to it. */
  readonly documentDigest: string;
  /** Counts applied documents, from 1. */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Names of metrics an objective may use, and which way is better. */
export const OBJECTIVE_METRICS = {
  roc_auc: 'maximize',
  average_precision: 'maximize',
  accuracy: 'maximize',
  f1: 'maximize',
  r2: 'maximize',
  log_loss: 'minimize',
  brier: 'minimize',
  rmse: 'minimize',
  mae: 'minimize',
} as const;

/** One metric an objective may use. */
export type ObjectiveMetric = keyof typeof OBJECTIVE_METRICS;

/** What good means: a metric with its target, owner and due date, and guards that no improvement may break. */
export interface Objective {
  readonly name: string;
  readonly metric: ObjectiveMetric;
  readonly direction: 'maximize' | 'minimize';
  /** In the metric's own unit. */
  readonly target: number;
  readonly owner: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly dueAtMs: number | undefined;
  readonly guards: { readonly latencyP99Ms?: number };
}

/**
 * Reads one top-level section of a project's document.
 *
 * @param project - The project; its document was validated when it was applied.
 * @param key - Top-level key, such as `datasets`.
 * @returns The section, or undefined when the project file has none. Its type is the caller's claim: the owner of the key passes the type of its own schema.
 * @example
 * ```ts
 * sectionOf({ document: { datasets: {} } }, 'gates'); // => undefined
 * ```
 */
export function sectionOf<T>(project: Pick<Project, 'document'>, key: string): T | undefined {
  // The whole document was checked against the owner's schema before it was stored.
  return project.document[key] as T | undefined;
}

/** One objective as the project file writes it. */
export interface ObjectiveSection {
  readonly metric: ObjectiveMetric;
  readonly target: number;
  readonly owner?: string;
  readonly due?: string;
  readonly guards?: { readonly latencyP99Ms?: number };
}

/**
 * Finds an objective of a project.
 *
 * @param project - The project.
 * @param name - Name in the section `objectives`.
 * @returns The objective with its direction filled in.
 * @throws {@link GyreError} `projects/unknown-objective` when the file has none of that name.
 */
export function objectiveOf(project: Pick<Project, 'document' | 'name'>, name: string): Objective {
  const section = sectionOf<Readonly<Record<string, ObjectiveSection>>>(project, 'objectives') ?? {};
  const objective = section[name];
  if (objective === undefined) {
    throw new GyreError({
      kind: 'invalid',
      code: 'projects/unknown-objective',
      message: `project "${project.name}" has no objective "${name}"${didYouMean(name, Object.keys(section))}`,
    });
  }
  return {
    name,
    metric: objective.metric,
    direction: OBJECTIVE_METRICS[objective.metric],
    target: objective.target,
    owner: objective.owner,
    dueAtMs: objective.due === undefined ? undefined : parseTimeMs(objective.due),
    guards: objective.guards ?? {},
  };
}
