import { createAccessSlice } from '#access';
import { createDataSlice } from '#data';
import { createEvaluationSlice } from '#evaluation';
import { createGovernanceSlice } from '#governance';
import type { Platform, ProjectSection, SliceModule } from '#platform/slice';
import { createProjectsSlice, type ProjectsSlice } from '#projects';
import { createRegistrySlice } from '#registry';
import { createTrackingSlice } from '#tracking';
import { createTrainingSlice } from '#training';

/** What slices need besides the ports. */
export interface SliceWorld {
  /** Base URL of the server; known once it listens. */
  readonly serverUrl: () => string;
  /** Folder that the operator opened for commands and files of project files. */
  readonly codeRoot: string | undefined;
}

/** The slices of a server: in the order of the lifecycle, and those that `main` itself binds to ports. */
export interface Slices {
  /** In order: each needs only those before it. They start in this order and stop in the opposite one. */
  readonly all: readonly SliceModule[];
  readonly projects: ProjectsSlice;
}

/** Makes every slice: THE list. A slice is given the platform and the slices before it, nothing else. */
export function createSlices(platform: Platform, _world: SliceWorld): Slices {
  const all: SliceModule[] = [];
  const add = <Slice extends SliceModule>(slice: Slice): Slice => {
    all.push(slice);
    return slice;
  };
  // Sections are asked for at each apply, when every slice has been made.
  const sections = (): readonly ProjectSection[] => all.flatMap((slice) => slice.projectSection ?? []);

  add(createAccessSlice());
  const projects = add(createProjectsSlice(platform, sections));
  add(createDataSlice(platform, { projects }));
  const tracking = add(createTrackingSlice(platform, { projects }));
  add(createTrainingSlice(platform, { tracking }));
  const evaluation = add(createEvaluationSlice(platform, { projects, tracking }));
  const registry = add(createRegistrySlice(platform, { projects }));
  add(createGovernanceSlice(platform, { projects, registry, evaluation }));
  return { all, projects };
}
