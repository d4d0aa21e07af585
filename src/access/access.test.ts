import { describe, expect, test } from 'vitest';
import {
  createAuthorizer,
  decideAccess,
  isLoopback,
  LOCAL_OWNER,
  localAuthenticator,
  localAuthorizer,
  type Principal,
  RIGHTS,
  Role,
  requireLoopback,
  rightsOf,
} from './index.ts';

const someone = (role: Role | undefined, memberships: Principal['memberships'] = {}): Principal => ({
  id: 'x',
  displayName: 'X',
  role,
  memberships,
});

describe('rights', () => {
  test('are all an owner has, and nobody else has all', () => {
    expect(rightsOf('owner')).toEqual(Object.keys(RIGHTS));
    for (const role of Role.filter((one) => one !== 'owner'))
      expect([role, rightsOf(role).length < Object.keys(RIGHTS).length]).toEqual([role, true]);
  });

  test('of a viewer change nothing', () => {
    expect(rightsOf('viewer').filter((right) => !right.endsWith(':read'))).toEqual([]);
  });

  test('to read the audit log belong to owners and auditors only', () => {
    expect(Role.filter((role) => rightsOf(role).includes('audit:read'))).toEqual(['owner', 'auditor']);
  });

  test('to approve belong to owners only', () => {
    expect(Role.filter((role) => rightsOf(role).includes('governance:approve'))).toEqual(['owner']);
  });
});

describe('a decision', () => {
  test('is no for nobody, for nothing known, and for no role', () => {
    expect(decideAccess(undefined, 'data:read', undefined)).toEqual({ allowed: false, reason: 'the caller is not known here' });
    expect(decideAccess(LOCAL_OWNER, 'data:raed', undefined)).toMatchObject({
      allowed: false,
      reason: 'there is no right "data:raed"',
    });
    expect(decideAccess(LOCAL_OWNER, 'constructor', undefined).allowed).toBe(false);
    expect(decideAccess(someone(undefined), 'data:read', undefined)).toMatchObject({ allowed: false });
  });

  test('says which role lacks the right, and who can help', () => {
    expect(decideAccess(someone('viewer'), 'data:write', undefined)).toEqual({
      allowed: false,
      reason: 'the role viewer does not give it; an owner can give a role that has "data:write"',
    });
  });

  test('counts a membership in its own project only', () => {
    const member = someone(undefined, { churn: 'engineer' });

    expect(decideAccess(member, 'data:write', 'churn').allowed).toBe(true);
    expect(decideAccess(member, 'data:write', 'flights').allowed).toBe(false);
    expect(decideAccess(member, 'data:write', undefined).allowed).toBe(false);
    expect(decideAccess(member, 'data:write', 'constructor').allowed).toBe(false);
  });

  test('is asked anew for every call', async () => {
    const known = new Map<string, Principal>();
    const authorize = createAuthorizer((id) => known.get(id));
    const check = { caller: { principal: 'x', displayName: 'X' }, right: 'data:read', project: undefined };
    const before = await authorize(check);
    known.set('x', someone('viewer'));

    expect([before.allowed, (await authorize(check)).allowed]).toEqual([false, true]);
  });
});

describe('local mode', () => {
  test('lets the local owner do everything, and nobody else anything', async () => {
    const authorize = localAuthorizer();
    for (const right of Object.keys(RIGHTS)) {
      const owner = await authorize({ caller: { principal: 'local-owner', displayName: '' }, right, project: 'churn' });
      const other = await authorize({ caller: { principal: 'someone', displayName: '' }, right, project: 'churn' });

      expect([right, owner.allowed, other.allowed]).toEqual([right, true, false]);
    }
  });

  test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', 'localhost'])('takes %s for this machine', (address) => {
    expect(isLoopback(address)).toBe(true);
    expect(() => requireLoopback(address)).not.toThrow();
  });

  test.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', '128.0.0.1', '::ffff:10.0.0.1', ''])(
    'takes %s for another machine',
    (address) => {
      expect(isLoopback(address)).toBe(false);
      expect(() => requireLoopback(address)).toThrow('no sign-in');
    },
  );

  test('answers callers of this machine only', async () => {
    const authenticate = localAuthenticator();

    expect(await authenticate({ headers: {}, remoteAddress: '::1' })).toMatchObject({ principal: 'local-owner' });
    await expect(authenticate({ headers: {}, remoteAddress: '10.0.0.1' })).rejects.toMatchObject({ code: 'access/not-local' });
    await expect(authenticate({ headers: {}, remoteAddress: undefined })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});
