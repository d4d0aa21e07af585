import type { MachineInstance, TransitionListener } from '#platform/machine';
import type { Platform } from '#platform/slice';
import { openStage, type StageRecord, type TurnState } from './turn.ts';
import { saveTurnRow, type TurnSummary } from './turn-store-sql.ts';

/** Who acts when a loop does by itself. */
export const LOOP_PRINCIPAL = 'service:loop';

/** Keeps rows, events and audit entries of turns in step with their machine. */
export function turnListener(ports: Pick<Platform, 'events' | 'audit'>): TransitionListener {
  return async (tx, { before, after }) => {
    // Only turnMachine writes this state.
    const state = after.state as TurnState;
    const known = before === undefined ? 0 : closedStages(before.state as TurnState).length;
    await saveTurnRow(tx, summaryOf(after, state));
    for (const record of closedStages(state).slice(known)) {
      await ports.audit.append(tx, {
        actor: LOOP_PRINCIPAL,
        action: `loops.${record.stage}`,
        projectId: after.projectId,
        resource: `turn:${String(state.number)}`,
        outcome: 'done',
        reason: record.text,
        data: {
          turn: after.id,
          verdict: record.verdict,
          challenger: state.challenger?.digest ?? null,
          champion: state.champion?.digest ?? null,
        },
      });
    }
    await ports.events.append(tx, {
      topic: after.status === 'ended' ? 'loops.turn-ended' : 'loops.turn-changed',
      projectId: after.projectId,
      entity: 'turn',
      entityId: after.id,
      entityVersion: after.version,
      data: { number: state.number, loop: state.loop, outcome: state.outcome },
    });
  };
}

function summaryOf(instance: MachineInstance, state: TurnState): TurnSummary {
  const last = openStage(state) ?? state.stages.at(-1);
  return {
    id: instance.id,
    projectId: instance.projectId,
    number: state.number,
    loop: state.loop,
    endpoint: state.endpoint,
    outcome: state.outcome,
    stage: last?.stage ?? 'trigger',
    reason: state.reason,
    triggerKind: state.trigger.kind,
    version: instance.version,
    startedAtMs: instance.startedAtMs,
    businessStartedAtMs: state.trigger.businessAtMs,
    endedAtMs: instance.endedAtMs,
    businessEndedAtMs: state.outcome === 'open' ? undefined : (last?.businessEndedAtMs ?? undefined),
  };
}

function closedStages(state: TurnState): readonly StageRecord[] {
  return state.stages.filter((record) => record.endedAtMs !== null);
}
