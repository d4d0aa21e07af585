import type { Right } from './rights.ts';
import { isRight } from './rights.ts';
import { type Role, rightsOf } from './roles.ts';

/** Someone or something that acts, with the role it has everywhere and those it has in single projects. */
export interface Principal {
  /** Written to the audit log: `local-owner`, `service:loop`. */
  readonly id: string;
  readonly displayName: string;
  /** Role on the whole server; none means that only memberships count. */
  readonly role: Role | undefined;
  /** Roles by name or id of the project. */
  readonly memberships: Readonly<Record<string, Role>>;
}

/** Whoever sits at this machine, in local mode: owner of everything. */
export const LOCAL_OWNER: Principal = { id: 'local-owner', displayName: 'Local owner', role: 'owner', memberships: {} };

/** A decision about a right. */
export type AccessDecision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * Decides whether a principal has a right. What no role gives is denied, and so is a right that the catalogue does not have.
 *
 * @param principal - Who asks; undefined is nobody, who has no right.
 * @param right - The right, as a route names it.
 * @param project - Project of the path, when the right is asked for inside one.
 * @returns Allowed, or the reason why not and who could change that.
 * @example
 * ```ts
 * decideAccess(LOCAL_OWNER, 'data:write', 'churn').allowed; // => true
 * ```
 */
export function decideAccess(principal: Principal | undefined, right: string, project: string | undefined): AccessDecision {
  if (!isRight(right)) return { allowed: false, reason: `there is no right "${right}"` };
  if (principal === undefined) return { allowed: false, reason: 'the caller is not known here' };
  const roles = rolesIn(principal, project);
  if (roles.some((role) => rightsOf(role).includes(right))) return { allowed: true };
  return { allowed: false, reason: whyNot(roles, right) };
}

function rolesIn(principal: Principal, project: string | undefined): readonly Role[] {
  const member =
    project !== undefined && Object.hasOwn(principal.memberships, project) ? principal.memberships[project] : undefined;
  return [principal.role, member].filter((role) => role !== undefined);
}

function whyNot(roles: readonly Role[], right: Right): string {
  const has = roles.length === 0 ? 'the caller has no role here' : `the role ${roles.join(' and ')} does not give it`;
  return `${has}; an owner can give a role that has "${right}"`;
}
