/** A known outcome of one entity. */
export interface Label {
  readonly entityId: string;
  /** 0 or 1, or the number that came true. */
  readonly value: number;
  /** When it happened, milliseconds since 1970 UTC. */
  readonly eventMs: number;
  /** When it became known, milliseconds since 1970 UTC; later labels of one entity replace earlier ones. */
  readonly knownMs: number;
}
