import { type JsonObject, toWireJson } from '#kernel';
import type { PipelineRunState } from '#pipelines';
import type { EventConsumer, OutboxEvent } from '#platform/events';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import type { ServingSlice } from '#serving';
import { considerTrigger } from './consider-trigger-sql.ts';
import { loopsOf } from './loop.ts';
import { endOf, evidenceOf, textsOf } from './pipeline-end.ts';
import { keepSchedules } from './schedules-sql.ts';
import { LOOP_PRINCIPAL } from './turn-listener.ts';
import { TURN_KIND } from './turn-machine.ts';

/** What the consumers call. */
export interface ConsumerDeps {
  readonly platform: Platform;
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly serving: Pick<ServingSlice, 'rollout'>;
}

/** Makes the consumers that tell turns what happened upstream, and start them on alerts. */
export function loopConsumers(deps: ConsumerDeps): readonly EventConsumer[] {
  return [
    {
      name: 'loops.pipeline-news',
      topics: ['pipelines.run-changed', 'pipelines.run-ended'],
      handle: (tx, event) => onPipelineNews(deps, tx, event),
    },
    { name: 'loops.rollout-news', topics: ['serving.rollout-ended'], handle: (tx, event) => onRolloutEnded(deps, tx, event) },
    { name: 'loops.approval-news', topics: ['governance.approval-decided'], handle: (tx, event) => onApproval(deps, tx, event) },
    {
      name: 'loops.alerts',
      topics: ['monitoring.alert-fired', 'monitoring.alert-confirmed'],
      handle: (tx, event) => onAlert(deps, tx, event),
    },
    {
      name: 'loops.schedules',
      topics: ['projects.applied'],
      handle: async (tx, event) => {
        if (event.projectId !== undefined) await keepSchedules(deps.platform, tx, await deps.projects.find(tx, event.projectId));
      },
    },
  ];
}

async function onPipelineNews(deps: ConsumerDeps, tx: SqlTx, event: OutboxEvent): Promise<void> {
  const parentId = textOf(event.data, 'parentId');
  const turn = parentId === '' ? undefined : await deps.platform.machines.get(tx, parentId);
  const run = await deps.platform.machines.get(tx, event.entityId);
  if (turn?.kind !== TURN_KIND || run === undefined) return;
  // Only the pipeline machine writes this state.
  const state = run.state as PipelineRunState;
  if (event.topic === 'pipelines.run-ended') {
    await deps.platform.machines.signal(tx, turn.id, { name: 'pipeline-ended', data: endOf(state), key: `${run.id}/ended` });
    return;
  }
  if (event.data?.['uses'] !== 'features') return;
  const data = {
    uses: 'features',
    text: textsOf(state, ['ingest', 'features']),
    evidence: evidenceOf(state, ['ingest', 'features']),
  };
  await deps.platform.machines.signal(tx, turn.id, { name: 'pipeline-step', data, key: `${run.id}/features` });
}

async function onRolloutEnded(deps: ConsumerDeps, tx: SqlTx, event: OutboxEvent): Promise<void> {
  const rollout = await deps.serving.rollout(tx, event.entityId);
  if (rollout?.turnId === undefined) return;
  const turn = await deps.platform.machines.get(tx, rollout.turnId);
  if (turn?.kind !== TURN_KIND) return;
  const last = rollout.decisions.at(-1);
  const reasons = last?.reasons.map((reason) => reason.text).join('; ') ?? '';
  const weights = rollout.decisions.map((decision) => `${String(decision.weight)} % ${decision.action}`).join(' → ');
  const evidence = toWireJson({ decisions: rollout.decisions, steps: rollout.steps });
  await deps.platform.machines.signal(tx, turn.id, {
    name: 'rollout-ended',
    key: `${rollout.id}/ended`,
    data: {
      outcome: rollout.outcome,
      servedDigest: rollout.servedDigest ?? '',
      rolloutId: rollout.id,
      text: [weights, reasons].filter((part) => part !== '').join(': ') || `rollout ${rollout.outcome}`,
      evidence,
    },
  });
}

async function onApproval(deps: ConsumerDeps, tx: SqlTx, event: OutboxEvent): Promise<void> {
  const turnId = textOf(event.data, 'turnId');
  const turn = turnId === '' ? undefined : await deps.platform.machines.get(tx, turnId);
  if (turn?.kind !== TURN_KIND) return;
  await deps.platform.machines.signal(tx, turn.id, {
    name: 'approval',
    data: { ...event.data, approvalId: event.entityId },
    key: `${event.entityId}/decided`,
  });
}

async function onAlert(deps: ConsumerDeps, tx: SqlTx, event: OutboxEvent): Promise<void> {
  if (event.projectId === undefined) return;
  const project = await deps.projects.find(tx, event.projectId);
  const monitor = textOf(event.data, 'monitor');
  const businessAtMs = await deps.projects.businessNowMs(tx, project.id);
  for (const loop of loopsOf(project).filter((candidate) => candidate.alerts.includes(monitor))) {
    const trigger = {
      kind: 'alert',
      source: monitor,
      reason: textOf(event.data, 'reason'),
      businessAtMs,
      facts: { ...event.data, alertId: event.entityId },
    } as const;
    await considerTrigger(deps.platform, tx, { projectId: project.id, loop, trigger, actor: LOOP_PRINCIPAL });
  }
}

function textOf(data: JsonObject | undefined, member: string): string {
  const value = data?.[member];
  return typeof value === 'string' ? value : '';
}
