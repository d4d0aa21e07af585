import type { Platform } from '#platform/slice';
import { appendLines, type LogLine } from './pipeline-store-sql.ts';

const FLUSH_AFTER_MS = 250;
const MAX_LINES = 100_000;

/** Takes the lines of one step attempt and keeps them, a few at a time. */
export interface StepLog {
  /** Adds a line; kept within a quarter of a second. */
  add(stream: LogLine['stream'], text: string): void;
  /** Keeps what is waiting; call at the end. */
  close(): Promise<void>;
}

/** Opens the log of one step attempt. Lines beyond 100,000 are counted and left out, and the log says so. */
export function openStepLog(
  platform: Pick<Platform, 'database' | 'clock' | 'events' | 'log'>,
  of: { readonly runId: string; readonly projectId: string; readonly step: string; readonly attempt: number },
): StepLog {
  let waiting: Omit<LogLine, 'number'>[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let taken = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting;
    waiting = [];
    if (lines.length === 0) return;
    writing = writing.then(() => keep(platform, of, lines));
  };
  return {
    add: (stream, text) => {
      taken += 1;
      if (taken > MAX_LINES) return;
      waiting.push({ step: of.step, attempt: of.attempt, stream, atMs: platform.clock.nowMs(), text });
      timer ??= setTimeout(flush, FLUSH_AFTER_MS);
    },
    close: async () => {
      if (taken > MAX_LINES) {
        const text = `${String(taken - MAX_LINES)} more lines were left out`;
        waiting.push({ step: of.step, attempt: of.attempt, stream: 'gyre', atMs: platform.clock.nowMs(), text });
      }
      flush();
      await writing;
    },
  };
}

async function keep(
  platform: Pick<Platform, 'database' | 'events' | 'log'>,
  of: { readonly runId: string; readonly projectId: string; readonly step: string },
  lines: readonly Omit<LogLine, 'number'>[],
): Promise<void> {
  try {
    await platform.database.transaction(async (tx) => {
      await appendLines(tx, of.runId, lines);
      await platform.events.append(tx, {
        topic: 'pipelines.log-appended',
        projectId: of.projectId,
        entity: 'pipeline-log',
        entityId: of.runId,
        entityVersion: 0,
        data: { step: of.step },
      });
    });
  } catch (error) {
    // A log that cannot be kept must not fail the step; the operator learns of it.
    platform.log.write('error', 'step log lines were lost', {
      runId: of.runId,
      step: of.step,
      lines: lines.length,
      error: String(error),
    });
  }
}
