import { Type } from 'typebox';
import { DAY_MS, didYouMean, type Problem, parseDurationMs } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import { MONITOR_DEFAULTS, type MonitorSection } from './monitor.ts';

const Strict = { additionalProperties: false } as const;
const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });
const Duration = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d|w)$', description: 'Such as 7d' });
const LEAST_WINDOW_MS = 3 * DAY_MS;

const DriftSchema = Type.Object(
  {
    method: Type.Optional(Type.Enum(['psi'], { description: 'Population stability index on ten reference quantile bins' })),
    warn: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Default 0.1' })),
    alert: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Default 0.25' })),
    missing: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Change of the share of missing values; default 0.05' }),
    ),
    features: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 1000, description: 'Inputs to watch; default all' }),
    ),
  },
  Strict,
);

const PerformanceSchema = Type.Object(
  {
    objective: Type.String({ description: 'Name in objectives: the metric and the target' }),
    metric: Type.Optional(Type.String({ description: 'Metric of the objective; may be left out' })),
    minimumCoverage: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: 'Share of outcomes that must be in; default 0.8' }),
    ),
    maturity: Type.Optional(Duration),
  },
  Strict,
);

/** Top-level key `monitors` of the project file. */
export const monitorsSection: ProjectSection = {
  key: 'monitors',
  schema: Type.Record(
    Name,
    Type.Object(
      {
        endpoint: Type.String({ description: 'Endpoint that is watched' }),
        outcome: Type.Optional(Type.String({ description: 'Outcome feed; default the one of the endpoint' })),
        window: Type.Optional(Duration),
        minimumRows: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Rows below which nothing is decided; default 200' }),
        ),
        maturity: Type.Optional(Duration),
        drift: Type.Optional(DriftSchema),
        performance: Type.Optional(PerformanceSchema),
      },
      Strict,
    ),
    { description: 'What is watched of endpoints, window by window of business time' },
  ),
  check: (section, document) =>
    // The schema above was checked before.
    Object.entries(section as Readonly<Record<string, MonitorSection>>).flatMap(([name, monitor]) => [
      ...nameProblems(document, { pointer: `/monitors/${name}/endpoint`, key: 'endpoints', name: monitor.endpoint }),
      ...nameProblems(document, { pointer: `/monitors/${name}/outcome`, key: 'outcomes', name: monitor.outcome }),
      ...windowProblems(`/monitors/${name}`, monitor),
      ...driftProblems(`/monitors/${name}/drift`, monitor),
      ...performanceProblems(`/monitors/${name}/performance`, monitor, document),
    ]),
};

function nameProblems(
  document: Readonly<Record<string, unknown>>,
  reference: { readonly pointer: string; readonly key: string; readonly name: string | undefined },
): readonly Problem[] {
  const { name, key, pointer } = reference;
  const known = Object.keys(membersOf(document[key]));
  if (name === undefined || known.includes(name)) return [];
  const hint = didYouMean(name, known) || `; there are: ${known.join(', ') || 'none'}`;
  return [{ pointer, code: 'monitoring/unknown-name', detail: `"${name}" is not in "${key}"${hint}` }];
}

function windowProblems(pointer: string, monitor: MonitorSection): readonly Problem[] {
  const windowMs = monitor.window === undefined ? MONITOR_DEFAULTS.windowMs : parseDurationMs(monitor.window);
  if (windowMs >= LEAST_WINDOW_MS) return [];
  const detail = `a window of ${monitor.window ?? ''} holds fewer than 3 days; days are the unit of evidence, so nothing would ever be decided: write 3d or more`;
  return [{ pointer: `${pointer}/window`, code: 'monitoring/window-too-short', detail }];
}

function driftProblems(pointer: string, monitor: MonitorSection): readonly Problem[] {
  const { warn = MONITOR_DEFAULTS.warn, alert = MONITOR_DEFAULTS.alert } = monitor.drift ?? {};
  if (warn <= alert) return [];
  const detail = `the warning line ${String(warn)} lies above the alert line ${String(alert)}`;
  return [{ pointer: `${pointer}/warn`, code: 'monitoring/bad-thresholds', detail }];
}

function performanceProblems(
  pointer: string,
  monitor: MonitorSection,
  document: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const { performance } = monitor;
  if (performance === undefined) return [];
  const unknown = nameProblems(document, { pointer: `${pointer}/objective`, key: 'objectives', name: performance.objective });
  const metric = membersOf(membersOf(document['objectives'])[performance.objective])['metric'];
  return [
    ...unknown,
    ...outcomeProblems(pointer, monitor, document),
    ...metricProblems(pointer, performance, typeof metric === 'string' ? metric : undefined),
  ];
}

function outcomeProblems(
  pointer: string,
  monitor: MonitorSection,
  document: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const feeds = Object.values(membersOf(document['outcomes'])).map((outcome) => membersOf(outcome)['endpoint']);
  if (monitor.outcome !== undefined || feeds.includes(monitor.endpoint)) return [];
  const detail = `no outcome feed brings labels for endpoint "${monitor.endpoint}"; add one to "outcomes"`;
  return [{ pointer, code: 'monitoring/no-outcome', detail }];
}

function metricProblems(
  pointer: string,
  performance: { readonly objective: string; readonly metric?: string },
  metric: string | undefined,
): readonly Problem[] {
  if (metric === 'r2') {
    const detail = `objective "${performance.objective}" has the metric r2, which windows cannot estimate by day; use rmse or mae`;
    return [{ pointer: `${pointer}/objective`, code: 'monitoring/metric-not-estimated', detail }];
  }
  if (metric === undefined || performance.metric === undefined || performance.metric === metric) return [];
  const detail = `objective "${performance.objective}" has the metric ${metric}, not ${performance.metric}; leave "metric" out`;
  return [{ pointer: `${pointer}/metric`, code: 'monitoring/other-metric', detail }];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be read as a record of unknowns.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
