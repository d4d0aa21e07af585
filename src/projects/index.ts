/**
 * Projects and objectives: the applied project file, the business clock, and what good means.
 *
 * @module
 */
export type { ApplyOutcome } from './apply-project-sql.ts';
export { projectsErrors } from './errors.ts';
export {
  OBJECTIVE_METRICS,
  type Objective,
  type ObjectiveMetric,
  objectiveOf,
  type Project,
  type ProjectClock,
  sectionOf,
} from './project.ts';
export { outlineProject, type ProjectOutline } from './project-outline.ts';
export { createProjectsSlice, type ProjectsSlice } from './slice.ts';
