import type { EvaluationSlice, GateDecisionRecord } from '#evaluation';
import { type Digest, GyreError, type JsonObject, shortDigest, toWireJson } from '#kernel';
import type { PipelinesSlice } from '#pipelines';
import type { Effect, EffectHandler } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import type { ApprovalDesk, ModelVersion, RegistrySlice } from '#registry';
import type { ServingSlice } from '#serving';
import type { TurnVersion } from './turn.ts';
import { LOOP_PRINCIPAL } from './turn-listener.ts';
import { TURN_EFFECTS } from './turn-machine.ts';

/** What the effects of a turn call. */
export interface TurnDeps {
  readonly platform: Pick<Platform, 'database' | 'audit' | 'failpoint'>;
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly pipelines: Pick<PipelinesSlice, 'startPipeline' | 'cancelPipelinesOf'>;
  readonly evaluation: Pick<EvaluationSlice, 'decide'>;
  readonly registry: Pick<RegistrySlice, 'findVersionByNumber' | 'versionByAlias' | 'readAlias' | 'moveAlias'>;
  readonly serving: Pick<ServingSlice, 'startRollout' | 'observed'>;
  readonly approvals: Pick<ApprovalDesk, 'request' | 'state'>;
}

const CHAMPION = 'champion';

/** Makes the handlers of all effects of a turn. Each is one transaction that a crash undoes whole, and a repeated one finds what the first made by its key. */
export function turnEffects(deps: TurnDeps): Readonly<Record<string, EffectHandler>> {
  const inTransaction =
    (work: (tx: SqlTx, effect: Effect) => Promise<JsonObject>): EffectHandler =>
    async (effect) => {
      const output = await deps.platform.database.transaction(async (tx) => {
        await effect.guard(tx);
        return work(tx, effect);
      });
      deps.platform.failpoint('loops/stage-done');
      return output;
    };
  return {
    [TURN_EFFECTS.pipeline]: inTransaction((tx, effect) => startTurnPipeline(deps, tx, effect)),
    [TURN_EFFECTS.gate]: inTransaction((tx, effect) => decideTurnGate(deps, tx, effect)),
    [TURN_EFFECTS.approval]: inTransaction((tx, effect) => requestTurnApproval(deps, tx, effect)),
    [TURN_EFFECTS.rollout]: inTransaction((tx, effect) => startTurnRollout(deps, tx, effect)),
    [TURN_EFFECTS.verification]: inTransaction((tx, effect) => verifyTurn(deps, tx, effect)),
  };
}

async function startTurnPipeline(deps: TurnDeps, tx: SqlTx, effect: Effect): Promise<JsonObject> {
  const input = effect.input as { pipeline: string; loop: string; turn: number };
  const project = await deps.projects.find(tx, effect.projectId);
  const run = await deps.pipelines.startPipeline(tx, {
    project,
    pipeline: input.pipeline,
    key: `turn-${effect.instanceId}`,
    actor: LOOP_PRINCIPAL,
    trigger: { kind: 'turn', turn: input.turn, loop: input.loop },
    parentId: effect.instanceId,
  });
  return { pipelineRunId: run.id, number: run.number };
}

async function decideTurnGate(deps: TurnDeps, tx: SqlTx, effect: Effect): Promise<JsonObject> {
  const input = effect.input as { gate: string; challenger: TurnVersion };
  const { projectId } = effect;
  const challenger = await challengerOf(deps, tx, effect);
  if (challenger.evaluationId === undefined) {
    return {
      action: 'hold',
      verdict: 'undecided',
      text: `version ${String(challenger.number)} was never evaluated`,
      decision: {},
    };
  }
  const champion = await deps.registry.versionByAlias(tx, { projectId, model: challenger.model, alias: CHAMPION });
  const alias = await deps.registry.readAlias(tx, { projectId, model: challenger.model, alias: CHAMPION });
  const record = await deps.evaluation.decide(tx, {
    projectId,
    gate: input.gate,
    evaluationId: challenger.evaluationId,
    ...(champion === undefined || alias.sinceMs === undefined
      ? {}
      : { championSinceMs: alias.sinceMs, championDigest: champion.digest }),
    actor: LOOP_PRINCIPAL,
    key: `turn-${effect.instanceId}`,
  });
  return {
    action: record.decision.action,
    verdict: record.decision.verdict,
    text: record.decision.summary,
    champion: champion === undefined ? null : versionFacts(champion),
    decision: decisionFacts(record),
  };
}

async function requestTurnApproval(deps: TurnDeps, tx: SqlTx, effect: Effect): Promise<JsonObject> {
  const input = effect.input as {
    approval: string;
    gate: string;
    turn: number;
    decision: { rulesDigest?: string; evidenceDigest?: string };
  };
  const challenger = await challengerOf(deps, tx, effect);
  const project = await deps.projects.find(tx, effect.projectId);
  const state = await deps.approvals.request(tx, {
    projectId: effect.projectId,
    action: 'serving.rollout',
    resource: `model-version:${challenger.model}:${String(challenger.number)}`,
    digests: approvalDigests(challenger, project.documentDigest, input.decision),
    requestedBy: LOOP_PRINCIPAL,
    why: `turn ${String(input.turn)}: gate ${input.gate} passed`,
    key: `turn-${effect.instanceId}`,
    data: { approval: input.approval, turn: input.turn, turnId: effect.instanceId },
  });
  return {
    approvalId: state.id,
    state: state.state === 'waiting' || state.state === 'approved' ? state.state : 'rejected',
    by: state.decidedBy ?? '',
    policy: input.approval,
    text: state.reason ?? (state.state === 'waiting' ? 'waits for a person' : ''),
  };
}

async function startTurnRollout(deps: TurnDeps, tx: SqlTx, effect: Effect): Promise<JsonObject> {
  const input = effect.input as { endpoint: string; challenger: TurnVersion; approvalId: string };
  const challenger = await challengerOf(deps, tx, effect);
  const project = await deps.projects.find(tx, effect.projectId);
  const digests = approvalDigests(challenger, project.documentDigest, {});
  const approval = await deps.approvals.state(tx, input.approvalId, digests);
  if (approval.state !== 'approved') return { rolloutId: '', text: approval.reason ?? `the approval is ${approval.state}` };
  const rollout = await deps.serving.startRollout(tx, {
    projectId: effect.projectId,
    endpoint: input.endpoint,
    version: input.challenger.version,
    turnId: effect.instanceId,
    actor: LOOP_PRINCIPAL,
    key: `turn-${effect.instanceId}`,
  });
  return { rolloutId: rollout.id };
}

async function verifyTurn(deps: TurnDeps, tx: SqlTx, effect: Effect): Promise<JsonObject> {
  const input = effect.input as { endpoint: string; challenger: TurnVersion; turn: number };
  const { challenger } = input;
  const observed = await deps.serving.observed(tx, input.endpoint);
  const served = observed.deployments.map((deployment) => deployment.servedDigest).filter((digest) => digest !== undefined);
  if (!served.includes(challenger.digest)) {
    throw new GyreError({
      kind: 'conflict',
      code: 'loops/served-other-digest',
      message: `endpoint "${input.endpoint}" answers with ${served.map(shortDigest).join(', ') || 'nothing'}, not with ${shortDigest(challenger.digest)}`,
    });
  }
  await deps.registry.moveAlias(tx, {
    projectId: effect.projectId,
    model: challenger.model,
    alias: CHAMPION,
    to: challenger.version,
    actor: LOOP_PRINCIPAL,
    why: `turn ${String(input.turn)} promoted it`,
  });
  return {
    servedDigest: challenger.digest,
    text: `endpoint "${input.endpoint}" answers with digest ${shortDigest(challenger.digest)}`,
  };
}

async function challengerOf(deps: TurnDeps, tx: SqlTx, effect: Effect): Promise<ModelVersion> {
  const { challenger } = effect.input as { challenger: TurnVersion };
  return deps.registry.findVersionByNumber(tx, {
    projectId: effect.projectId,
    model: challenger.model,
    number: challenger.version,
  });
}

function versionFacts(version: ModelVersion): JsonObject {
  return { model: version.model, version: version.number, digest: version.digest };
}

function decisionFacts(record: GateDecisionRecord): JsonObject {
  return {
    ...toWireJson(record.decision),
    decisionId: record.id,
    evaluationId: record.evaluationId,
    rulesDigest: record.rulesDigest,
    evidenceDigest: record.evidenceDigest,
  };
}

function approvalDigests(
  challenger: ModelVersion,
  policyDigest: string,
  decision: { readonly rulesDigest?: string; readonly evidenceDigest?: string },
): Readonly<Record<string, Digest>> {
  const digests = {
    model: challenger.digest,
    frame: challenger.frameDigest,
    policy: policyDigest,
    rules: decision.rulesDigest,
    evidence: decision.evidenceDigest,
  };
  const present = Object.entries(digests).filter((entry): entry is [string, Digest] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
