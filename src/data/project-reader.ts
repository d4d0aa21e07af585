import type { SqlTx } from '#platform/sql';
import type { Project } from '#projects';

/** What this slice needs of `projects`. */
export interface ProjectReader {
  /** Finds a project by name or id. Throws `projects/not-found`. */
  find(tx: SqlTx, nameOrId: string): Promise<Project>;
  /** Business time of a project, milliseconds since 1970 UTC. */
  businessNowMs(tx: SqlTx, projectId: string): Promise<number>;
}
