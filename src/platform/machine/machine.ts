import type { JsonObject } from '#kernel';
import type { SqlTx } from '#platform/sql';

/** Something to be done outside the transaction, once, by whoever holds its lease. Its idempotency key is (instance, step, attempt). */
export interface EffectIntent {
  /** Unique within the instance, such as `train` or `rollout-step-2`. */
  readonly step: string;
  /** Which handler does it, such as `training.train`. */
  readonly kind: string;
  readonly input: JsonObject;
  /** Wall-clock limit of one attempt; default 30 minutes. */
  readonly timeoutMs?: number;
  /** How often it is tried in all when it fails with a retryable error; default 3. Holders that die do not count here: ten of them do. */
  readonly maxAttempts?: number;
}

/** A moment at which the instance wants to be called. Setting the same name again moves it. */
export interface TimerIntent {
  readonly name: string;
  /** Milliseconds since 1970 UTC on the named clock. */
  readonly fireAtMs: number;
  /** `business` follows the project's clock (a replay project's stands still until it is advanced). */
  readonly clock: 'wall' | 'business';
}

/** What an instance is told. */
export type MachineEvent =
  | { readonly type: 'effect-done'; readonly step: string; readonly attempt: number; readonly output: JsonObject }
  | {
      readonly type: 'effect-failed';
      readonly step: string;
      readonly attempt: number;
      readonly error: { readonly code: string; readonly message: string };
    }
  | { readonly type: 'timer'; readonly name: string; readonly dueAtMs: number }
  | { readonly type: 'signal'; readonly name: string; readonly data: JsonObject };

/** Where and when a transition happens. */
export interface MachineContext {
  readonly instanceId: string;
  readonly projectId: string;
  /** Wall time of the transition. */
  readonly nowMs: number;
  /** Business time of the project. */
  readonly businessNowMs: number;
}

/** The outcome of one event: the next state and what follows from it. */
export interface Transition<State> {
  readonly state: State;
  /** `ended` stops the instance: open effects are cancelled, timers dropped, later events ignored. */
  readonly status: 'open' | 'ended';
  readonly effects?: readonly EffectIntent[];
  readonly timers?: readonly TimerIntent[];
  /** Steps whose running effects are asked to stop. */
  readonly cancel?: readonly string[];
}

/**
 * A pure description of one kind of instance.
 *
 * Laws: `start` and `on` are pure (same arguments, same answer; no clock, no random, no IO); state is JSON; a change that old
 * instances cannot follow gets a new `version`, and `on` still understands states of older ones.
 */
export interface MachineDefinition<State extends JsonObject, Input extends JsonObject> {
  readonly kind: string;
  readonly version: number;
  /** Gives the first state and effects. */
  start(input: Input, context: MachineContext): Transition<State>;
  /** Answers an event, or returns undefined when the event means nothing in this state (it is kept in the history as ignored). */
  on(state: State, event: MachineEvent, context: MachineContext): Transition<State> | undefined;
}

/** One running or ended instance. */
export interface MachineInstance {
  readonly id: string;
  readonly kind: string;
  readonly projectId: string;
  /** Unique per (kind, project) where given: starting twice with one key gives the same instance. */
  readonly key: string | undefined;
  readonly status: 'open' | 'ended';
  readonly state: JsonObject;
  /** Counts transitions, from 1. */
  readonly version: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
}

/** One line of an instance's history. */
export interface MachineStep {
  readonly sequence: number;
  readonly atMs: number;
  readonly businessAtMs: number;
  readonly event: MachineEvent | { readonly type: 'started'; readonly input: JsonObject };
  readonly ignored: boolean;
}

/** One attempt at an effect, as its handler sees it. */
export interface Effect {
  readonly instanceId: string;
  readonly projectId: string;
  readonly step: string;
  readonly attempt: number;
  /** `<instance>/<step>/<attempt>`: hand it on as idempotency key. */
  readonly key: string;
  readonly input: JsonObject;
  /** Aborts on cancel, time-out, lost lease and shutdown. */
  readonly signal: AbortSignal;
  /** Throws `machine/lease-lost` when another holder has taken over; call it first in every transaction the handler opens. */
  guard(tx: SqlTx): Promise<void>;
}

/**
 * Does one effect and returns its output. It must be safe to run again after a crash at any line: look up what `key` or
 * (instance, step) already made before making it again. Throw a GyreError: kinds `unavailable` and `limited` are retried, all others fail the step.
 */
export type EffectHandler = (effect: Effect) => Promise<JsonObject>;

/** Called inside the transaction of each transition: keeps a slice's own rows, events and audit entries in step. Await nothing but `tx`. */
export type TransitionListener = (
  tx: SqlTx,
  change: { readonly before: MachineInstance | undefined; readonly after: MachineInstance; readonly cause: MachineStep['event'] },
) => Promise<void>;

/**
 * Keeps and drives instances.
 *
 * Laws (`machine.contract.ts`): a transition, its history line, effect intents, timers and listener writes are one
 * transaction; each effect's outcome enters the history at most once, whoever crashed; a holder whose lease ran out
 * cannot complete (fencing); timers fire once; events of one instance are handled one at a time, in order.
 */
export interface MachineRuntime {
  /** Adds a definition and who listens to its transitions; call before `startRunning`. */
  define<State extends JsonObject, Input extends JsonObject>(
    definition: MachineDefinition<State, Input>,
    listener?: TransitionListener,
  ): void;
  /** Adds the handler of an effect kind; call before `startRunning`. */
  handleEffect(kind: string, handler: EffectHandler): void;
  /** Starts an instance in the caller's transaction; with a `key` that exists already, gives that instance and changes nothing. */
  start(
    tx: SqlTx,
    request: { readonly kind: string; readonly projectId: string; readonly key?: string; readonly input: JsonObject },
  ): Promise<MachineInstance>;
  /** Hands a signal to an instance in the caller's transaction; with a `key` a repeated signal is dropped. Returns the instance after it; throws `machine/not-found`. */
  signal(
    tx: SqlTx,
    instanceId: string,
    signal: { readonly name: string; readonly data: JsonObject; readonly key?: string },
  ): Promise<MachineInstance>;
  /** Reads one instance, or undefined. */
  get(tx: SqlTx, instanceId: string): Promise<MachineInstance | undefined>;
  /** Lists instances, newest first. */
  list(
    tx: SqlTx,
    query: { readonly kind: string; readonly projectId?: string; readonly status?: 'open' | 'ended'; readonly limit: number },
  ): Promise<readonly MachineInstance[]>;
  /** Reads the history of one instance, oldest first. */
  history(tx: SqlTx, instanceId: string): Promise<readonly MachineStep[]>;
  /** Counts effects that wait or run and timers that are due, of one project: 0 means that nothing will move without news from outside. */
  pending(tx: SqlTx, projectId: string): Promise<number>;
  /** Starts executing effects and timers; takes over what a dead process left. */
  startRunning(): Promise<void>;
  /** Looks for due timers now: after a business clock was moved. */
  wake(): void;
  /** Stops: asks running effects to abort, waits up to `graceMs`, gives leases back. */
  stop(graceMs: number): Promise<void>;
}
