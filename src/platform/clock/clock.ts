/**
 * Wall time: for leases, timeouts, latency and audit. The business clock of a project is another thing and lives in `projects`.
 *
 * Laws: never throws; may jump backwards when the operator sets the clock, so durations are never taken from it.
 */
export interface Clock {
  /** Returns milliseconds since 1970 UTC. */
  nowMs(): number;
  /** Returns milliseconds of a clock that never goes back; only differences mean something. */
  monotonicMs(): number;
}

/** Makes ids. Law: two calls never give the same id, and a later call's id sorts after an earlier one's within a process. */
export interface Ids {
  /** Returns a fresh time-ordered id of 32 hex digits. */
  next(): string;
}
