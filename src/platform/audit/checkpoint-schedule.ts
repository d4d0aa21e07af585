import { isGyreError } from '#kernel';
import type { Log } from '#platform/log';
import type { AuditLog } from './audit.ts';

/** Signs the audit log from time to time. */
export interface CheckpointSchedule {
  /** Signs now, and then at every interval. */
  start(): void;
  /** Signs a last time and rests. */
  stop(): Promise<void>;
}

/**
 * Makes the schedule of a server's checkpoints: what is signed cannot be cut off unnoticed.
 *
 * @param options - The log to sign, where failures are told, and the interval in milliseconds (default one minute).
 * @returns The schedule; a checkpoint that fails is logged and tried again at the next interval.
 */
export function createCheckpointSchedule(options: {
  readonly audit: AuditLog;
  readonly log: Log;
  readonly everyMs?: number;
}): CheckpointSchedule {
  let timer: NodeJS.Timeout | undefined;
  const sign = async (): Promise<void> => {
    try {
      await options.audit.checkpoint();
    } catch (error) {
      const code = isGyreError(error) ? error.code : undefined;
      const text = error instanceof Error ? error.message : String(error);
      options.log.write('error', 'the audit log could not be signed', { code, error: text });
    }
  };
  return {
    start: () => {
      timer ??= setInterval(() => void sign(), options.everyMs ?? 60_000).unref();
      void sign();
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await sign();
    },
  };
}
