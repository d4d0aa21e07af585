import { formatTime, parseTimeMs } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { Platform, ProjectSection } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import {
  advanceClockRoute,
  applyProjectRoute,
  getClockRoute,
  getProjectRoute,
  listProjectsRoute,
  type ProjectBody,
  projectSchemaRoute,
} from './api.ts';
import { applyProject } from './apply-project-sql.ts';
import { advanceBusinessClock, businessNow } from './business-clock-sql.ts';
import type { Project } from './project.ts';
import { projectDocumentSchema } from './project-schema.ts';
import { listProjectRows, requireProjectRow } from './project-store-sql.ts';

/** Binds the routes of this slice. */
export function projectRoutes(platform: Platform, sections: () => readonly ProjectSection[]): readonly BoundRoute[] {
  return [
    bindRoute(applyProjectRoute, async ({ params, body, caller, requestId }) => {
      // The parsers of project files are a fifth of all modules: they come with the first file, not with the start of the server.
      const { parseProjectDocument } = await import('./project-document.ts');
      const document = parseProjectDocument(body, sections());
      const input = { name: params.project, document, sourceText: body.text, actor: caller.principal, requestId };
      const outcome = await platform.database.transaction(async (tx) => {
        const { project, change } = await applyProject(platform, tx, input);
        return { change, project: await presentProject(platform, tx, project) };
      });
      return { body: outcome };
    }),
    bindRoute(listProjectsRoute, async () => {
      const items = await platform.database.read(async (tx) => {
        const projects: ProjectBody[] = [];
        for (const project of await listProjectRows(tx)) projects.push(await presentProject(platform, tx, project));
        return projects;
      });
      return { body: { items } };
    }),
    bindRoute(getProjectRoute, async ({ params }) => {
      const body = await platform.database.read(async (tx) => {
        const project = await requireProjectRow(tx, params.project);
        return { project: await presentProject(platform, tx, project), document: { ...project.document } };
      });
      return { body };
    }),
    bindRoute(projectSchemaRoute, async () => ({ body: await Promise.resolve({ ...projectDocumentSchema(sections()) }) })),
    ...clockRoutes(platform),
  ];
}

function clockRoutes(platform: Platform): readonly BoundRoute[] {
  return [
    bindRoute(getClockRoute, async ({ params }) => {
      return { body: await presentSettledClock(platform, params.project) };
    }),
    bindRoute(advanceClockRoute, async ({ params, body }) => {
      const toMs = parseTimeMs(body.to);
      const answer = await platform.database.transaction(async (tx) => {
        await advanceBusinessClock(platform, tx, { project: await requireProjectRow(tx, params.project), toMs });
        return presentClock(platform, tx, params.project);
      });
      platform.machines.wake();
      return { body: answer };
    }),
  ];
}

/** An event that consumers have not handled moves something yet: it counts as pending. */
async function presentSettledClock(platform: Platform, nameOrId: string) {
  const handled = await platform.database.read((tx) => platform.events.lastPosition(tx));
  await platform.events.settled();
  return platform.database.read(async (tx) => {
    const clock = await presentClock(platform, tx, nameOrId);
    const news = (await platform.events.lastPosition(tx)) - handled;
    return { ...clock, pending: clock.pending + news };
  });
}

async function presentClock(platform: Platform, tx: SqlTx, nameOrId: string) {
  const project = await requireProjectRow(tx, nameOrId);
  const nowMs = await businessNow(platform, tx, project.id);
  return { clock: project.clock, now: formatTime(nowMs), pending: await platform.machines.pending(tx, project.id) };
}

async function presentProject(platform: Platform, tx: SqlTx, project: Project): Promise<ProjectBody> {
  const description = project.document['description'];
  return {
    id: project.id,
    name: project.name,
    ...(typeof description === 'string' ? { description } : {}),
    clock: project.clock,
    businessNow: formatTime(await businessNow(platform, tx, project.id)),
    documentDigest: project.documentDigest,
    revision: project.revision,
    createdAt: formatTime(project.createdAtMs),
    updatedAt: formatTime(project.updatedAtMs),
  };
}
