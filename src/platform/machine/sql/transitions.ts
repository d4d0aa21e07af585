import { canonicalJson, GyreError, isGyreError, type JsonObject } from '#kernel';
import type { Clock, Ids } from '#platform/clock';
import type { EffectIntent, MachineContext, MachineEvent, MachineInstance, MachineStep, Transition } from '#platform/machine';
import type { SqlTx } from '#platform/sql';
import type { Definitions } from './definitions.ts';
import { findByKey, findInstance, type InstanceRow, stateOf, toInstance } from './instance-rows.ts';
import type { MachineTables } from './machine-tables.ts';

const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const DEFAULT_ATTEMPTS = 3;

/** What transitions need from their house. */
export interface TransitionHouse {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly definitions: Definitions;
  /** Business time of a project. */
  readonly businessNowMs: (tx: SqlTx, projectId: string) => Promise<number>;
  /** Called after the commit of a transition: there may be effects and cancellations, and, where it says so, timers. */
  readonly moved: (instanceId: string, change: { readonly hasTimers: boolean }) => void;
}

/** A request to start an instance. */
export interface StartRequest {
  readonly kind: string;
  readonly projectId: string;
  readonly key?: string;
  readonly input: JsonObject;
}

/**
 * Starts an instance, or gives the one that has the key.
 *
 * @param house - Clock, ids, definitions.
 * @param tx - The caller's transaction.
 * @param request - What to start.
 * @returns The instance.
 * @throws {@link GyreError} `machine/unknown-kind`.
 */
export async function startInstance(house: TransitionHouse, tx: SqlTx, request: StartRequest): Promise<MachineInstance> {
  const { definition } = house.definitions.definition(request.kind);
  const { kind, projectId, key } = request;
  const present = key === undefined ? undefined : await findByKey(tx, { kind, projectId, key });
  if (present !== undefined) return toInstance(present);
  const input = asStored(request.input);
  const context = await contextOf(house, tx, { id: house.ids.next(), projectId });
  const first = definition.start(input, context);
  const row: InstanceRow = {
    id: context.instanceId,
    kind,
    project_id: projectId,
    key: key ?? null,
    status: first.status,
    state: canonicalJson(first.state),
    definition_version: definition.version,
    version: 1,
    history_length: 1,
    started_at_ms: context.nowMs,
    ended_at_ms: first.status === 'ended' ? context.nowMs : null,
  };
  await tx.tables<MachineTables>().insertInto('machine_instance').values(row).execute();
  await follow({ house, tx, context, before: undefined, after: row, transition: first, cause: { type: 'started', input } });
  return toInstance(row);
}

/**
 * Hands an event to an instance: asks its definition and writes what follows.
 *
 * @param house - Clock, ids, definitions.
 * @param tx - The transaction of the transition.
 * @param told - The instance's id and the event.
 * @returns The instance after it.
 * @throws {@link GyreError} `machine/not-found`, `machine/step-twice`.
 */
export async function tellInstance(
  house: TransitionHouse,
  tx: SqlTx,
  told: { readonly instanceId: string; readonly event: MachineEvent },
): Promise<MachineInstance> {
  const event = asStored(told.event);
  const before = await findInstance(tx, told.instanceId);
  if (before === undefined) throw notFound(told.instanceId);
  const { definition } = house.definitions.definition(before.kind);
  const context = await contextOf(house, tx, { id: before.id, projectId: before.project_id });
  const transition = before.status === 'ended' ? undefined : definition.on(stateOf(before), event, context);
  const after = nextRow({ before, transition, definitionVersion: definition.version, nowMs: context.nowMs });
  await saveInstance(tx, before, after);
  if (transition === undefined) await writeHistory(tx, { context, row: after, event, ignored: true });
  else await follow({ house, tx, context, before, after, transition, cause: event });
  return toInstance(after);
}

/** A definition sees just what its history will hold, so that a replay comes to the same state. */
function asStored<T extends MachineEvent | JsonObject>(value: T): T {
  return JSON.parse(canonicalJson(value)) as T;
}

async function contextOf(
  house: TransitionHouse,
  tx: SqlTx,
  instance: { readonly id: string; readonly projectId: string },
): Promise<MachineContext> {
  const businessNowMs = await house.businessNowMs(tx, instance.projectId);
  return { instanceId: instance.id, projectId: instance.projectId, nowMs: house.clock.nowMs(), businessNowMs };
}

function nextRow(step: {
  readonly before: InstanceRow;
  readonly transition: Transition<JsonObject> | undefined;
  readonly definitionVersion: number;
  readonly nowMs: number;
}): InstanceRow {
  const { before, transition } = step;
  const history_length = before.history_length + 1;
  if (transition === undefined) return { ...before, history_length };
  return {
    ...before,
    history_length,
    state: canonicalJson(transition.state),
    status: transition.status,
    version: before.version + 1,
    definition_version: step.definitionVersion,
    ended_at_ms: transition.status === 'ended' ? step.nowMs : null,
  };
}

/** The length of the history stands for the whole instance: who read an older one, loses. */
async function saveInstance(tx: SqlTx, before: InstanceRow, after: InstanceRow): Promise<void> {
  const { id, ...changed } = after;
  const saved = await tx
    .tables<MachineTables>()
    .updateTable('machine_instance')
    .set(changed)
    .where('id', '=', id)
    .where('history_length', '=', before.history_length)
    .executeTakeFirstOrThrow();
  if (saved.numUpdatedRows === 1n) return;
  throw new GyreError({
    kind: 'unavailable',
    code: 'sql/busy',
    message: `machine instance ${id} was changed by another server at the same time`,
  });
}

async function writeHistory(
  tx: SqlTx,
  line: {
    readonly context: MachineContext;
    readonly row: InstanceRow;
    readonly event: MachineStep['event'];
    readonly ignored: boolean;
  },
): Promise<void> {
  const { context, row, event, ignored } = line;
  await tx
    .tables<MachineTables>()
    .insertInto('machine_history')
    .values({
      instance_id: row.id,
      sequence: row.history_length,
      at_ms: context.nowMs,
      business_at_ms: context.businessNowMs,
      event: canonicalJson(event),
      ignored: ignored ? 1 : 0,
    })
    .execute();
}

async function follow(step: {
  readonly house: TransitionHouse;
  readonly tx: SqlTx;
  readonly context: MachineContext;
  readonly before: InstanceRow | undefined;
  readonly after: InstanceRow;
  readonly transition: Transition<JsonObject>;
  readonly cause: MachineStep['event'];
}): Promise<void> {
  const { house, tx, context, after, transition, cause } = step;
  await writeHistory(tx, { context, row: after, event: cause, ignored: false });
  if (transition.status === 'ended') await endAll(tx, after.id);
  else {
    await cancelSteps(tx, after.id, transition.cancel ?? []);
    await queueEffects(tx, context, transition.effects ?? []);
    await setTimers(tx, context, transition);
  }
  const { listener } = house.definitions.definition(after.kind);
  const before = step.before === undefined ? undefined : toInstance(step.before);
  if (listener !== undefined) await listener(tx, { before, after: toInstance(after), cause });
  tx.afterCommit(() => house.moved(after.id, { hasTimers: (transition.timers ?? []).length > 0 }));
}

async function endAll(tx: SqlTx, instanceId: string): Promise<void> {
  const db = tx.tables<MachineTables>();
  await db
    .updateTable('machine_effect')
    .set({ state: 'cancelled', owner: null })
    .where('instance_id', '=', instanceId)
    .where('state', 'in', ['queued', 'running'])
    .execute();
  await db.deleteFrom('machine_timer').where('instance_id', '=', instanceId).execute();
}

async function cancelSteps(tx: SqlTx, instanceId: string, steps: readonly string[]): Promise<void> {
  if (steps.length === 0) return;
  await tx
    .tables<MachineTables>()
    .updateTable('machine_effect')
    .set({ state: 'cancelled', owner: null })
    .where('instance_id', '=', instanceId)
    .where('step', 'in', [...steps])
    .where('state', 'in', ['queued', 'running'])
    .execute();
}

const EFFECT_COLUMNS = [
  'instance_id',
  'step',
  'kind',
  'project_id',
  'state',
  'attempt',
  'max_attempts',
  'timeout_ms',
  'input',
  'fence',
  'owner',
  'lease_until_ms',
  'not_before_ms',
  'queued_at_ms',
] as const;

async function queueEffects(tx: SqlTx, context: MachineContext, effects: readonly EffectIntent[]): Promise<void> {
  if (effects.length === 0) return;
  const rows = effects.map((effect) => [
    context.instanceId,
    effect.step,
    effect.kind,
    context.projectId,
    'queued',
    1,
    effect.maxAttempts ?? DEFAULT_ATTEMPTS,
    effect.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    canonicalJson(effect.input),
    0,
    null,
    0,
    0,
    context.nowMs,
  ]);
  try {
    await tx.insertMany({ table: 'machine_effect', columns: EFFECT_COLUMNS, rows });
  } catch (error) {
    throw isGyreError(error, 'sql/unique-violated') ? stepTwice(context.instanceId, effects, error) : error;
  }
}

async function setTimers(tx: SqlTx, context: MachineContext, transition: Transition<JsonObject>): Promise<void> {
  for (const timer of transition.timers ?? []) {
    const moment = { project_id: context.projectId, clock: timer.clock, fire_at_ms: timer.fireAtMs };
    await tx
      .tables<MachineTables>()
      .insertInto('machine_timer')
      .values({ instance_id: context.instanceId, name: timer.name, ...moment })
      .onConflict((conflict) => conflict.columns(['instance_id', 'name']).doUpdateSet(moment))
      .execute();
  }
}

function notFound(instanceId: string): GyreError {
  return new GyreError({ kind: 'not-found', code: 'machine/not-found', message: `no machine instance has the id ${instanceId}` });
}

function stepTwice(instanceId: string, effects: readonly EffectIntent[], cause: unknown): GyreError {
  const steps = effects.map((effect) => effect.step).join(', ');
  return new GyreError({
    kind: 'internal',
    code: 'machine/step-twice',
    message: `instance ${instanceId} asked again for a step it had before (among ${steps}); give each step of an instance a name of its own`,
    cause,
  });
}
