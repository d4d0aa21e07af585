import { GyreError } from '#kernel';
import type { ApiCall } from '#platform/cli';
import { projectOfFile } from './project-file.ts';

/** Gives the project of a command that names none: that of the project file upwards, or the only one of the server. */
export async function defaultProject(call: ApiCall): Promise<string> {
  const named = projectOfFile(process.cwd());
  if (named !== undefined) return named;
  const { listProjectsRoute } = await import('#projects/api');
  const { items } = await call(listProjectsRoute);
  const [only] = items;
  if (only !== undefined && items.length === 1) return only.name;
  throw new GyreError({
    kind: 'invalid',
    code: 'cli/needs-project',
    message:
      items.length === 0
        ? 'the server has no project yet'
        : `the server has ${String(items.length)} projects (${items.map(({ name }) => name).join(', ')}); name one with --project`,
    help: items.length === 0 ? 'apply a project file, or run: npm run demo' : `--project ${only?.name ?? 'NAME'}`,
  });
}
