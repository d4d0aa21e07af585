import { formatTime, parseDigest, toWireNumber } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { SqlTx } from '#platform/sql';
import { type Project, sectionOf } from '#projects';
import { deployRoute, type EndpointBody, getEndpointRoute, listEndpointsRoute, listPredictionsRoute } from './api.ts';
import { deploymentName } from './desired-deployments.ts';
import type { DesiredDeployment, DesiredEndpoint, EndpointSpec, ObservedDeployment, ObservedEndpoint } from './endpoint.ts';
import { type EndpointsDocument, endpointSpec } from './endpoint-section.ts';
import { type LoggedPrediction, latestPredictions } from './latest-predictions.ts';
import { readLostPredictions } from './report-store-sql.ts';
import { listOpenRollouts, requireNoOpenRollout } from './rollout-store-sql.ts';
import type { RouteSlice } from './route-slice.ts';

/** Binds the routes of endpoints. */
export function endpointRoutes(parts: RouteSlice): readonly BoundRoute[] {
  const { platform, upstream } = parts;
  return [
    bindRoute(listEndpointsRoute, async ({ params }) => {
      const items = await platform.database.read(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        const bodies: EndpointBody[] = [];
        for (const name of Object.keys(endpointsOf(project) ?? {}).sort())
          bodies.push(await readEndpoint(parts, tx, project, name));
        return bodies;
      });
      return { body: { items } };
    }),
    bindRoute(getEndpointRoute, async ({ params }) => {
      const body = await platform.database.read(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        return readEndpoint(parts, tx, project, params.endpoint);
      });
      return { body };
    }),
    bindRoute(deployRoute, async ({ params, body, caller }) => {
      const answer = await platform.database.transaction(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        const { model } = endpointSpec(endpointsOf(project), params.endpoint);
        await requireNoOpenRollout(tx, params.endpoint);
        const deployments: DesiredDeployment[] = [];
        for (const wanted of body.deployments) deployments.push(await deploymentOf(parts, tx, { project, model, ...wanted }));
        const reason = body.reason ?? 'deployed by hand';
        const { endpoint } = params;
        await parts.slice.setDesired(tx, { projectId: project.id, endpoint, deployments, actor: caller.principal, reason });
        return readEndpoint(parts, tx, project, endpoint);
      });
      return { body: answer };
    }),
    predictionsRoute(parts),
  ];
}

function predictionsRoute(parts: RouteSlice): BoundRoute {
  const { platform, upstream } = parts;
  return bindRoute(listPredictionsRoute, async ({ params, query }) => {
    const { projectId, lost } = await platform.database.read(async (tx) => {
      const project = await upstream.projects.find(tx, params.project);
      endpointSpec(endpointsOf(project), params.endpoint);
      return { projectId: project.id, lost: await readLostPredictions(tx) };
    });
    const nRows = query.limit ?? 50;
    const frame = await parts.newestPredictions({ projectId, endpoint: params.endpoint, nRows });
    return { body: { items: latestPredictions(frame, nRows).map(presentPrediction), lost } };
  });
}

function endpointsOf(project: Project): EndpointsDocument | undefined {
  return sectionOf<EndpointsDocument>(project, 'endpoints');
}

interface WantedDeployment {
  readonly project: Project;
  readonly model: string;
  readonly version: number;
  readonly weight?: number;
  readonly shadow?: boolean;
}

async function deploymentOf({ upstream }: RouteSlice, tx: SqlTx, wanted: WantedDeployment): Promise<DesiredDeployment> {
  const { project, model, shadow = false } = wanted;
  const { version, modelDigest } = await upstream.versions.find(tx, { projectId: project.id, model, version: wanted.version });
  const weight = wanted.weight ?? (shadow ? 0 : 100);
  return { name: deploymentName(version), model, version, modelDigest: parseDigest(modelDigest), weight, shadow };
}

async function readEndpoint(parts: RouteSlice, tx: SqlTx, project: Project, name: string): Promise<EndpointBody> {
  const spec = endpointSpec(endpointsOf(project), name);
  const desired = await parts.slice.desired(tx, name);
  const observed = await parts.slice.observed(tx, name);
  const open = (await listOpenRollouts(tx)).find((rollout) => rollout.state.endpoint === name);
  const isOwn = desired === undefined || desired.projectId === project.id;
  return {
    ...presentSpec(spec),
    ...(isOwn ? presentState(desired, observed) : presentState(undefined, { ...observed, revision: 0, deployments: [] })),
    ...(open === undefined || !isOwn ? {} : { openRollout: open.id }),
  };
}

function presentSpec({ name, model, view, trafficKey }: EndpointSpec) {
  return {
    name,
    model,
    ...(view === undefined ? {} : { features: view }),
    ...(trafficKey === undefined ? {} : { trafficKey }),
    inferPath: `/v2/models/${name}/infer`,
  };
}

function presentState(desired: DesiredEndpoint | undefined, observed: ObservedEndpoint) {
  const { reportedAtMs, failure } = observed;
  const revision = desired?.revision ?? 0;
  return {
    revision,
    desired: (desired?.deployments ?? []).map((deployment) => ({ ...deployment })),
    observed: {
      revision: observed.revision,
      ...(reportedAtMs === undefined ? {} : { reportedAt: formatTime(reportedAtMs) }),
      ...(failure === undefined ? {} : { failure: { ...failure } }),
      deployments: observed.deployments.map(presentDeployment),
    },
    converged: observed.revision === revision,
  };
}

function presentDeployment(deployment: ObservedDeployment) {
  const { servedDigest, lastAnsweredAtMs, latency } = deployment;
  return {
    name: deployment.name,
    ...(servedDigest === undefined ? {} : { servedDigest: parseDigest(servedDigest) }),
    requests: deployment.requests,
    errors: deployment.errors,
    rows: deployment.rows,
    meanScore: toWireNumber(deployment.scoreSum / deployment.rows),
    latencyP50Ms: toWireNumber(latency.p50Ms),
    latencyP99Ms: toWireNumber(latency.p99Ms),
    ...(lastAnsweredAtMs === undefined ? {} : { lastAnsweredAt: formatTime(lastAnsweredAtMs) }),
  };
}

function presentPrediction(prediction: LoggedPrediction) {
  const { momentMs, arrivedAtMs, inputs, ...rest } = prediction;
  return {
    ...rest,
    modelDigest: parseDigest(prediction.modelDigest),
    moment: formatTime(momentMs),
    arrivedAt: formatTime(arrivedAtMs),
    score: toWireNumber(prediction.score),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, typeof value === 'number' ? toWireNumber(value) : (value ?? null)]),
    ),
  };
}
