import { whoamiRoute } from '#access/api';
import { type BoundRoute, bindRoute } from '#platform/http';
import { LOCAL_OWNER } from './principal.ts';
import { rightsOf } from './roles.ts';

/** Binds the routes of the slice. */
export function createAccessRoutes(): readonly BoundRoute[] {
  return [
    bindRoute(whoamiRoute, async ({ caller }) => {
      const { role } = LOCAL_OWNER;
      const rights = role === undefined ? [] : rightsOf(role);
      return {
        body: {
          principal: caller.principal,
          displayName: caller.displayName,
          ...(role === undefined ? {} : { role }),
          rights: [...rights],
          mode: 'local' as const,
        },
      };
    }),
  ];
}
