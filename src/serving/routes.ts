import type { BoundRoute } from '#platform/http';
import { endpointRoutes } from './endpoint-routes.ts';
import { rolloutRoutes } from './rollout-routes.ts';
import type { RouteSlice } from './route-slice.ts';

/** Binds the routes of this slice. */
export function servingRoutes(parts: RouteSlice): readonly BoundRoute[] {
  return [...endpointRoutes(parts), ...rolloutRoutes(parts)];
}
