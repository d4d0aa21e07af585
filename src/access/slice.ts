import type { SliceModule } from '#platform/slice';
import { createAccessRoutes } from './routes.ts';

/**
 * Makes the slice of local mode: it knows the local owner, and keeps nothing.
 *
 * @returns The slice, ready to be composed.
 * @example
 * ```ts
 * createAccessSlice().name; // => 'access'
 * ```
 */
export function createAccessSlice(): SliceModule {
  return { name: 'access', routes: createAccessRoutes() };
}
