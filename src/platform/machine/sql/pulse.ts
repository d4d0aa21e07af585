import type { Log } from '#platform/log';

const RETRY_MS = 1000;
/** Clocks can be set: nothing is slept through for longer than this. */
const LONGEST_SLEEP_MS = 60_000;

/** Work that is done when it is called for, never twice at once, and again after a while where it says so. */
export interface Pulse {
  start(): void;
  /** Calls for the work; before `start` and after `stop` nothing happens. */
  wake(): void;
  /** Waits for the work in hand, then rests for ever. */
  stop(): Promise<void>;
}

/**
 * Makes a pulse.
 *
 * @param options - `beat` does the work and returns after how many milliseconds it wants to be called again, or undefined.
 * @returns The pulse.
 */
export function createPulse(options: {
  readonly name: string;
  readonly beat: () => Promise<number | undefined>;
  readonly log: Log;
}): Pulse {
  const state = { isRunning: false, isCalled: false, isActive: false };
  let current = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const beatOnce = async (): Promise<number | undefined> => {
    try {
      return await options.beat();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      options.log.write('error', `the machine runtime could not look after its ${options.name}; it will try again`, {
        error: text,
      });
      return RETRY_MS;
    }
  };
  const run = async (): Promise<void> => {
    let againMs: number | undefined;
    while (state.isCalled && state.isActive) {
      state.isCalled = false;
      againMs = await beatOnce();
    }
    state.isRunning = false;
    if (againMs !== undefined && state.isActive)
      timer = setTimeout(wake, Math.min(Math.max(againMs, 1), LONGEST_SLEEP_MS)).unref();
  };
  const wake = (): void => {
    state.isCalled = true;
    if (state.isRunning || !state.isActive) return;
    clearTimeout(timer);
    state.isRunning = true;
    current = run();
  };
  return {
    start: () => {
      state.isActive = true;
      wake();
    },
    wake,
    stop: async () => {
      state.isActive = false;
      clearTimeout(timer);
      await current;
    },
  };
}
