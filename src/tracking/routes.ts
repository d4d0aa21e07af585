import { type Estimate, formatTime, toWireNumber } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { SqlDatabase } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import { getMetricHistoryRoute, getRunRoute, listExperimentsRoute, listRunsRoute, type RunBody } from './api.ts';
import { listRuns } from './list-runs-sql.ts';
import { readMetricHistory } from './metrics-sql.ts';
import type { MetricPoint, Run } from './run.ts';
import { listExperimentRows, requireRunId } from './run-rows-sql.ts';
import { requireRun } from './start-run-sql.ts';

/** Binds the routes of this slice. */
export function trackingRoutes(database: SqlDatabase, projects: Pick<ProjectsSlice, 'find'>): readonly BoundRoute[] {
  return [
    bindRoute(listRunsRoute, async ({ params, query: { parent, ...query } }) => {
      const page = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        const parentRunId = parent === undefined ? {} : { parentRunId: parent };
        return listRuns(tx, { ...query, ...parentRunId, projectId: project.id });
      });
      return { body: { ...page, items: page.items.map(presentRun) } };
    }),
    bindRoute(getRunRoute, async ({ params }) => {
      const run = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return requireRun(tx, await requireRunId(tx, project.id, params.run));
      });
      return { body: presentRun(run) };
    }),
    bindRoute(getMetricHistoryRoute, async ({ params, query }) => {
      const page = await database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return readMetricHistory(tx, { ...query, runId: await requireRunId(tx, project.id, params.run) });
      });
      return { body: { ...page, items: page.items.map(presentPoint) } };
    }),
    bindRoute(listExperimentsRoute, async ({ params }) => {
      const experiments = await database.read(async (tx) => listExperimentRows(tx, (await projects.find(tx, params.project)).id));
      return {
        body: { items: experiments.map(({ id, name, createdAtMs }) => ({ id, name, createdAt: formatTime(createdAtMs) })) },
      };
    }),
  ];
}

function presentRun(run: Run): RunBody {
  return {
    id: run.id,
    number: run.number,
    experiment: run.experiment,
    name: run.name,
    kind: run.kind,
    state: run.state,
    ...(run.parentRunId === undefined ? {} : { parentRunId: run.parentRunId }),
    params: { ...run.params },
    metrics: mapValues(run.metrics, presentPoint),
    estimates: mapValues(run.estimates, presentEstimate),
    tags: { ...run.tags },
    artifacts: run.artifacts.map((artifact) => ({ ...artifact })),
    inputs: run.inputs.map((input) => ({ ...input })),
    startedAt: formatTime(run.startedAtMs),
    ...(run.endedAtMs === undefined ? {} : { endedAt: formatTime(run.endedAtMs) }),
    ...(run.failure === undefined ? {} : { failure: { ...run.failure } }),
    version: run.version,
  };
}

function presentPoint({ value, step, atMs }: MetricPoint) {
  return { value: toWireNumber(value), step, at: formatTime(atMs) };
}

function presentEstimate({ value, low, high, level, n, method }: Estimate) {
  return { value: toWireNumber(value), low: toWireNumber(low), high: toWireNumber(high), level, n, method };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
