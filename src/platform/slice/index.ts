/**
 * What a slice hands to the composition root: its migrations, routes, machines, effects, consumers, project-file section and background work.
 *
 * @module
 */
export type { Platform, ProjectSection, SliceModule } from './slice.ts';
