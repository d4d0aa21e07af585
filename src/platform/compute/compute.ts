/** One command to run. */
export interface ComputeJob {
  /** Program and arguments; never a shell string. */
  readonly argv: readonly [string, ...string[]];
  /** Working folder; default a fresh scratch folder that is removed afterwards. */
  readonly workingFolder?: string;
  /** The whole environment of the child; nothing is inherited but PATH, HOME, LANG and TMPDIR. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Limit of resident memory of the process and its children; absent means none. */
  readonly memoryLimitBytes?: number;
  readonly signal: AbortSignal;
  /** Called with each whole line, without its end; lines over 64 KiB are cut and say so. */
  onLine?(line: { readonly stream: 'stdout' | 'stderr'; readonly text: string }): void;
}

/** How a command ended. */
export interface ComputeOutcome {
  readonly outcome: 'exited' | 'timed-out' | 'out-of-memory' | 'cancelled' | 'not-started';
  /** Exit code when it exited by itself; undefined beside `exited` when a signal from elsewhere killed it. */
  readonly exitCode: number | undefined;
  readonly durationMs: number;
  /** Largest resident memory seen over the process and its children, bytes. */
  readonly peakMemoryBytes: number;
  /** Why it could not be started, for `not-started`. */
  readonly detail?: string;
}

/**
 * Runs commands.
 *
 * Laws: at most `slots` at once, others wait in order; a cancelled or timed-out command gets SIGTERM, then SIGKILL after 5 s, and so do all its
 * children; the promise never rejects; when this process dies the children are ended too.
 */
export interface ComputePool {
  /** Runs one command to its end. */
  run(job: ComputeJob): Promise<ComputeOutcome>;
  /** Ends everything. */
  stop(): Promise<void>;
}
