import type { Digest } from '#kernel';

/** A named line of versions of one model. */
export interface RegisteredModel {
  readonly id: string;
  readonly projectId: string;
  /** Unique in its project. */
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  /** Number of its newest version; 0 when there is none. */
  readonly lastNumber: number;
}

/** One file of a version: a path people know and the digest that is its identity. */
export interface VersionFile {
  /** Such as `model.json` or `model.onnx`. */
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** A dataset version that a model version was made from. */
export interface VersionDataset {
  readonly name: string;
  readonly digest: Digest;
}

/** One immutable version of a registered model, bound to the digests it was made from. */
export interface ModelVersion {
  readonly id: string;
  readonly projectId: string;
  readonly modelId: string;
  /** Name of the registered model. */
  readonly model: string;
  /** Counts up per model, from 1, without gaps: for people. */
  readonly number: number;
  /** Digest of the model itself: its identity. */
  readonly digest: Digest;
  readonly runId: string;
  readonly evaluationId: string | undefined;
  readonly frameDigest: Digest | undefined;
  readonly datasets: readonly VersionDataset[];
  readonly files: readonly VersionFile[];
  /** Names of the aliases that point to it now. */
  readonly aliases: readonly string[];
  readonly createdAtMs: number;
}

/** What registering a version takes. */
export interface VersionRegistration {
  readonly projectId: string;
  /** Name of the registered model; it is made when the project has none of that name. */
  readonly model: string;
  readonly digest: Digest;
  readonly runId: string;
  readonly evaluationId?: string;
  readonly frameDigest?: Digest;
  readonly datasets?: readonly VersionDataset[];
  /** Files whose bytes are stored already. */
  readonly files: readonly VersionFile[];
  readonly actor: string;
}

/** A pointer by name to one version of a model. */
export interface Alias {
  readonly model: string;
  readonly alias: string;
  /** Number of the version it points to; undefined when it points nowhere. */
  readonly number: number | undefined;
  /** Counts its moves, from 1; 0 for an alias that was never set. */
  readonly version: number;
  /** Business time of the last move, milliseconds since 1970 UTC. */
  readonly sinceMs: number | undefined;
}

/** One move of an alias. */
export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  /** Counts the moves of this alias, from 1. */
  readonly version: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly fromDigest: Digest | undefined;
  readonly toDigest: Digest | undefined;
  /** Principal id. */
  readonly actor: string;
  readonly why: string;
  /** Wall time. */
  readonly movedAtMs: number;
  /** Business time. */
  readonly businessAtMs: number;
}

/** What moving an alias takes. */
export interface AliasRequest {
  readonly projectId: string;
  readonly model: string;
  /** `champion`, `challenger` or another name. */
  readonly alias: string;
  /** Number of the version; undefined takes the alias away. */
  readonly to: number | undefined;
  readonly actor: string;
  readonly why: string;
  /** When given, the move happens only if the alias has this version. */
  readonly expectedVersion?: number;
  readonly requestId?: string;
}
