import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import { endOpenRuns, finishRun } from './finish-run-sql.ts';
import { listRuns } from './list-runs-sql.ts';
import { logMetrics, readMetricHistory } from './metrics-sql.ts';
import { trackingMigrations } from './migrations.ts';
import { trackingRoutes } from './routes.ts';
import { addArtifact, addInputs, logEstimates, logParams, setTags } from './run-details-sql.ts';
import { listExperimentRows } from './run-rows-sql.ts';
import { type RunPorts, requireRun, startRun } from './start-run-sql.ts';
import type { TrackingSlice } from './tracking.ts';

/**
 * Makes the slice.
 *
 * @param platform - The ports; the store, the event log, the clock and ids are used.
 * @param upstream - `projects` finds the project that a route names.
 * @returns The slice and what others call.
 */
export function createTrackingSlice(
  platform: Pick<Platform, 'database'> & RunPorts,
  upstream: { readonly projects: Pick<ProjectsSlice, 'find'> },
): TrackingSlice {
  return {
    name: 'tracking',
    migrations: trackingMigrations,
    routes: trackingRoutes(platform.database, upstream.projects),
    startRun: (tx, start) => startRun(platform, tx, start),
    logParams,
    logMetrics: (tx, runId, points) => logMetrics(platform, tx, runId, points),
    logEstimates,
    setTags,
    addArtifact,
    addInputs,
    finishRun: (tx, runId, end) => finishRun(platform, tx, runId, end),
    endOpenRuns: (tx, request) => endOpenRuns(platform, tx, request),
    findRun: requireRun,
    listRuns,
    metricHistory: readMetricHistory,
    listExperiments: listExperimentRows,
  };
}
