import { GyreError } from '#kernel';
import type { DesiredDeployment } from './endpoint.ts';

/**
 * Refuses deployments that contradict each other: names must differ, shadows weigh nothing, the other weights sum to 100.
 *
 * @param endpoint - Name, for the message.
 * @param deployments - What should be served; none at all takes the endpoint out of service.
 * @throws {@link GyreError} `serving/bad-deployments`.
 */
export function requireDeployments(endpoint: string, deployments: readonly DesiredDeployment[]): void {
  const names = deployments.map((deployment) => deployment.name);
  if (new Set(names).size !== names.length) throw bad(endpoint, `two deployments share a name: ${names.join(', ')}`);
  const outside = deployments.find(({ weight }) => !(weight >= 0 && weight <= 100));
  if (outside !== undefined)
    throw bad(endpoint, `"${outside.name}" has the weight ${String(outside.weight)}; weights are percent`);
  const shadow = deployments.find((deployment) => deployment.shadow && deployment.weight !== 0);
  if (shadow !== undefined)
    throw bad(endpoint, `the shadow "${shadow.name}" has the weight ${String(shadow.weight)}, it must be 0`);
  const total = deployments.reduce((sum, deployment) => sum + deployment.weight, 0);
  if (deployments.length > 0 && Math.abs(total - 100) > 1e-9)
    throw bad(endpoint, `the weights sum to ${String(total)}, not to 100`);
}

function bad(endpoint: string, message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'serving/bad-deployments', message: `endpoint "${endpoint}": ${message}` });
}

/** Gives the name of the deployment of a model version. */
export function deploymentName(version: number): string {
  return `v${String(version)}`;
}
