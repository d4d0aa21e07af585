import { GyreError, parseDigest } from '#kernel';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { sectionOf } from '#projects';
import { createDataPlane } from './data-plane-service.ts';
import { deploymentName, requireDeployments } from './desired-deployments.ts';
import type { DesiredEndpoint } from './endpoint.ts';
import { checkEndpoints, type EndpointsDocument, EndpointsSection, endpointSpec } from './endpoint-section.ts';
import { findDesired, writeDesired } from './endpoint-store-sql.ts';
import { servingMigrations } from './migrations.ts';
import { readObserved } from './report-store-sql.ts';
import type { Rollout, RolloutSide } from './rollout.ts';
import { rolloutEffects, rolloutListener } from './rollout-effects.ts';
import { ROLLOUT_MACHINE, rolloutMachine } from './rollout-machine.ts';
import type { RolloutInput } from './rollout-state.ts';
import { findRollout, listRollouts, requireNoOpenRollout, requireRollout } from './rollout-store-sql.ts';
import { servingRoutes } from './routes.ts';
import { readNewestSegments, readSegments, writeSegments } from './segment-store.ts';
import { createServingControl, type ServingControl } from './serving-control-service.ts';
import type { RolloutRequest, RolloutSignal, ServingSlice, ServingUpstream } from './serving-slice.ts';

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - What the rooms above it give.
 * @returns The slice and what others call.
 */
export function createServingSlice(platform: Platform, upstream: ServingUpstream): ServingSlice {
  const plane = createDataPlane({
    runtime: upstream.runtime,
    features: upstream.features,
    clock: platform.clock,
    ids: platform.ids,
    log: platform.log,
    businessNowMs: (projectId) => control.businessNowMs(projectId),
    sink: (segments) => writeSegments(platform, segments),
    version: upstream.programVersion,
  });
  const control: ServingControl = createServingControl(platform, upstream.projects, plane);
  const setDesired: ServingSlice['setDesired'] = (tx, change) => changeDesired({ platform, control }, tx, change);
  const functions = {
    setDesired,
    desired: findDesired,
    observed: readObserved,
    startRollout: (tx: SqlTx, request: RolloutRequest) => startRollout({ platform, upstream }, tx, request),
    signalRollout: (tx: SqlTx, signal: RolloutSignal) => signalRollout(platform, tx, signal),
  };
  const newestPredictions: Parameters<typeof servingRoutes>[0]['newestPredictions'] = async (query) => {
    await plane.flush();
    return readNewestSegments(platform, query);
  };
  return {
    name: 'serving',
    migrations: servingMigrations,
    projectSection: { key: 'endpoints', schema: EndpointsSection, check: checkEndpoints },
    routes: servingRoutes({ platform, upstream, slice: functions, newestPredictions }),
    defineMachines: (machines) => machines.define(rolloutMachine, rolloutListener(platform)),
    effects: rolloutEffects({
      platform,
      setDesired,
      quality: upstream.quality,
      refresh: () => control.refresh(),
      reportNow: () => control.reportNow(),
    }),
    consumers: [control.consumer],
    start: () => control.start(),
    stop: () => control.stop(),
    plane,
    ...functions,
    rollout: findRollout,
    rollouts: listRollouts,
    readPredictions: async (query) => {
      await plane.flush();
      return readSegments(platform, query);
    },
  };
}

async function changeDesired(
  parts: { readonly platform: Platform; readonly control: ServingControl },
  tx: SqlTx,
  change: Parameters<ServingSlice['setDesired']>[1],
): Promise<number> {
  const { platform, control } = parts;
  const { endpoint, projectId, deployments, actor, reason } = change;
  requireDeployments(endpoint, deployments);
  const before = await findDesired(tx, endpoint);
  const revision = await writeDesired(tx, { projectId, endpoint, deployments, nowMs: platform.clock.nowMs() });
  await platform.audit.append(tx, {
    actor,
    action: 'serving.set-desired',
    projectId,
    resource: `endpoint:${endpoint}`,
    outcome: 'done',
    reason,
    data: { before: factsOf(before?.deployments ?? []), after: factsOf(deployments), revision },
  });
  await platform.events.append(tx, {
    topic: 'serving.desired-changed',
    projectId,
    entity: 'endpoint',
    entityId: endpoint,
    entityVersion: revision,
    data: { revision },
  });
  tx.afterCommit(() => control.refresh());
  return revision;
}

function factsOf(deployments: DesiredEndpoint['deployments']) {
  return deployments.map(({ name, modelDigest, weight, shadow }) => ({ name, modelDigest, weight, shadow }));
}

async function startRollout(
  { platform, upstream }: { readonly platform: Platform; readonly upstream: ServingUpstream },
  tx: SqlTx,
  request: RolloutRequest,
): Promise<Rollout> {
  const { projectId, endpoint, key } = request;
  const project = await upstream.projects.find(tx, projectId);
  const spec = endpointSpec(sectionOf<EndpointsDocument>(project, 'endpoints'), endpoint);
  const found = await upstream.versions.find(tx, { projectId, model: spec.model, version: request.version });
  const known = key === undefined ? undefined : await findByKey(platform, tx, projectId, key);
  if (known !== undefined) return requireRollout(tx, known, projectId);
  await requireNoOpenRollout(tx, endpoint);
  const desired = await findDesired(tx, endpoint);
  const input: RolloutInput = {
    endpoint,
    model: spec.model,
    challenger: { name: deploymentName(found.version), version: found.version, modelDigest: parseDigest(found.modelDigest) },
    control: controlOf(desired, projectId) ?? null,
    turnId: request.turnId ?? null,
    actor: request.actor,
    plan: { ...spec.rollout, guards: { ...spec.rollout.guards } },
  };
  const keyed = key === undefined ? {} : { key };
  const instance = await platform.machines.start(tx, { kind: ROLLOUT_MACHINE, projectId, ...keyed, input });
  await platform.audit.append(tx, {
    actor: request.actor,
    action: 'serving.start-rollout',
    projectId,
    resource: `rollout:${instance.id}`,
    outcome: 'done',
    data: { endpoint, challenger: input.challenger, control: input.control, plan: input.plan },
  });
  return requireRollout(tx, instance.id, projectId);
}

async function findByKey(platform: Platform, tx: SqlTx, projectId: string, key: string): Promise<string | undefined> {
  const instances = await platform.machines.list(tx, { kind: ROLLOUT_MACHINE, projectId, limit: 200 });
  return instances.find((instance) => instance.key === key)?.id;
}

/** What serves most of the traffic now is what a challenger is held against, and what a rollback goes back to. */
function controlOf(desired: DesiredEndpoint | undefined, projectId: string): RolloutSide | undefined {
  if (desired?.projectId !== projectId) return undefined;
  const [first] = [...desired.deployments].filter(({ shadow }) => !shadow).sort((a, b) => b.weight - a.weight);
  return first === undefined ? undefined : { name: first.name, version: first.version, modelDigest: first.modelDigest };
}

async function signalRollout(platform: Platform, tx: SqlTx, signal: RolloutSignal): Promise<Rollout> {
  const { rolloutId, verb, actor, reason, key } = signal;
  const rollout = await requireRollout(tx, rolloutId);
  if (rollout.phase === 'ended' || rollout.phase === 'restoring') {
    throw new GyreError({
      kind: 'conflict',
      code: 'serving/rollout-ended',
      message: `rollout ${rolloutId} is ${rollout.phase}; it takes no decision any more`,
    });
  }
  await platform.machines.signal(tx, rolloutId, { name: verb, data: { actor, reason }, ...(key === undefined ? {} : { key }) });
  await platform.audit.append(tx, {
    actor,
    action: `serving.rollout-${verb}`,
    projectId: rollout.projectId,
    resource: `rollout:${rolloutId}`,
    outcome: 'done',
    reason,
    data: { endpoint: rollout.endpoint, phase: rollout.phase, step: rollout.step },
  });
  return requireRollout(tx, rolloutId);
}
