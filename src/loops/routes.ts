import type { PipelinesSlice } from '#pipelines';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { MachineInstance } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project, ProjectsSlice } from '#projects';
import type { ServingSlice } from '#serving';
import { abortTurn } from './abort-turn-sql.ts';
import { decideTurnRoute, getTurnRoute, homeRoute, listLoopsRoute, listTurnsRoute, startTurnRoute } from './api.ts';
import { considerTrigger } from './consider-trigger-sql.ts';
import type { HomeView } from './home-view-sql.ts';
import { loopOf, loopsOf } from './loop.ts';
import { listTurnRows, requireTurnRow } from './turn-store-sql.ts';
import { presentSummary, presentTurn } from './turn-view.ts';

/** What the routes call. */
export interface LoopRouteDeps {
  readonly platform: Platform;
  readonly projects: ProjectsSlice;
  readonly serving: Pick<ServingSlice, 'rollouts' | 'signalRollout'>;
  readonly pipelines: Pick<PipelinesSlice, 'cancelPipelinesOf'>;
  readonly home: HomeView;
}

const DEFAULT_PAGE = 50;

/** Binds the routes of this slice. */
export function loopRoutes(deps: LoopRouteDeps): readonly BoundRoute[] {
  const { platform, projects } = deps;
  return [
    bindRoute(homeRoute, async () => ({ body: await platform.database.read((tx) => deps.home(tx)) })),
    bindRoute(listLoopsRoute, async ({ params }) => ({
      body: await platform.database.read(async (tx) => ({
        items: await presentLoops(tx, await projects.find(tx, params.project)),
      })),
    })),
    bindRoute(listTurnsRoute, async ({ params, query }) => {
      const limit = query.limit ?? DEFAULT_PAGE;
      const before = query.cursor === undefined ? {} : { before: Number(query.cursor) || 0 };
      const rows = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return listTurnRows(tx, { projectId: project.id, ...before, limit: limit + 1 });
      });
      const items = rows.slice(0, limit).map(presentSummary);
      const last = items.at(-1);
      return { body: { items, ...(rows.length > limit && last !== undefined ? { nextCursor: String(last.number) } : {}) } };
    }),
    bindRoute(getTurnRoute, async ({ params }) => ({
      body: await platform.database.read(async (tx) => {
        const { instance, project } = await turnOf(deps, tx, params);
        return presentTurn(instance, project.name);
      }),
    })),
    bindRoute(startTurnRoute, async ({ params, body, caller }) => {
      const outcome = await platform.database.transaction(async (tx) => {
        const project = await projects.find(tx, params.project);
        const businessAtMs = await projects.businessNowMs(tx, project.id);
        const trigger = { kind: 'manual', source: caller.principal, reason: body.reason, businessAtMs, facts: {} } as const;
        return considerTrigger(platform, tx, {
          projectId: project.id,
          loop: loopOf(project, params.loop),
          trigger,
          actor: caller.principal,
        });
      });
      platform.machines.wake();
      return { body: { disposition: outcome.disposition, turn: outcome.number, id: outcome.turnId } };
    }),
    bindRoute(decideTurnRoute, async ({ params, body, caller }) => ({
      body: await platform.database.transaction(async (tx) => {
        const found = await turnOf(deps, tx, params);
        return presentTurn(
          await abortTurn(deps, tx, { ...found, actor: caller.principal, reason: body.reason }),
          found.project.name,
        );
      }),
    })),
  ];
}

async function presentLoops(tx: SqlTx, project: Project) {
  const items = [];
  for (const { scheduleMs, ...loop } of loopsOf(project)) {
    const last = (await listTurnRows(tx, { projectId: project.id, loop: loop.name, limit: 1 }))[0];
    items.push({
      ...loop,
      alerts: [...loop.alerts],
      ...(scheduleMs === 0 ? {} : { scheduleMs }),
      ...(last === undefined ? {} : { lastTurn: presentSummary(last) }),
    });
  }
  return items;
}

async function turnOf(
  deps: Pick<LoopRouteDeps, 'platform' | 'projects'>,
  tx: SqlTx,
  params: { readonly project: string; readonly turn: string },
): Promise<{ readonly instance: MachineInstance; readonly project: Project }> {
  const project = await deps.projects.find(tx, params.project);
  const row = await requireTurnRow(tx, project.id, params.turn);
  const instance = await deps.platform.machines.get(tx, row.id);
  if (instance === undefined) throw new Error(`turn ${row.id} has a row and no instance`);
  return { instance, project };
}
