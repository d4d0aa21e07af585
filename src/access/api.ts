/**
 * The wire contract of access: who is calling.
 *
 * @module
 */
import { type Static, Type } from 'typebox';
import { defineRoute } from '#platform/http/api';

/** Who is calling, and what they may do. */
export const WhoamiSchema = Type.Object({
  principal: Type.String({ description: 'Id as it stands in the audit log' }),
  displayName: Type.String({ description: 'Name for people' }),
  role: Type.Optional(Type.String({ description: 'Role on the whole server; absent when only memberships count' })),
  rights: Type.Array(Type.String(), { description: 'Rights on the whole server' }),
  mode: Type.Literal('local', { description: 'How callers are known: local means by being on this machine' }),
});
/** Who is calling. */
export type Whoami = Static<typeof WhoamiSchema>;

/** `GET /api/v1/whoami`. */
export const whoamiRoute = defineRoute({
  id: 'access.whoami',
  method: 'GET',
  path: '/api/v1/whoami',
  summary: 'Tells who is calling and which rights they have on the whole server.',
  answer: WhoamiSchema,
  authorize: { right: 'access:read', scope: 'server' },
});

/** All routes of the slice. */
export const accessRoutes = [whoamiRoute] as const;
