import { GyreError, parseDigest } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { DesiredDeployment, DesiredEndpoint } from './endpoint.ts';

interface EndpointRow {
  endpoint: string;
  project_id: string;
  revision: number;
  changed_at_ms: number;
}

interface DeploymentRow {
  endpoint: string;
  name: string;
  model: string;
  version: number;
  model_digest: string;
  weight: number;
  shadow: number;
}

interface EndpointTables {
  serving_endpoints: EndpointRow;
  serving_deployments: DeploymentRow;
}

/** What an endpoint should serve from now on. */
export interface DesiredChange {
  readonly projectId: string;
  readonly endpoint: string;
  readonly deployments: readonly DesiredDeployment[];
  readonly nowMs: number;
}

/** Reads what an endpoint should serve. */
export async function findDesired(tx: SqlTx, endpoint: string): Promise<DesiredEndpoint | undefined> {
  const db = tx.tables<EndpointTables>();
  const row = await db.selectFrom('serving_endpoints').selectAll().where('endpoint', '=', endpoint).executeTakeFirst();
  if (row === undefined) return undefined;
  const deployments = await db
    .selectFrom('serving_deployments')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .orderBy('version')
    .execute();
  return desiredOf(row, deployments);
}

/** Reads what all endpoints should serve. */
export async function listDesired(tx: SqlTx): Promise<readonly DesiredEndpoint[]> {
  const db = tx.tables<EndpointTables>();
  const rows = await db.selectFrom('serving_endpoints').selectAll().orderBy('endpoint').execute();
  const deployments = await db.selectFrom('serving_deployments').selectAll().orderBy('version').execute();
  return rows.map((row) =>
    desiredOf(
      row,
      deployments.filter((deployment) => deployment.endpoint === row.endpoint),
    ),
  );
}

/** Writes what an endpoint should serve; returns the new revision. */
export async function writeDesired(tx: SqlTx, change: DesiredChange): Promise<number> {
  const db = tx.tables<EndpointTables>();
  const { endpoint, projectId, nowMs } = change;
  const before = await db.selectFrom('serving_endpoints').selectAll().where('endpoint', '=', endpoint).executeTakeFirst();
  requireOwner(before, change);
  const revision = (before?.revision ?? 0) + 1;
  const row = { endpoint, project_id: projectId, revision, changed_at_ms: nowMs };
  if (before === undefined) await db.insertInto('serving_endpoints').values(row).execute();
  else await db.updateTable('serving_endpoints').set(row).where('endpoint', '=', endpoint).execute();
  await db.deleteFrom('serving_deployments').where('endpoint', '=', endpoint).execute();
  for (const deployment of change.deployments) {
    const { name, model, version, modelDigest, weight } = deployment;
    const shadow = Number(deployment.shadow);
    await db
      .insertInto('serving_deployments')
      .values({ endpoint, name, model, version, model_digest: modelDigest, weight, shadow })
      .execute();
  }
  return revision;
}

function requireOwner(before: EndpointRow | undefined, { projectId, endpoint }: DesiredChange): void {
  if (before === undefined || before.project_id === projectId) return;
  throw new GyreError({
    kind: 'conflict',
    code: 'serving/endpoint-taken',
    message: `another project serves an endpoint named "${endpoint}"; names of endpoints are unique on a server`,
    help: 'rename the endpoint in the project file',
  });
}

function desiredOf(row: EndpointRow, deployments: readonly DeploymentRow[]): DesiredEndpoint {
  return {
    endpoint: row.endpoint,
    projectId: row.project_id,
    revision: row.revision,
    deployments: deployments.map((deployment) => ({
      name: deployment.name,
      model: deployment.model,
      version: deployment.version,
      modelDigest: parseDigest(deployment.model_digest),
      weight: deployment.weight,
      shadow: deployment.shadow !== 0,
    })),
  };
}
