/** Who may call what: the matrix of all routes and kinds of principals, with deny as its default. */
import { describe, expect, test } from 'vitest';
import { createAuthorizer, isRight, type Principal, Role, rightsOf } from '#access';
import { exportedRoutes } from '../scripts/generate-client.ts';

const routes = (await exportedRoutes()).map(({ contract }) => contract);
const PUBLIC = new Set(['server.health']);

const principals: readonly Principal[] = [
  ...Role.map((role) => ({ id: role, displayName: role, role, memberships: {} })),
  ...Role.map((role) => ({ id: `member-${role}`, displayName: role, role: undefined, memberships: { mine: role } })),
];
const authorize = createAuthorizer((id) => principals.find((principal) => principal.id === id));

const ask = async (id: string, right: string, project: string | undefined): Promise<boolean> =>
  (await authorize({ caller: { principal: id, displayName: id }, right, project })).allowed;

describe('every route', () => {
  test('names a right of the catalogue; only probes of readiness are public', () => {
    const strange = routes.filter(({ id, authorize: { right } }) => !isRight(right) && !(right === 'public' && PUBLIC.has(id)));

    expect(routes.length).toBeGreaterThan(10);
    expect(strange.map(({ id, authorize: { right } }) => `${id}: ${right}`)).toEqual([]);
  });

  test('asks for its right inside a project exactly when its path names one', () => {
    const wrong = routes.filter(
      ({ path, authorize: { scope, right } }) => right !== 'public' && scope === 'project' && !/\/:project(\/|$)/.test(path),
    );

    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('that changes something never needs only a right to read', () => {
    const wrong = routes.filter(
      ({ method, authorize: { right }, audit }) => method !== 'GET' && audit !== 'none' && right.endsWith(':read'),
    );

    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test.each(routes.filter(({ id }) => !PUBLIC.has(id)).map(({ id, authorize: { right, scope } }) => [id, right, scope] as const))(
    '%s is open to those whose role has %s, and to nobody else',
    async (_id, right, scope) => {
      expect(await ask('nobody', right, 'mine')).toBe(false);
      for (const role of Role) {
        const has = rightsOf(role).some((one) => one === right);

        expect([role, await ask(role, right, 'mine')]).toEqual([role, has]);
        expect([role, 'member', await ask(`member-${role}`, right, 'mine')]).toEqual([role, 'member', has]);
        expect([role, 'elsewhere', await ask(`member-${role}`, right, scope === 'project' ? 'theirs' : undefined)]).toEqual([
          role,
          'elsewhere',
          false,
        ]);
      }
    },
  );
});
