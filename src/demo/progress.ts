/** Where the demo tells how it goes. */
export interface DemoOutput {
  /** A line for people: progress. */
  note(text: string): void;
  /** A line of the answer: the summary. */
  answer(text: string): void;
}

/** Prints each stage with its time. */
export interface Stopwatch {
  /** Runs a stage, and notes what it made and how long it took. */
  stage<T>(name: string, work: () => Promise<T>, tell: (result: T) => string): Promise<T>;
  readonly elapsedMs: number;
}

/**
 * Makes a stopwatch over the demo's stages.
 *
 * @param output - Where lines go.
 * @returns The stopwatch, running.
 */
export function startStopwatch(output: DemoOutput): Stopwatch {
  const startedAtMs = performance.now();
  return {
    get elapsedMs() {
      return performance.now() - startedAtMs;
    },
    stage: async (name, work, tell) => {
      const fromMs = performance.now();
      const result = await work();
      const seconds = ((performance.now() - fromMs) / 1000).toFixed(1);
      output.note(`${seconds.padStart(6)} s  ${name.padEnd(10)} ${tell(result)}`);
      return result;
    },
  };
}
