import { formatTime } from '#kernel';
import type { MachineInstance } from '#platform/machine';
import type { StageBody, TurnBody, TurnSummaryBody } from './api.ts';
import { type StageRecord, TURN_STAGES, type TurnStage, type TurnState, type TurnTrigger } from './turn.ts';
import type { TurnSummary } from './turn-store-sql.ts';

const FUTURE: Readonly<Record<TurnStage, string>> = {
  trigger: 'what asks for the turn',
  data: 'the pipeline cuts dataset versions and builds the training table',
  training: 'every candidate is trained as a run and the best one evaluated',
  gate: 'the gate of the project file decides by its written numbers',
  approval: 'the policy approves, or a person does',
  rollout: 'traffic moves in steps while guards hold',
  verification: 'the endpoint must answer with the digest that was promoted',
};

/**
 * Shows a turn on the wire: every sentence comes from the record.
 *
 * @param instance - The turn's machine.
 * @param project - Name of its project.
 * @returns The turn with all seven stages, reached or not.
 */
export function presentTurn(instance: MachineInstance, project: string): TurnBody {
  // Only turnMachine writes this state.
  const state = instance.state as TurnState;
  return {
    id: instance.id,
    number: state.number,
    project,
    loop: state.loop,
    endpoint: state.endpoint,
    gate: state.gate,
    outcome: state.outcome,
    sentence: sentenceOf(state),
    trigger: presentTrigger(state.trigger),
    absorbed: state.absorbed.map(presentTrigger),
    stages: TURN_STAGES.map((stage) => presentStage(state, stage)),
    ...(state.challenger === null ? {} : { challenger: { ...state.challenger } }),
    ...(state.champion === null ? {} : { champion: { ...state.champion } }),
    ...(state.servedDigest === '' ? {} : { servedDigest: state.servedDigest }),
    ...(state.pipelineRunNumber === 0 ? {} : { pipelineRun: state.pipelineRunNumber }),
    ...(state.rolloutId === '' ? {} : { rolloutId: state.rolloutId }),
    businessStartedAt: formatTime(state.trigger.businessAtMs),
    ...span(instance.startedAtMs, instance.endedAtMs),
    version: instance.version,
  };
}

/**
 * Shows a turn in a list.
 *
 * @param turn - Its row.
 * @returns The summary on the wire.
 */
export function presentSummary(turn: TurnSummary): TurnSummaryBody {
  const { startedAt, endedAt } = span(turn.startedAtMs, turn.endedAtMs);
  return {
    id: turn.id,
    number: turn.number,
    loop: turn.loop,
    endpoint: turn.endpoint,
    outcome: turn.outcome,
    stage: turn.stage,
    reason: turn.reason,
    trigger: turn.triggerKind,
    startedAt,
    businessStartedAt: formatTime(turn.businessStartedAtMs),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function sentenceOf(state: TurnState): string {
  const open = state.stages.findLast((record) => record.endedAtMs === null);
  if (open !== undefined) return `${state.trigger.reason}. Now at ${open.stage}: ${FUTURE[open.stage]}.`;
  const version = state.challenger === null ? 'nothing' : `${state.challenger.model} version ${String(state.challenger.version)}`;
  const verb: Readonly<Record<string, string>> = {
    promoted: `${version} was promoted`,
    held: `${version} was held`,
    'rolled-back': `${version} was rolled back`,
    rejected: `${version} was rejected`,
    aborted: 'the turn was aborted',
    failed: 'the turn failed',
  };
  return `${verb[state.outcome] ?? state.outcome}: ${state.reason}`;
}

function presentStage(state: TurnState, stage: TurnStage): StageBody {
  const record = state.stages.find((candidate) => candidate.stage === stage);
  if (record === undefined) {
    const isOver = state.outcome !== 'open';
    return { stage, state: isOver ? 'never' : 'waiting', verdict: '', text: isOver ? '' : FUTURE[stage], evidence: {} };
  }
  return {
    stage,
    state: record.endedAtMs === null ? 'open' : 'done',
    verdict: record.verdict,
    text: record.text === '' ? FUTURE[stage] : record.text,
    evidence: { ...record.evidence },
    businessStartedAt: formatTime(record.businessStartedAtMs),
    ...stageSpan(record),
  };
}

function stageSpan(record: StageRecord) {
  return span(record.startedAtMs, record.endedAtMs ?? undefined);
}

function presentTrigger(trigger: TurnTrigger): TurnBody['trigger'] {
  return { kind: trigger.kind, source: trigger.source, reason: trigger.reason, businessAt: formatTime(trigger.businessAtMs) };
}

function span(startedAtMs: number, endedAtMs: number | undefined) {
  const end = endedAtMs === undefined ? {} : { endedAt: formatTime(endedAtMs), durationMs: Math.max(0, endedAtMs - startedAtMs) };
  return { startedAt: formatTime(startedAtMs), ...end };
}
