import { formatTime } from '#kernel';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Loop } from './loop.ts';
import type { TurnInput, TurnTrigger } from './turn.ts';
import { TURN_KIND } from './turn-machine.ts';
import { lastTurnNumber, listTurnRows, saveTriggerRow, type TriggerDisposition, type TurnSummary } from './turn-store-sql.ts';

/** What became of a trigger, and of which turn. */
export interface TriggerOutcome {
  readonly disposition: TriggerDisposition;
  /** The turn that was started, that absorbed the trigger, or whose cool-down keeps it off. */
  readonly turnId: string;
  readonly number: number;
}

/** What {@link considerTrigger} is asked. */
export interface TriggerRequest {
  readonly projectId: string;
  readonly loop: Loop;
  readonly trigger: TurnTrigger;
  /** Who asked: a principal id. */
  readonly actor: string;
}

type TriggerPorts = Pick<Platform, 'machines' | 'ids' | 'clock' | 'audit'>;

/**
 * Decides what a trigger does: it starts a turn, is absorbed by the open one, or is kept off by the cool-down of the
 * last one (a person's is not). Whatever it is, a row says so.
 */
export async function considerTrigger(ports: TriggerPorts, tx: SqlTx, request: TriggerRequest): Promise<TriggerOutcome> {
  const { projectId, loop, trigger } = request;
  const last = (await listTurnRows(tx, { projectId, loop: loop.name, limit: 1 }))[0];
  const outcome = await decide(ports, tx, { request, last });
  await saveTriggerRow(tx, {
    id: ports.ids.next(),
    projectId,
    loop: loop.name,
    trigger,
    disposition: outcome.disposition,
    turnId: outcome.turnId,
    atMs: ports.clock.nowMs(),
  });
  await ports.audit.append(tx, {
    actor: request.actor,
    action: 'loops.trigger',
    projectId,
    resource: `turn:${String(outcome.number)}`,
    outcome: outcome.disposition === 'cooling-down' ? 'refused' : 'done',
    reason: trigger.reason,
    data: {
      loop: loop.name,
      kind: trigger.kind,
      source: trigger.source,
      disposition: outcome.disposition,
      businessAt: formatTime(trigger.businessAtMs),
    },
  });
  return outcome;
}

async function decide(
  ports: TriggerPorts,
  tx: SqlTx,
  question: { readonly request: TriggerRequest; readonly last: TurnSummary | undefined },
): Promise<TriggerOutcome> {
  const { request, last } = question;
  if (last?.outcome === 'open') {
    await ports.machines.signal(tx, last.id, { name: 'trigger', data: request.trigger });
    return { disposition: 'absorbed', turnId: last.id, number: last.number };
  }
  if (last !== undefined && isCoolingDown(request, last)) {
    return { disposition: 'cooling-down', turnId: last.id, number: last.number };
  }
  const number = (await lastTurnNumber(tx, request.projectId)) + 1;
  const { loop } = request;
  const input: TurnInput = {
    loop: loop.name,
    number,
    pipeline: loop.pipeline,
    endpoint: loop.endpoint,
    gate: loop.gate,
    approval: loop.approval,
    trigger: request.trigger,
  };
  const instance = await ports.machines.start(tx, {
    kind: TURN_KIND,
    projectId: request.projectId,
    key: `turn-${String(number)}`,
    input,
  });
  return { disposition: 'started', turnId: instance.id, number };
}

function isCoolingDown(request: TriggerRequest, last: TurnSummary): boolean {
  if (request.trigger.kind === 'manual') return false;
  return request.trigger.businessAtMs < last.businessStartedAtMs + request.loop.cooldownMs;
}
