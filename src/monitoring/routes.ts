import { formatTime, parseTimeMs } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project, ProjectsSlice } from '#projects';
import { listAlertRows } from './alert-store-sql.ts';
import { getHealthRoute, listAlertsRoute, listMonitorsRoute, listWindowsRoute, type MonitorBody } from './api.ts';
import { listFiring } from './apply-alerts-sql.ts';
import { monitorsOf, requireMonitor } from './monitor.ts';
import type { MonitoringSlice } from './monitoring-slice.ts';
import { listWindowRows } from './window-store-sql.ts';
import { presentAlert, presentHealth, presentMonitor, presentWindow } from './window-view.ts';

const DEFAULT_PAGE = 50;

/** What the routes call. */
export interface MonitoringRouteDeps {
  readonly platform: Pick<Platform, 'database'>;
  readonly projects: Pick<ProjectsSlice, 'find'>;
  readonly health: MonitoringSlice['health'];
}

/** Binds the routes of this slice. */
export function monitoringRoutes(deps: MonitoringRouteDeps): readonly BoundRoute[] {
  const { database } = deps.platform;
  return [
    bindRoute(listMonitorsRoute, async ({ params }) => ({
      body: await database.read(async (tx) => ({
        items: await presentMonitors(tx, await deps.projects.find(tx, params.project)),
      })),
    })),
    bindRoute(getHealthRoute, async ({ params }) => ({
      body: await database.read(async (tx) => {
        const project = await deps.projects.find(tx, params.project);
        return presentHealth(await deps.health(tx, { projectId: project.id, endpoint: params.endpoint }));
      }),
    })),
    ...listRoutes(deps),
  ];
}

function listRoutes(deps: MonitoringRouteDeps): readonly BoundRoute[] {
  const { database } = deps.platform;
  return [
    bindRoute(listWindowsRoute, async ({ params, query }) => {
      const limit = query.limit ?? DEFAULT_PAGE;
      const rows = await database.read(async (tx) => {
        const project = await deps.projects.find(tx, params.project);
        const monitor = requireMonitor(project, params.monitor).name;
        const before = query.cursor === undefined ? {} : { beforeMs: parseTimeMs(query.cursor) };
        return listWindowRows(tx, { projectId: project.id, monitor, ...before, limit: limit + 1 });
      });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const rest = rows.length > limit && last !== undefined ? { nextCursor: formatTime(last.toMs) } : {};
      return { body: { items: items.map(presentWindow), ...rest } };
    }),
    bindRoute(listAlertsRoute, async ({ params, query }) => {
      const limit = query.limit ?? DEFAULT_PAGE;
      const rows = await database.read(async (tx) => {
        const project = await deps.projects.find(tx, params.project);
        const state = query.state === undefined ? {} : { state: query.state };
        const before = query.cursor === undefined ? {} : { before: Number(query.cursor) || 0 };
        return listAlertRows(tx, { projectId: project.id, ...state, ...before, limit: limit + 1 });
      });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const rest = rows.length > limit && last !== undefined ? { nextCursor: String(last.number) } : {};
      return { body: { items: items.map(presentAlert), ...rest } };
    }),
  ];
}

async function presentMonitors(tx: SqlTx, project: Project): Promise<MonitorBody[]> {
  const items: MonitorBody[] = [];
  for (const monitor of monitorsOf(project)) {
    const place = { projectId: project.id, monitor: monitor.name };
    const firing = (await listFiring(tx, place)).length;
    const [lastWindow] = await listWindowRows(tx, { ...place, limit: 1 });
    items.push(presentMonitor(monitor, { firing, lastWindow }));
  }
  return items;
}
