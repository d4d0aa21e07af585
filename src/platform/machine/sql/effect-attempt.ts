import { setTimeout as delay } from 'node:timers/promises';
import { canonicalJson, GyreError, isGyreError, type JsonObject } from '#kernel';
import type { Effect, EffectHandler } from '#platform/machine';
import { type EffectRow, guardHold, type Hold, leaseLost } from './effect-store.ts';

/** After an abort the handler has so long to come to its end, before its slot is given to the next. */
const ABORT_GRACE_MS = 10_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How one attempt ended. */
export type AttemptOutcome =
  | { readonly outcome: 'done'; readonly output: JsonObject }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string; readonly isRetryable: boolean }
  /** The process of its holder ended: that says nothing about the effect itself. */
  | { readonly outcome: 'died' }
  /** Cancelled or taken over: its result means nothing any more. */
  | { readonly outcome: 'dropped' }
  /** The server stops: someone else goes on with the same attempt. */
  | { readonly outcome: 'released' };

/**
 * Runs one attempt of an effect.
 *
 * @param attempt - The claimed effect, its handler, and the controller by which it is asked to stop.
 * @returns How it ended; never rejects.
 */
export async function runAttempt(attempt: {
  readonly row: EffectRow;
  readonly handler: EffectHandler;
  readonly controller: AbortController;
}): Promise<AttemptOutcome> {
  const { row, handler, controller } = attempt;
  const timer = setTimeout(() => controller.abort(timedOut(row)), Math.min(row.timeout_ms, LONGEST_TIMER_MS));
  const waited = new AbortController();
  try {
    const output = await Promise.race([handler(effectOf(row, controller.signal)), abortedFor(controller.signal, waited.signal)]);
    // An output without JSON form fails here, as an effect of its own.
    canonicalJson(output);
    return { outcome: 'done', output };
  } catch (error) {
    return readFailure(error, controller.signal);
  } finally {
    clearTimeout(timer);
    waited.abort();
  }
}

/**
 * Says which effect is held, under which fence.
 *
 * @param row - A claimed effect.
 * @returns The hold.
 */
export function holdOf(row: EffectRow): Hold {
  return { instanceId: row.instance_id, step: row.step, fence: row.fence };
}

function effectOf(row: EffectRow, signal: AbortSignal): Effect {
  return {
    instanceId: row.instance_id,
    projectId: row.project_id,
    step: row.step,
    attempt: row.attempt,
    key: `${row.instance_id}/${row.step}/${String(row.attempt)}`,
    // The runtime wrote the text from a JSON object.
    input: JSON.parse(row.input) as JsonObject,
    signal,
    guard: async (tx) => {
      if (signal.aborted && isGyreError(signal.reason, 'machine/lease-lost')) throw leaseLost(holdOf(row));
      await guardHold(tx, holdOf(row));
    },
  };
}

/** Rejects when an abort has not been heeded for too long; settles quietly when the handler came first. */
async function abortedFor(signal: AbortSignal, handlerEnded: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await delay(ABORT_GRACE_MS, undefined, { signal: handlerEnded, ref: false });
  throw signal.reason;
}

function readFailure(error: unknown, signal: AbortSignal): AttemptOutcome {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (isGyreError(cause, 'machine/stopping')) return { outcome: 'released' };
  if (isGyreError(cause, 'machine/effect-cancelled') || isGyreError(cause, 'machine/lease-lost')) return { outcome: 'dropped' };
  if (isGyreError(cause)) {
    const isRetryable = cause.kind === 'unavailable' || cause.kind === 'limited';
    return { outcome: 'failed', code: cause.code, message: cause.message, isRetryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { outcome: 'failed', code: 'machine/effect-crashed', message, isRetryable: false };
}

function timedOut(row: EffectRow): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'machine/effect-timeout',
    message: `step ${row.step} took longer than its limit of ${String(row.timeout_ms)} ms`,
  });
}
