import type { Frame } from '#kernel';
import type { Log } from '#platform/log';
import {
  appendPredictions,
  frameOfBuffer,
  type LoggedCall,
  loggedRowBytes,
  makePredictionBuffer,
  type PredictionBuffer,
} from './kernels/prediction-buffer.ts';
import type { LiveDeployment } from './live-endpoint.ts';

/** A piece of the log: rows of one deployment. */
export interface PredictionSegment {
  readonly projectId: string;
  readonly endpoint: string;
  readonly frame: Frame;
}

/** Makes segments durable; resolves after they are. The control plane's side of the log. */
export type PredictionSink = (segments: readonly PredictionSegment[]) => Promise<void>;

/** How much a log may hold and how late it may be. */
export interface PredictionLogLimits {
  /** Longest wait before rows are handed to the sink, milliseconds. */
  readonly flushAfterMs: number;
  /** Largest piece, bytes of its columns: bounds the time that one encoding takes. */
  readonly segmentBytes: number;
  /** Full pieces that may wait for a slow sink; rows beyond are lost and counted. */
  readonly waitingSegments: number;
}

const DEFAULT_LIMITS: PredictionLogLimits = { flushAfterMs: 400, segmentBytes: 524_288, waitingSegments: 64 };
const FIRST_ROWS = 128;
/** Rows that failed to be written are offered again this often. */
const RETRY_AFTER_MS = 400;

interface LogPlace {
  readonly projectId: string;
  readonly endpoint: string;
}

interface WaitingBuffer extends LogPlace {
  readonly buffer: PredictionBuffer;
}

/**
 * Keeps predictions in memory until the sink has them: at most `flushAfterMs` plus the sink's own time.
 *
 * Laws: `append` does no IO and never throws; memory is bounded; what did not fit is counted, never silently gone; a sink
 * that fails is offered the same rows again.
 */
export class PredictionLog {
  readonly #sink: PredictionSink;
  readonly #log: Log;
  readonly #limits: PredictionLogLimits;
  readonly #open = new Map<LiveDeployment, WaitingBuffer>();
  readonly #full: WaitingBuffer[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> | undefined;
  #lost = 0;

  constructor(sink: PredictionSink, log: Log, limits: Partial<PredictionLogLimits> = {}) {
    this.#sink = sink;
    this.#log = log;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Rows that were not logged because the log was full. */
  get lostRows(): number {
    return this.#lost;
  }

  /** Logs the rows of a call. */
  append(place: LogPlace, deployment: LiveDeployment, call: LoggedCall): void {
    let done = 0;
    while (done < call.nRows) {
      const open = this.#open.get(deployment) ?? this.#openBuffer(place, deployment, FIRST_ROWS);
      const appended = open === undefined ? 0 : appendPredictions(open.buffer, call, done);
      if (open === undefined || appended === 0) {
        this.#lost += call.nRows - done;
        return;
      }
      done += appended;
      if (open.buffer.nRows === open.buffer.capacity) this.#close(open);
    }
    if (this.#timer === undefined) this.#timer = setTimeout(this.#onTimer, this.#limits.flushAfterMs);
  }

  /** Hands everything logged before the call to the sink, and resolves when it is durable; rejects when the sink fails. */
  async flush(): Promise<void> {
    if (this.#flushing !== undefined) await this.#flushing.catch(() => undefined);
    // Another caller may have begun meanwhile; what it took included our rows or left them for us.
    this.#flushing ??= this.#drain().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.flush().catch((error: unknown) => {
      this.#log.write('warn', 'predictions could not be written; trying again', {
        error: String(error),
        waiting: this.#full.length,
      });
      if (this.#timer === undefined) this.#timer = setTimeout(this.#onTimer, RETRY_AFTER_MS);
    });
  };

  #openBuffer(place: LogPlace, deployment: LiveDeployment, wantedRows: number): WaitingBuffer | undefined {
    if (this.#full.length >= this.#limits.waitingSegments) return undefined;
    const largest = Math.max(64, Math.floor(this.#limits.segmentBytes / loggedRowBytes(deployment)));
    const buffer = makePredictionBuffer(deployment, Math.min(wantedRows, largest));
    const open = { projectId: place.projectId, endpoint: place.endpoint, buffer };
    this.#open.set(deployment, open);
    return open;
  }

  #close(open: WaitingBuffer): void {
    this.#full.push(open);
    this.#open.delete(open.buffer.deployment);
    // A deployment that fills its buffer before the timer gets a bigger one.
    this.#openBuffer(open, open.buffer.deployment, open.buffer.capacity * 4);
  }

  async #drain(): Promise<void> {
    for (const open of this.#open.values()) if (open.buffer.nRows > 0) this.#full.push(open);
    this.#open.clear();
    while (this.#full.length > 0) {
      const batch = this.#full.slice(0, 4);
      await this.#sink(batch.map(({ projectId, endpoint, buffer }) => ({ projectId, endpoint, frame: frameOfBuffer(buffer) })));
      this.#full.splice(0, batch.length);
    }
  }
}
