import type { FeedbackSlice } from '#feedback';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import type { RegistrySlice } from '#registry';
import type { ServingSlice } from '#serving';
import { listAlertRows } from './alert-store-sql.ts';
import { createCanaryQuality } from './compare-canary.ts';
import { monitoringConsumers } from './consumers.ts';
import { evaluateWindow } from './evaluate-window-store.ts';
import { healthOf } from './health.ts';
import { monitoringMigrations } from './migrations.ts';
import { monitorsOf } from './monitor.ts';
import type { MonitorNumerics } from './monitor-protocol.ts';
import type { MonitoringSlice } from './monitoring-slice.ts';
import { monitorsSection } from './monitors-section.ts';
import { createThreadNumerics } from './numerics-worker.ts';
import { monitoringRoutes } from './routes.ts';
import { EVALUATE_KIND, watchMachine } from './watch-machine.ts';
import { listWindowRows } from './window-store-sql.ts';

/** What this slice is given from the rooms above it. */
export interface MonitoringUpstream {
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly registry: Pick<RegistrySlice, 'listVersions'>;
  readonly serving: Pick<ServingSlice, 'readPredictions'>;
  readonly feedback: Pick<FeedbackSlice, 'labelledPredictions' | 'settled'>;
}

const MOST_FIRING = 100;
const WINDOWS_OF_HEALTH = 60;

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - `projects` gives rules and the business clock, `registry` the training table of a served model, `serving` what it answered, `feedback` what came true.
 * @param numerics - What computes; a thread of its own unless told.
 * @returns The slice and what others call.
 */
export function createMonitoringSlice(
  platform: Pick<Platform, 'database' | 'blobs' | 'clock' | 'ids' | 'events' | 'audit' | 'machines' | 'failpoint'>,
  upstream: MonitoringUpstream,
  numerics: MonitorNumerics = createThreadNumerics(),
): MonitoringSlice {
  const health: MonitoringSlice['health'] = (tx, query) => readHealth(upstream, tx, query);
  return {
    name: 'monitoring',
    migrations: monitoringMigrations,
    projectSection: monitorsSection,
    routes: monitoringRoutes({ platform, projects: upstream.projects, health }),
    defineMachines: (machines) => {
      machines.define(watchMachine);
    },
    effects: { [EVALUATE_KIND]: evaluateWindow({ platform, ...upstream, numerics }) },
    consumers: monitoringConsumers({ platform, projects: upstream.projects }),
    stop: () => numerics.stop(),
    windows: listWindowRows,
    alerts: listAlertRows,
    health,
    quality: createCanaryQuality({ ...upstream, numerics }),
  };
}

async function readHealth(
  upstream: MonitoringUpstream,
  tx: SqlTx,
  query: { readonly projectId: string; readonly endpoint: string },
): ReturnType<MonitoringSlice['health']> {
  const project = await upstream.projects.find(tx, query.projectId);
  const monitors = monitorsOf(project).filter((monitor) => monitor.endpoint === query.endpoint);
  const watchesPerformance = monitors.some((monitor) => monitor.performance !== undefined);
  const watched = watchesPerformance ? 'performance' : 'drift';
  return healthOf({
    windows: await listWindowRows(tx, { ...query, limit: WINDOWS_OF_HEALTH }),
    firing: await listAlertRows(tx, { ...query, state: 'firing', limit: MOST_FIRING }),
    watch: monitors.length === 0 ? 'none' : watched,
  });
}
