/**
 * Preloaded into a server under test (`node --import`): measures how late its event loop is, and answers over the channel to the
 * process that started it. `{"verb":"reset"}` begins anew, `{"verb":"read"}` answers with a {@link LoopFigure}.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late an event loop was, milliseconds beyond the resolution of the probe. */
export interface LoopFigure {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

const RESOLUTION_MS = 1;
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

function lateMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}

if (process.send !== undefined) {
  histogram.enable();
  process.on('message', (message: { readonly verb?: string }) => {
    if (message.verb === 'reset') histogram.reset();
    if (message.verb !== 'read') return;
    const figure: LoopFigure = {
      p50Ms: lateMs(histogram.percentile(50)),
      p99Ms: lateMs(histogram.percentile(99)),
      p999Ms: lateMs(histogram.percentile(99.9)),
      maxMs: lateMs(histogram.max),
    };
    process.send?.(figure);
  });
  // Measuring keeps no server alive.
  process.channel?.unref();
}
