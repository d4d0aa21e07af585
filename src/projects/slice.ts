import type { Platform, ProjectSection, SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { businessNow } from './business-clock-sql.ts';
import { projectsMigrations } from './migrations.ts';
import type { Project } from './project.ts';
import { listProjectRows, requireProjectRow } from './project-store-sql.ts';
import { projectRoutes } from './routes.ts';

/** What downstream slices ask of projects. */
export interface ProjectsSlice extends SliceModule {
  /** Finds a project by name or id; throws `projects/not-found`. */
  find(tx: SqlTx, nameOrId: string): Promise<Project>;
  /** Lists all projects by name. */
  list(tx: SqlTx): Promise<readonly Project[]>;
  /** Business time of a project, milliseconds since 1970 UTC: the wall's, or the replay's. */
  businessNowMs(tx: SqlTx, projectId: string): Promise<number>;
}

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param sections - Gives the project-file sections of all slices; asked at each apply, because slices below this one are made later.
 * @returns The slice and what others call.
 */
export function createProjectsSlice(platform: Platform, sections: () => readonly ProjectSection[]): ProjectsSlice {
  return {
    name: 'projects',
    migrations: projectsMigrations,
    routes: projectRoutes(platform, sections),
    find: requireProjectRow,
    list: listProjectRows,
    businessNowMs: (tx, projectId) => businessNow(platform, tx, projectId),
  };
}
