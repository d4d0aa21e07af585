import { DAY_MS, didYouMean, GyreError, parseDurationMs } from '#kernel';
import { type ObjectiveMetric, objectiveOf, type Project, sectionOf } from '#projects';

/** One monitor as the project file writes it. */
export interface MonitorSection {
  readonly endpoint: string;
  readonly outcome?: string;
  readonly window?: string;
  readonly minimumRows?: number;
  readonly maturity?: string;
  readonly drift?: {
    readonly method?: 'psi';
    readonly warn?: number;
    readonly alert?: number;
    readonly missing?: number;
    readonly features?: readonly string[];
  };
  readonly performance?: {
    readonly objective: string;
    readonly metric?: string;
    readonly minimumCoverage?: number;
    readonly maturity?: string;
  };
}

/** When drift is worth an alert. */
export interface DriftRules {
  /** Value below which nothing is said, and which the lower end of an alert's interval must exceed. */
  readonly warn: number;
  /** Value from which a feature or the score has drifted. */
  readonly alert: number;
  /** Largest change of the share of missing values that counts as none. */
  readonly missing: number;
  /** Inputs that are watched; undefined watches all. */
  readonly features: readonly string[] | undefined;
}

/** When realized performance is worth an alert. */
export interface PerformanceRules {
  readonly objective: string;
  readonly metric: ObjectiveMetric;
  readonly direction: 'maximize' | 'minimize';
  /** In the metric's own unit. */
  readonly target: number;
  /** Outcome feed that brings the labels. */
  readonly outcome: string;
  /** Share of labels that must be in before anything is decided. */
  readonly minimumCoverage: number;
  /** How long after a window its labels are awaited. */
  readonly maturityMs: number;
}

/** A monitor of one endpoint, with defaults filled in. */
export interface Monitor {
  readonly name: string;
  readonly endpoint: string;
  readonly windowMs: number;
  /** Rows below which nothing is decided. */
  readonly minimumRows: number;
  readonly drift: DriftRules;
  /** Undefined where nothing is known of outcomes. */
  readonly performance: PerformanceRules | undefined;
}

/** The shipped numbers of a monitor. */
export const MONITOR_DEFAULTS = {
  windowMs: 7 * DAY_MS,
  minimumRows: 200,
  warn: 0.1,
  alert: 0.25,
  missing: 0.05,
  minimumCoverage: 0.8,
  maturityMs: DAY_MS,
} as const;

/** Gives the monitors of a project file, by name. */
export function monitorsOf(project: Project): readonly Monitor[] {
  const sections = sectionOf<Readonly<Record<string, MonitorSection>>>(project, 'monitors') ?? {};
  return Object.entries(sections).map(([name, section]) => toMonitor(project, name, section));
}

/** Finds a monitor of a project file; undefined when it has none of that name. */
export function findMonitor(project: Project, name: string): Monitor | undefined {
  return monitorsOf(project).find((monitor) => monitor.name === name);
}

/** Finds a monitor by name, or throws `monitoring/unknown-monitor` with the nearest name. */
export function requireMonitor(project: Project, name: string): Monitor {
  const monitors = monitorsOf(project);
  const found = monitors.find((monitor) => monitor.name === name);
  if (found !== undefined) return found;
  const names = monitors.map((monitor) => monitor.name);
  throw new GyreError({
    kind: 'not-found',
    code: 'monitoring/unknown-monitor',
    message: `project "${project.name}" has no monitor "${name.slice(0, 80)}"${didYouMean(name, names)}`,
    help: 'the section "monitors" of the project file lists them',
  });
}

/** Names the outcome feed that brings an endpoint's labels; undefined when the project file has none. */
export function outcomeOf(project: Pick<Project, 'document'>, endpoint: string): string | undefined {
  const outcomes = sectionOf<Readonly<Record<string, { readonly endpoint: string }>>>(project, 'outcomes') ?? {};
  return Object.entries(outcomes).find(([, outcome]) => outcome.endpoint === endpoint)?.[0];
}

function toMonitor(project: Project, name: string, section: MonitorSection): Monitor {
  const { drift = {} } = section;
  return {
    name,
    endpoint: section.endpoint,
    windowMs: durationOr(section.window, MONITOR_DEFAULTS.windowMs),
    minimumRows: section.minimumRows ?? MONITOR_DEFAULTS.minimumRows,
    drift: {
      warn: drift.warn ?? MONITOR_DEFAULTS.warn,
      alert: drift.alert ?? MONITOR_DEFAULTS.alert,
      missing: drift.missing ?? MONITOR_DEFAULTS.missing,
      features: drift.features,
    },
    performance: performanceOf(project, section),
  };
}

function performanceOf(project: Project, section: MonitorSection): PerformanceRules | undefined {
  const { performance } = section;
  const outcome = section.outcome ?? outcomeOf(project, section.endpoint);
  if (performance === undefined || outcome === undefined) return undefined;
  const objective = objectiveOf(project, performance.objective);
  return {
    objective: objective.name,
    metric: objective.metric,
    direction: objective.direction,
    target: objective.target,
    outcome,
    minimumCoverage: performance.minimumCoverage ?? MONITOR_DEFAULTS.minimumCoverage,
    maturityMs: durationOr(performance.maturity ?? section.maturity, MONITOR_DEFAULTS.maturityMs),
  };
}

function durationOr(text: string | undefined, otherwiseMs: number): number {
  return text === undefined ? otherwiseMs : parseDurationMs(text);
}
