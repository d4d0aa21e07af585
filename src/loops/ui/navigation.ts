import { listProjectsRoute } from '#projects/api';
import { type NavigationEntry, usePathNames, useRoute } from '#web';

const HOME: NavigationEntry = { label: 'Home', path: '/', key: 'h', icon: 'M2 7.5 8 2.5l6 5M3.5 6.5v7h9v-7M6.5 13.5v-4h3v4' };
const TURNS_ICON = 'M13.5 8a5.5 5.5 0 1 1-1.8-4.1M13.5 1.5v3h-3M8 5v3l2 1.5';

/** Reads the projects of the server. */
export function useProjects() {
  return useRoute(listProjectsRoute, {}, { isTouchedBy: (event) => event.topic.startsWith('projects.') });
}

/** Gives the project of the address, else the first there is; undefined without any. */
export function useCurrentProject(): string | undefined {
  const [first, name] = usePathNames('/$p/$project');
  const projects = useProjects();
  if (first === 'p' && name !== undefined) return name;
  return projects.state === 'ready' ? projects.data.items[0]?.name : undefined;
}

/**
 * Gives the entries of the rail: the screens that there are.
 *
 * @returns Home, and the turns of the current project.
 */
export function useLoopsNavigation(): readonly NavigationEntry[] {
  const project = useCurrentProject();
  if (project === undefined) return [HOME];
  return [HOME, { label: 'Turns', path: turnsPath(project), key: 't', icon: TURNS_ICON }];
}

/** Gives the address of the turns of a project. */
export function turnsPath(project: string): string {
  return `/p/${encodeURIComponent(project)}/turns`;
}

/** Gives the address of a turn. */
export function turnPath(project: string, number: number): string {
  return `${turnsPath(project)}/${String(number)}`;
}
