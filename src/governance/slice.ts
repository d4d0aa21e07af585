import type { EvaluationSlice } from '#evaluation';
import type { Platform, SliceModule } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import type { RegistrySlice } from '#registry';
import { governanceMigrations } from './migrations.ts';
import { governanceRoutes } from './routes.ts';
import { createExplainer } from './why.ts';

/** What this slice is given from the rooms above it. */
export interface GovernanceUpstream {
  readonly projects: ProjectsSlice;
  readonly registry: RegistrySlice;
  readonly evaluation: EvaluationSlice;
}

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - The slices whose decisions it keeps and explains.
 * @returns The slice.
 */
export function createGovernanceSlice(platform: Platform, upstream: GovernanceUpstream): SliceModule {
  return {
    name: 'governance',
    migrations: governanceMigrations,
    routes: governanceRoutes(platform, upstream.projects, createExplainer({ platform, ...upstream })),
  };
}
