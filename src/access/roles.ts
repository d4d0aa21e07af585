import { RIGHTS, type Right } from './rights.ts';

/** The roles, from most to fewest rights. */
export const Role = ['owner', 'engineer', 'service', 'viewer', 'auditor'] as const;
/** One role; see {@link Role} for the whole set. */
export type Role = (typeof Role)[number];

const ALL = Object.keys(RIGHTS).filter((key): key is Right => Object.hasOwn(RIGHTS, key));
const READS = ALL.filter((right) => right.endsWith(':read') && right !== 'audit:read');
const WRITES = ALL.filter((right) => right.endsWith(':write') && right !== 'governance:write');

const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  owner: ALL,
  engineer: [
    ...READS,
    ...WRITES,
    'registry:move-alias',
    'serving:deploy',
    'serving:invoke',
    'loops:decide',
    'projects:advance-clock',
  ],
  service: [...READS, 'tracking:write', 'data:write', 'feedback:write', 'serving:invoke'],
  viewer: READS,
  auditor: [...READS, 'audit:read'],
};

/**
 * Lists the rights of a role.
 *
 * @param role - One of {@link Role}.
 * @returns Its rights; an owner has every one, nobody else may manage access, delete projects or approve.
 * @example
 * ```ts
 * rightsOf('viewer').includes('data:write'); // => false
 * ```
 */
export function rightsOf(role: Role): readonly Right[] {
  return RIGHTS_OF[role];
}
