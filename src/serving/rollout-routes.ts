import { formatTime, parseDigest } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import { decideRolloutRoute, getRolloutRoute, listRolloutsRoute, type RolloutBody, startRolloutRoute } from './api.ts';
import type { Rollout, RolloutSide } from './rollout.ts';
import { listRollouts, requireRollout } from './rollout-store-sql.ts';
import type { RouteSlice } from './route-slice.ts';

/** Binds the routes of rollouts. */
export function rolloutRoutes({ platform, upstream, slice }: RouteSlice): readonly BoundRoute[] {
  return [
    bindRoute(startRolloutRoute, async ({ params, body, caller, requestId, headers }) => {
      const key = headers['idempotency-key'] ?? requestId;
      const rollout = await platform.database.transaction(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        const { endpoint } = params;
        return slice.startRollout(tx, { projectId: project.id, endpoint, version: body.version, actor: caller.principal, key });
      });
      return { body: presentRollout(rollout) };
    }),
    bindRoute(listRolloutsRoute, async ({ params, query }) => {
      const rollouts = await platform.database.read(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        return listRollouts(tx, { projectId: project.id, endpoint: query.endpoint, limit: query.limit ?? 50 });
      });
      return { body: { items: rollouts.map(presentRollout) } };
    }),
    bindRoute(getRolloutRoute, async ({ params }) => {
      const rollout = await platform.database.read(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        return requireRollout(tx, params.rollout, project.id);
      });
      return { body: presentRollout(rollout) };
    }),
    bindRoute(decideRolloutRoute, async ({ params, body, caller, requestId, headers }) => {
      const key = headers['idempotency-key'] ?? requestId;
      const rollout = await platform.database.transaction(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        await requireRollout(tx, params.rollout, project.id);
        const { verb, reason } = body;
        return slice.signalRollout(tx, { rolloutId: params.rollout, verb, reason, actor: caller.principal, key });
      });
      return { body: presentRollout(rollout) };
    }),
  ];
}

function presentRollout(rollout: Rollout): RolloutBody {
  const { control, turnId, endedAtMs, servedDigest } = rollout;
  return {
    id: rollout.id,
    endpoint: rollout.endpoint,
    model: rollout.model,
    challenger: presentSide(rollout.challenger),
    ...(control === undefined ? {} : { control: presentSide(control) }),
    ...(turnId === undefined ? {} : { turn: turnId }),
    outcome: rollout.outcome,
    phase: rollout.phase,
    steps: [...rollout.steps],
    step: rollout.step,
    startedAt: formatTime(rollout.startedAtMs),
    ...(endedAtMs === undefined ? {} : { endedAt: formatTime(endedAtMs) }),
    ...(servedDigest === undefined ? {} : { servedDigest: parseDigest(servedDigest) }),
    decisions: rollout.decisions.map(({ atMs, businessAtMs, weight, action, reasons }) => ({
      at: formatTime(atMs),
      businessAt: formatTime(businessAtMs),
      weight,
      action,
      reasons: reasons.map((reason) => ({ ...reason })),
    })),
  };
}

function presentSide(side: RolloutSide): RolloutBody['challenger'] {
  return { name: side.name, version: side.version, modelDigest: parseDigest(side.modelDigest) };
}
