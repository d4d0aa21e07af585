import { canonicalJson, type JsonObject, parseDigest } from '#kernel';
import type { Effect, EffectHandler, MachineInstance, TransitionListener } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { CanaryQuality, CanaryQualityAnswer } from './canary-quality.ts';
import type { DesiredDeployment, ObservedDeployment } from './endpoint.ts';
import { findDesired } from './endpoint-store-sql.ts';
import { readObservedRevision } from './report-store-sql.ts';
import type { QualityEvidence, SideEvidence } from './rollout-guards.ts';
import { LOOK_EFFECT, type LookInput, SET_WEIGHTS_EFFECT, type SetWeightsInput } from './rollout-machine.ts';
import type { RolloutState } from './rollout-state.ts';
import { writeRollout } from './rollout-store-sql.ts';
import type { ServingSlice } from './serving-slice.ts';

/** What the effects of a rollout work with. */
export interface RolloutEffectPorts {
  readonly platform: Platform;
  readonly setDesired: ServingSlice['setDesired'];
  readonly quality: CanaryQuality | undefined;
  /** Has the data plane told, and tell, what should be served now, soon. */
  readonly refresh: () => void;
  /** Has the data plane tell its counters now. */
  readonly reportNow: () => Promise<void>;
}

/** Handlers by kind. */
export function rolloutEffects(ports: RolloutEffectPorts): Readonly<Record<string, EffectHandler>> {
  return {
    [SET_WEIGHTS_EFFECT]: (effect) => setWeights(ports, effect),
    [LOOK_EFFECT]: (effect) => takeLook(ports, effect),
  };
}

async function setWeights(ports: RolloutEffectPorts, effect: Effect): Promise<JsonObject> {
  // Written by the machine of this slice.
  const input = effect.input as unknown as SetWeightsInput;
  ports.platform.failpoint('serving/before-weights');
  const revision = await ports.platform.database.transaction(async (tx) => {
    await effect.guard(tx);
    const deployments = deploymentsOf(input);
    const desired = await findDesired(tx, input.endpoint);
    // Written by an attempt that ended before it could say so, or wanted already: only the report is awaited.
    if (desired !== undefined && isSame(desired.deployments, deployments)) {
      tx.afterCommit(ports.refresh);
      return desired.revision;
    }
    return ports.setDesired(tx, {
      projectId: effect.projectId,
      endpoint: input.endpoint,
      deployments,
      actor: input.actor,
      reason: `${input.reason} (rollout ${effect.instanceId})`,
    });
  });
  ports.platform.failpoint('serving/after-weights');
  return { revision };
}

function deploymentsOf(input: SetWeightsInput): readonly DesiredDeployment[] {
  return input.deployments.map(({ name, version, modelDigest, weight }) => ({
    name,
    version,
    weight,
    model: input.model,
    modelDigest: parseDigest(modelDigest),
    shadow: false,
  }));
}

function isSame(some: readonly DesiredDeployment[], others: readonly DesiredDeployment[]): boolean {
  const textOf = (deployments: readonly DesiredDeployment[]): string =>
    canonicalJson(deployments.map((deployment) => ({ ...deployment })).sort((a, b) => a.name.localeCompare(b.name)));
  return textOf(some) === textOf(others);
}

async function takeLook(ports: RolloutEffectPorts, effect: Effect): Promise<JsonObject> {
  const input = effect.input as unknown as LookInput;
  await ports.reportNow();
  const observed = await ports.platform.database.read((tx) => readObservedRevision(tx, input.endpoint, input.revision));
  const side = (name: string): SideEvidence => evidenceOf(observed.deployments.find((deployment) => deployment.name === name));
  const quality = await lookAtQuality(ports, effect.projectId, input);
  return { challenger: side(input.challenger), control: side(input.control), quality };
}

let lastComparison: Promise<unknown> = Promise.resolve();

/** One comparison at a time: it reads more while it holds a snapshot, and readers are few. */
function lookAtQuality(
  { platform, quality }: RolloutEffectPorts,
  projectId: string,
  { endpoint, challenger, control, sinceMs }: LookInput,
): Promise<QualityEvidence | null> {
  if (quality === undefined) return Promise.resolve(null);
  const comparison = lastComparison.then(async () => {
    const request = { projectId, endpoint, challenger, control, sinceMs };
    const answer = await platform.database.read((tx) => quality.compare(tx, request));
    return answer.known ? qualityEvidence(answer) : null;
  });
  lastComparison = comparison.catch(() => undefined);
  return comparison;
}

function qualityEvidence(answer: Extract<CanaryQualityAnswer, { known: true }>): QualityEvidence | null {
  const { value, low, high, n } = answer.difference;
  if (![value, low, high].every(Number.isFinite)) return null;
  const isUp = answer.direction === 'maximize';
  return {
    metric: answer.metric,
    gain: isUp ? value : -value,
    low: isUp ? low : -high,
    high: isUp ? high : -low,
    n,
    margin: answer.margin,
  };
}

function evidenceOf(deployment: ObservedDeployment | undefined): SideEvidence {
  return {
    requests: deployment?.requests ?? 0,
    errors: deployment?.errors ?? 0,
    rows: deployment?.rows ?? 0,
    scoreSum: deployment?.scoreSum ?? 0,
    scoreSquareSum: deployment?.scoreSquareSum ?? 0,
    latencyCounts: deployment?.latencyCounts ?? [],
  };
}

/** Keeps the row of a rollout, its events and its audit entries in step with the machine. */
export function rolloutListener(platform: Platform): TransitionListener {
  return async (tx, { before, after, cause }) => {
    // States of this machine kind are RolloutState by definition.
    const state = after.state as unknown as RolloutState;
    const earlier = before?.state as unknown as RolloutState | undefined;
    await writeRollout(tx, after, state, platform.clock.nowMs());
    const isNewDecision = state.decisions.length > (earlier?.decisions.length ?? 0);
    if (isNewDecision) await auditDecision(platform, tx, { instance: after, state, actor: actorOf(cause) });
    if (isNewDecision || earlier?.phase !== state.phase || earlier.step !== state.step) {
      await appendStep(platform, tx, after, state);
    }
    if (state.phase === 'ended' && earlier?.phase !== 'ended') await appendEnd(platform, tx, after, state);
  };
}

/** The person whose word moved the rollout; everything else is its own doing, whoever started it. */
function actorOf(cause: Parameters<TransitionListener>[1]['cause']): string {
  const actor = cause.type === 'signal' ? cause.data['actor'] : undefined;
  return typeof actor === 'string' ? actor : 'service:rollout';
}

async function auditDecision(
  platform: Platform,
  tx: SqlTx,
  made: { readonly instance: MachineInstance; readonly state: RolloutState; readonly actor: string },
): Promise<void> {
  const { instance, state, actor } = made;
  const decision = state.decisions.at(-1);
  if (decision === undefined) return;
  const { action, reasons, weight } = decision;
  await platform.audit.append(tx, {
    actor,
    action: `serving.rollout-${action.replace(' ', '-')}`,
    projectId: instance.projectId,
    resource: `rollout:${instance.id}`,
    outcome: 'done',
    reason: reasons.map((reason) => `${reason.rule} ${reason.verdict}: ${reason.text}`).join('; '),
    data: { endpoint: state.endpoint, weight, challenger: state.challenger, control: state.control },
  });
}

async function appendStep(platform: Platform, tx: SqlTx, { id, projectId }: MachineInstance, state: RolloutState): Promise<void> {
  await platform.events.append(tx, {
    topic: 'serving.rollout-moved',
    projectId,
    entity: 'rollout',
    entityId: id,
    entityVersion: state.writes + state.decisions.length,
    data: { endpoint: state.endpoint, phase: state.phase, step: state.step, weight: state.plan.steps[state.step] ?? 100 },
  });
}

async function appendEnd(platform: Platform, tx: SqlTx, { id, projectId }: MachineInstance, state: RolloutState): Promise<void> {
  await platform.events.append(tx, {
    topic: 'serving.rollout-ended',
    projectId,
    entity: 'rollout',
    entityId: id,
    entityVersion: state.writes + state.decisions.length,
    data: {
      rollout: id,
      endpoint: state.endpoint,
      outcome: state.outcome,
      version: state.challenger.version,
      servedDigest: state.servedDigest,
      turnId: state.turnId,
    },
  });
}
