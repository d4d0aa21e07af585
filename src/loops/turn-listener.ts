import type { TransitionListener } from '#platform/machine';
import type { Platform } from '#platform/slice';
import { openStage, type StageRecord, type TurnState } from './turn.ts';
import { saveTurnRow } from './turn-store-sql.ts';

/** Who acts when a loop does by itself. */
export const LOOP_PRINCIPAL = 'service:loop';

/** Keeps rows, events and audit entries of turns in step with their machine. */
export function turnListener(ports: Pick<Platform, 'events' | 'audit'>): TransitionListener {
  return async (tx, { before, after }) => {
    // Only turnMachine writes this state.
    const state = after.state as TurnState;
    const known = before === undefined ? 0 : closedStages(before.state as TurnState).length;
    await saveTurnRow(tx, {
      id: after.id,
      projectId: after.projectId,
      number: state.number,
      loop: state.loop,
      endpoint: state.endpoint,
      outcome: state.outcome,
      stage: (openStage(state) ?? state.stages.at(-1))?.stage ?? 'trigger',
      reason: state.reason,
      triggerKind: state.trigger.kind,
      version: after.version,
      startedAtMs: after.startedAtMs,
      businessStartedAtMs: state.trigger.businessAtMs,
      endedAtMs: after.endedAtMs,
    });
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

function closedStages(state: TurnState): readonly StageRecord[] {
  return state.stages.filter((record) => record.endedAtMs !== null);
}
