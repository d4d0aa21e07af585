import type { Digest } from '#kernel';

/** One value a model reads per row, in the order of the model's own columns. */
export interface ModelInput {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** Known texts of a category, by code; empty for numbers. */
  readonly levels: readonly string[];
}

/** One value column of a model call: numbers (NaN is missing) or codes into the input's levels (-1 is missing or unseen). */
export type ModelColumn = Float32Array | Int32Array;

/** A model in memory, ready to answer. */
export interface LoadedModel {
  /** SHA-256 of the bytes that were really loaded: what an endpoint proves that it serves. */
  readonly digest: Digest;
  readonly inputs: readonly ModelInput[];
  /** Names of the outputs, one double each a row; the first is the score that is logged, such as `probability`. */
  readonly outputNames: readonly [string, ...string[]];
  /**
   * Scores rows; synchronous, never throws for values of the right types.
   *
   * Takes one column per input, each at least `nRows` long, and writes `out[row * outputNames.length + output]`.
   */
  predict(columns: readonly ModelColumn[], nRows: number, out: Float64Array): void;
}

/**
 * Loads models for serving.
 *
 * Laws: `load` reads and checks the bytes of the digest, and rejects with a GyreError when they are missing, damaged or no
 * model; the same digest may be loaded twice; a loaded model holds no lock and needs no closing.
 */
export interface ModelRuntime {
  /** Loads a model file by its digest. */
  load(modelDigest: Digest): Promise<LoadedModel>;
}
