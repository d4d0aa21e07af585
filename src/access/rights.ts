/** Every right there is, with what it allows. A route may only name one of these. */
export const RIGHTS = {
  'access:read': 'see who is calling and which roles there are',
  'access:manage': 'invite people, make tokens, give roles',
  'server:read': 'see the state, version and features of the server',
  'server:admin': 'back up, restore and configure the server',
  'events:read': 'follow what happens, live',
  'projects:read': 'see projects and objectives',
  'projects:write': 'make and change projects and objectives',
  'projects:delete': 'delete a project and everything in it',
  'projects:advance-clock': 'move the business clock of a replay project',
  'data:read': 'see datasets, versions, profiles and checks',
  'data:write': 'ingest and change datasets and contracts',
  'features:read': 'see feature definitions',
  'features:write': 'change and materialize features',
  'tracking:read': 'see experiments, runs, metrics and artifacts',
  'tracking:write': 'log runs, metrics and artifacts',
  'training:read': 'see trainings and studies',
  'training:write': 'start and stop trainings and studies',
  'evaluation:read': 'see evaluations, comparisons and gates',
  'evaluation:write': 'evaluate models and run gates',
  'registry:read': 'see registered models and versions',
  'registry:write': 'register models and versions, edit cards',
  'registry:move-alias': 'point an alias at another version',
  'packaging:read': 'see and download packages',
  'packaging:write': 'build packages',
  'serving:read': 'see endpoints, deployments and rollouts',
  'serving:write': 'make and change endpoints',
  'serving:deploy': 'start, step, hold and abort rollouts',
  'serving:invoke': 'ask an endpoint for predictions',
  'feedback:read': 'see labels and outcomes',
  'feedback:write': 'send labels and outcomes',
  'monitoring:read': 'see monitors, drift, performance and alerts',
  'monitoring:write': 'change monitors, acknowledge and silence alerts',
  'pipelines:read': 'see pipelines and their runs',
  'pipelines:write': 'start, stop and rerun pipelines',
  'loops:read': 'see loops and turns',
  'loops:write': 'change, start, pause and test loops',
  'loops:decide': 'decide a turn that waits for a person',
  'governance:read': 'see policies, lineage, evidence and reports',
  'governance:write': 'change policies and make reports',
  'governance:approve': 'approve, reject and waive',
  'audit:read': 'read and verify the audit log',
} as const;

/** One right; see {@link RIGHTS} for the whole set. */
export type Right = keyof typeof RIGHTS;

/**
 * Tells whether a text names a right.
 *
 * @param text - Any text.
 * @returns Whether the catalogue has it; `public` is not a right but the absence of one.
 * @example
 * ```ts
 * isRight('data:raed'); // => false
 * ```
 */
export function isRight(text: string): text is Right {
  return Object.hasOwn(RIGHTS, text);
}
